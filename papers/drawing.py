"""Drawing a paper: everything that takes time, before any transaction is open."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings

from common import clock
from hospitals.models import Hospital
from papers.codes import draw_code, show_code
from papers.models import Paper
from papers.signing import count_pages, sign_pdf
from papers.typeset import JSON, qr_svg, render_pdf

VERIFY_PATH = "/verify/"


@dataclass(frozen=True)
class DrawnPaper:
    """A sealed PDF that nobody has issued yet."""

    hospital: Hospital
    kind: str
    subject_id: UUID
    title: str
    version: int
    code: str
    pages: int
    drawn_at: datetime
    pdf: bytes

    @property
    def sha256(self) -> str:
        """What the file is recognised by."""
        return hashlib.sha256(self.pdf).hexdigest()


def draw_paper(
    *, hospital: Hospital, kind: str, subject_id: UUID, template: str, data: Mapping[str, JSON]
) -> DrawnPaper:
    """The next version of the paper, typeset and sealed, not yet stored.

    `data` has the template's own keys and a `title`; head, date, version and verification are
    added here. `data["hospital"]` and `data["issued"]` may add to them (`campus`; `purpose`,
    `note`). Call it outside a command: it takes 40-100 ms and reads one row.
    """
    now = clock.now()
    newest = Paper.objects.of_hospital(hospital.pk).about(kind=kind, subject_id=subject_id).first()
    version = 1 if newest is None else newest.version + 1
    code = draw_code()
    shown_at = clock.local(now).strftime("%Y-%m-%d %H:%M")
    whole: dict[str, JSON] = {
        **data,
        "hospital": {**_mapping(data, "hospital"), "name": hospital.name},
        "issued": {**_mapping(data, "issued"), "at": shown_at, "version": str(version)},
        "verification": _verification(code),
    }
    pdf = render_pdf(template=template, data=whole, written_at=now)
    sealed = sign_pdf(pdf, hospital_name=hospital.name)
    return DrawnPaper(
        hospital=hospital,
        kind=kind,
        subject_id=subject_id,
        title=str(data["title"]),
        version=version,
        code=code,
        pages=count_pages(sealed),
        drawn_at=now,
        pdf=sealed,
    )


def _verification(code: str) -> dict[str, JSON]:
    address = settings.PUBLIC_URL.rstrip("/") + VERIFY_PATH
    shown = show_code(code)
    return {"code": shown, "address": address, "qr": qr_svg(f"{address}{shown}/")}


def _mapping(data: Mapping[str, JSON], key: str) -> Mapping[str, JSON]:
    inner = data.get(key, {})
    if not isinstance(inner, Mapping):
        raise TypeError(f"{key} is not a mapping")
    return inner
