"""Rows and data for the tests of papers."""

from functools import reduce
from io import BytesIO
from pathlib import Path
from typing import Any, cast
from uuid import UUID, uuid4

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from pypdf import PdfReader

from hospitals.actions.open import open_hospital
from hospitals.models import Hospital
from papers.actions import issue_paper
from papers.drawing import DrawnPaper, draw_paper
from papers.models import Paper
from papers.typeset import JSON, qr_svg

CODE = "7KQ4-M2XD-9T0V-HB3C-W8ZP"


def hospital(*, code: str = "linjiang", name: str = "临江市第一人民医院") -> Hospital:
    """A hospital with its data keys."""
    return open_hospital(code=code, name=name, grade="三级甲等")


def visit(**changes: JSON) -> dict[str, JSON]:
    """One visit with an examination, its results and a prescription."""
    results: list[JSON] = [
        {"name": "白细胞计数", "value": "9.8", "unit": "10⁹/L", "range": "3.5–9.5", "flag": "↑"},
        {"name": "血红蛋白", "value": "131", "unit": "g/L", "range": "115–150"},
    ]
    items: list[JSON] = [
        {"name": "苯磺酸氨氯地平片", "specification": "5 mg×7 片", "dose": "5 mg", "usage": "口服",
         "frequency": "每日一次", "days": "7 天", "quantity": "1 盒"},
    ]  # fmt: skip
    return {
        "department": "心血管内科门诊",
        "doctor": "苏衍之 主任医师",
        "at": "2026-03-02 09:12",
        "complaint": "胸闷、心悸 3 天。",
        "diagnoses": ["心悸待查", "高血压 1 级"],
        "orders": [{"name": "血常规", "state": "已完成", "results": results}],
        "prescriptions": [{"number": "CF001", "items": items}],
        "advice": "低盐饮食，一周后复诊。",
        **changes,
    }


def record(*, name: str = "𬱖㛃", visits: int = 1, **changes: JSON) -> dict[str, JSON]:
    """What the template visit_record asks of its caller."""
    return {
        "title": "门诊病历",
        "patient": {"name": name, "gender": "女", "age": "34 岁", "number": "P000123"},
        "visits": [visit() for _ in range(visits)],
        **changes,
    }


def whole_record(**changes: JSON) -> dict[str, JSON]:
    """The same with what drawing adds, for who typesets without it."""
    verification = {"code": CODE, "address": "https://hospital.example/verify/", "qr": qr_svg(CODE)}
    return {
        **record(),
        "hospital": {"name": "临江市第一人民医院"},
        "issued": {"at": "2026-03-02 15:20"},
        "verification": verification,
        **changes,
    }


def drawn(
    *, of: Hospital | None = None, subject_id: UUID | None = None, visits: int = 1
) -> DrawnPaper:
    """A sealed visit record nobody issued yet."""
    return draw_paper(
        hospital=of or hospital(),
        kind="visit_record",
        subject_id=subject_id or uuid4(),
        template="visit_record",
        data=record(visits=visits),
    )


def issued(*, of: Hospital | None = None, subject_id: UUID | None = None, visits: int = 1) -> Paper:
    """An issued visit record."""
    return issue_paper(drawn=drawn(of=of, subject_id=subject_id, visits=visits))


def text_of(pdf: bytes) -> list[str]:
    """What each page says, as somebody who copies it would get it, without spaces."""
    reader = PdfReader(BytesIO(pdf))
    return ["".join(page.extract_text().split()) for page in reader.pages]


def inside(pdf: bytes, *path: str | int) -> Any:
    """An object of the last page, by its path."""
    return reduce(
        lambda found, key: found[key], path, cast("Any", PdfReader(BytesIO(pdf)).pages[-1])
    )


def font_with(character: str, file: Path) -> None:
    """A font that has one character, a triangle, and no other."""
    pen = TTGlyphPen(None)
    pen.moveTo((100, 0))
    pen.lineTo((500, 800))
    pen.lineTo((900, 0))
    pen.closePath()
    shape = pen.glyph()
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "shape"])
    builder.setupCharacterMap({ord(character): "shape"})
    builder.setupGlyf({".notdef": shape, "shape": shape})
    builder.setupHorizontalMetrics({".notdef": (1000, 0), "shape": (1000, 100)})
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    names = {"familyName": "More Names", "fullName": "More Names", "psName": "MoreNames-Regular"}
    builder.setupNameTable({**names, "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    builder.save(file)
