"""Data in, PDF out: papers are set by Typst as PDF/A-2b, without network or system fonts.

Templates stand in `templates_typst/`. Data reaches them as one JSON value, never as source,
so nothing a patient or a device writes can become a command of the typesetter.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from threading import local
from typing import Literal, TypeAlias

import segno
import typst

from papers.fonts import font_folders, spell_out

JSON: TypeAlias = "bool | int | float | str | Sequence[JSON] | Mapping[str, JSON] | None"

TEMPLATES = Path(__file__).parent / "templates_typst"
TEMPLATE_NAME = re.compile(r"[a-z][a-z_]{0,39}")
STANDARD: Literal["a-2b"] = (
    "a-2b"  # PDF/A for keeping: fonts embedded, and a glyph nobody has is refused
)

_of_thread = local()  # a Typst compiler may be used by one thread at a time


def render_pdf(
    *, template: str, data: Mapping[str, JSON], written_at: datetime | None = None
) -> bytes:
    """The template filled with the data, as PDF/A-2b.

    `written_at` becomes the document's own date; the same arguments make the same bytes.
    Raises ValueError for a name that is no template. A template that asks for what the data
    lacks raises typst.TypstError: the caller and the template disagree, which is a bug.
    """
    pdf = _compiler(template).compile(
        format="pdf",
        pdf_standards=[STANDARD],
        sys_inputs={"data": json.dumps(_shown(data), ensure_ascii=False, allow_nan=False)},
        timestamp=None if written_at is None else int(written_at.timestamp()),
    )
    if not isinstance(pdf, bytes):
        raise TypeError("Typst answered with something else than one PDF")
    return pdf


def qr_svg(text: str) -> str:
    """A QR code of the text as SVG, readable with 15 % of it spoiled."""
    return segno.make(text, error="m", micro=False).svg_inline(border=2)


def _compiler(template: str) -> typst.Compiler:
    if not TEMPLATE_NAME.fullmatch(template):
        raise ValueError(f"{template!r} is no name of a template")
    source = TEMPLATES / f"{template}.typ"
    if not source.is_file():
        raise ValueError(f"there is no template {template!r}")
    folders = tuple(font_folders())
    made: dict[tuple[str, tuple[Path, ...]], typst.Compiler] | None
    made = getattr(_of_thread, "compilers", None)
    if made is None:
        made = _of_thread.compilers = {}
    if (template, folders) not in made:
        made[template, folders] = typst.Compiler(
            str(source),
            root=str(TEMPLATES),
            font_paths=[str(folder) for folder in folders],
            ignore_system_fonts=True,
        )
    return made[template, folders]


def _shown(value: JSON) -> JSON:
    if isinstance(value, str):
        return spell_out(value)
    if isinstance(value, Mapping):
        return {key: _shown(inner) for key, inner in value.items()}
    if isinstance(value, Sequence):
        return [_shown(inner) for inner in value]
    return value
