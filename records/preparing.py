"""Everything about issuing a record that takes time, before any command is open."""

import json
from collections.abc import Callable
from typing import TypeVar

from common.crypto import blind_index
from papers.drawing import draw_paper
from papers.errors import PaperOvertaken
from papers.typeset import JSON
from records.composing import compose_record
from records.errors import RecordOvertaken
from records.models import IssuedRecord
from records.prepared import PreparedRecord
from visits.models import Visit

KIND = "visit_record"  # of the paper; its subject is the visit
TEMPLATE = "visit_record"
TRIES = 3  # two phones may ask at the same moment, hardly four

R = TypeVar("R")


def with_prepared(visit: Visit, act: Callable[[PreparedRecord], R]) -> R:
    """Let `act` issue the visit's record; told again where another copy overtook it.

    Raises RecordOvertaken or PaperOvertaken where that happens again and again.
    """
    for _ in range(TRIES - 1):
        try:
            return act(prepare_record(visit))
        except (PaperOvertaken, RecordOvertaken):
            continue
    return act(prepare_record(visit))


def prepare_record(visit: Visit) -> PreparedRecord:
    """The record, and its paper if a new one is needed. Call it outside a command."""
    record = compose_record(visit)
    content_index = index_of(visit, record=record)
    current = IssuedRecord.objects.current_of(visit)
    if current is not None and current.content_index == content_index:
        return PreparedRecord(visit, content_index, drawn=None)
    drawn = draw_paper(
        hospital=visit.hospital,
        kind=KIND,
        subject_id=visit.pk,
        template=TEMPLATE,
        data=record,
    )
    return PreparedRecord(visit, content_index, drawn=drawn)


def index_of(visit: Visit, *, record: dict[str, JSON]) -> str:
    """The same for the same story of the same visit; tells nothing about it."""
    plain = json.dumps(record, sort_keys=True, ensure_ascii=False)
    return blind_index("records.content", f"{visit.pk}:{plain}")
