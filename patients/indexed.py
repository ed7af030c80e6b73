"""The plain values behind blind indexes, so that an index can follow a new key."""

from collections.abc import Iterable, Mapping, Sequence

from patients.document_kinds import document_key
from patients.models import Document, Patient

Plains = Mapping[str, Iterable[str]]


def documents(indexes: Sequence[str]) -> Plains:
    """The documents behind entries of the directory, as the claims of any hospital have them."""
    found: dict[str, list[str]] = {}
    for one in Document.objects.filter(document_index__in=indexes):
        found.setdefault(one.document_index, []).append(
            document_key(one.type, one.number, nationality=one.nationality)
        )
    return found


def phones(indexes: Sequence[str]) -> Plains:
    """The phone numbers of patients."""
    return {one.phone_index: [one.phone] for one in Patient.objects.filter(phone_index__in=indexes)}


def identifiers(_indexes: Sequence[str]) -> Plains:
    """None: such a number is not stored; `add_identifier` replaces its index when it is said."""
    return {}
