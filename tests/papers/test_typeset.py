"""What a paper shows: every character, every page, and nothing as a command."""

from pathlib import Path

import pytest
import typst
from fontTools.pens.recordingPen import RecordingPen
from fontTools.ttLib import TTFont
from pytest_django import Settings

from common import clock
from papers.fonts import font_folders, spell_out
from papers.signing import count_pages
from papers.typeset import JSON, render_pdf
from tests.papers import make

RARE = "𬱖㛃䶮𠅤"  # names met at a registration desk: CJK Extensions F, A, A and B


def outline(font: TTFont, character: str) -> list[object]:
    glyphs = font.getGlyphSet(location={"wght": 400})
    pen = RecordingPen()
    glyphs[font.getBestCmap()[ord(character)]].draw(pen)
    drawn: list[object] = pen.value
    return drawn


def noto_sans_sc() -> TTFont:
    (file,) = font_folders()[0].glob("notosanssc/*.ttf")
    return TTFont(file, lazy=True)


@pytest.mark.parametrize("character", RARE)
def test_a_rare_name_is_set_with_a_glyph_of_its_own(character: str) -> None:
    with noto_sans_sc() as font:
        missing = RecordingPen()
        font.getGlyphSet(location={"wght": 400})[".notdef"].draw(missing)
        drawn = outline(font, character)

    assert len(drawn) > 20
    assert drawn != missing.value


def test_a_rare_name_is_read_back_from_the_paper() -> None:
    data = make.whole_record(patient={"name": RARE})

    pdf = render_pdf(template="visit_record", data=data)

    assert f"姓名：{RARE}" in make.text_of(pdf)[0]


def test_raised_digits_of_units_are_not_flattened() -> None:
    pdf = render_pdf(template="visit_record", data=make.whole_record())

    assert "10⁹/L" in make.text_of(pdf)[0]


def test_a_character_no_font_has_is_spelled_out_instead_of_an_empty_box() -> None:
    data = make.whole_record(patient={"name": "王\U0002ffff👍"})

    pdf = render_pdf(template="visit_record", data=data)

    assert "姓名：王〔U+2FFFF〕〔U+1F44D〕" in make.text_of(pdf)[0]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("a\x00b", "a〔U+0000〕b"),
        ("欠\u202e费", "欠〔U+202E〕费"),  # would turn the rest of the line around
        ("\ud800", "〔U+D800〕"),  # half a character
        ("王\u200b明\ufeff", "王明"),
        ("葛\U000e0100", "葛\U000e0100"),  # a variant form of a name
        ("一\n二\t三", "一\n二\t三"),
    ],
)
def test_control_and_direction_characters_cannot_hide(written: str, shown: str) -> None:
    assert spell_out(written) == shown


def test_a_folder_of_more_fonts_widens_what_is_shown(settings: Settings, tmp_path: Path) -> None:
    assert spell_out("\U0002ebf0") == "〔U+2EBF0〕"
    # Extension I is younger than Python 3.11 and than the packed fonts.
    make.font_with("\U0002ebf0", tmp_path / "names.ttf")

    settings.PAPERS_EXTRA_FONTS = [str(tmp_path)]
    data = make.whole_record(patient={"name": "王\U0002ebf0"})

    assert "姓名：王\U0002ebf0" in make.text_of(render_pdf(template="visit_record", data=data))[0]


def test_what_a_patient_writes_is_never_a_command_of_the_typesetter() -> None:
    hostile = '#read("/etc/passwd") #strong[x] $a$ "] \\ #panic()'
    data = make.whole_record(visits=[make.visit(complaint=hostile)])

    pdf = render_pdf(template="visit_record", data=data)

    assert "".join(hostile.split()) in make.text_of(pdf)[0]


def test_every_page_carries_its_number_and_the_code() -> None:
    data = make.whole_record(visits=[make.visit() for _ in range(8)])

    pages = make.text_of(render_pdf(template="visit_record", data=data))

    assert len(pages) == 3
    assert [f"第{n}页/共3页" in page for n, page in enumerate(pages, 1)] == [True] * 3
    assert [make.CODE in page for page in pages] == [True] * 3


def test_a_record_without_anything_optional_is_one_page() -> None:
    visit: dict[str, JSON] = {
        "department": "内科",
        "at": "2026-03-02",
        "orders": None,
        "prescriptions": [],
    }
    data = make.whole_record(patient={"name": "王明"}, visits=[visit])

    assert count_pages(render_pdf(template="visit_record", data=data)) == 1


def test_a_name_of_hundreds_of_characters_still_prints() -> None:
    data = make.whole_record(patient={"name": "长" * 400})

    assert "长" * 20 in make.text_of(render_pdf(template="visit_record", data=data))[0]


def test_the_same_arguments_make_the_same_bytes() -> None:
    data, at = make.whole_record(), clock.now()

    first = render_pdf(template="visit_record", data=data, written_at=at)

    assert first == render_pdf(template="visit_record", data=data, written_at=at)


def test_papers_are_pdf_a_2b_with_every_font_inside() -> None:
    pdf = render_pdf(template="visit_record", data=make.whole_record())

    fonts = make.inside(pdf, "/Resources", "/Font").values()
    described = [font["/DescendantFonts"][0]["/FontDescriptor"] for font in fonts]
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in pdf
    assert [one for one in described if not {"/FontFile2", "/FontFile3"} & set(one)] == []


def test_data_that_lacks_what_the_template_needs_is_a_bug_not_a_paper() -> None:
    data = make.whole_record(patient={"gender": "女"})
    del data["visits"]

    with pytest.raises(typst.TypstError):
        render_pdf(template="visit_record", data=data)


@pytest.mark.parametrize("name", ["no_such_paper", "../signing", "/etc/passwd", ""])
def test_only_our_templates_are_set(name: str) -> None:
    with pytest.raises(ValueError, match="template"):
        render_pdf(template=name, data={})
