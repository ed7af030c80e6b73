"""A CSV file is read whole and typed, or refused with everything that is wrong in it."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.errors import DirectoryFileFaulty
from clinic.files import (
    GRADE_3A,
    LEVELS,
    PRICES,
    SPECIALTIES,
    InstitutionRow,
    PriceRow,
    SpecialtyRow,
)
from clinic.reading import Shape, read

LEVELS_HEADER = "registerLevelID,registerLevelCode,registerLevelName,registerCost,registerLimit"
SPECIALTIES_HEADER = "code,name,level,parent_code,rc023_code,edition"
PRICES_HEADER = ",".join(PRICES.header)


def written(folder: Path, content: str | bytes) -> Path:
    """A file with this content."""
    file = folder / "some.csv"
    file.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return file


def faults(file: Path, shape: Shape[Any]) -> list[tuple[int, str, str]]:
    """Line, column and reason of all that is wrong."""
    with pytest.raises(DirectoryFileFaulty) as refused:
        read(file, shape)
    assert refused.value.facts["file"] == "some.csv"
    listed = refused.value.facts["faults"]
    assert isinstance(listed, list)
    return [(one["line"], one["column"], one["reason"]) for one in listed]


def price_line(code: str, price: str) -> str:
    """A line of the price list."""
    return f"1,{code},血常规,次,{price},1,1,X,1/1/2026,1/1/2026"


def test_a_sound_file_becomes_typed_rows_with_their_lines(tmp_path: Path) -> None:
    file = written(tmp_path, f"{SPECIALTIES_HEADER}\r\n03,内科,1,,03,base\r\n")

    table = read(file, SPECIALTIES)

    assert table.rows == [SpecialtyRow("03", "内科", 1, "", "base")]
    assert list(table.numbered()) == [(2, table.rows[0])]


def test_a_byte_order_mark_as_excel_writes_it_is_no_fault(tmp_path: Path) -> None:
    file = written(tmp_path, b"\xef\xbb\xbf" + f"{LEVELS_HEADER}\n1,a,普通号,2,8\n".encode())

    assert [row.fee_fen for row in read(file, LEVELS).rows] == [200]


@pytest.mark.parametrize("content", ["", "\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(tmp_path: Path, content: str | bytes) -> None:
    assert faults(written(tmp_path, content), LEVELS) == [(1, "", "empty")]


def test_a_header_without_rows_is_refused(tmp_path: Path) -> None:
    assert faults(written(tmp_path, LEVELS_HEADER), LEVELS) == [(2, "", "no_rows")]


@pytest.mark.parametrize(
    ("header", "column"),
    [
        (LEVELS_HEADER.replace("registerCost", "cost"), "registerCost"),
        (LEVELS_HEADER.removesuffix(",registerLimit"), "registerLimit"),
        (f"{LEVELS_HEADER},more", "more"),
        (LEVELS_HEADER.replace(",", ";"), "registerLevelID"),
    ],
)
def test_a_wrong_header_is_refused_and_names_the_column(
    tmp_path: Path, header: str, column: str
) -> None:
    file = written(tmp_path, f"{header}\n1,a,普通号,2,8\n")

    assert faults(file, LEVELS) == [(1, column, "wrong_header")]


def test_lines_of_another_width_are_refused_by_number(tmp_path: Path) -> None:
    file = written(tmp_path, f"{LEVELS_HEADER}\n1,a,普通号,2,8\n2,b\n3,c,专家号,1,50,9\n\n")

    assert faults(file, LEVELS) == [(3, "", "wrong_width"), (4, "", "wrong_width"),
                                    (5, "", "wrong_width")]  # fmt: skip


def test_a_key_that_stands_twice_is_refused_where_it_stands_again(tmp_path: Path) -> None:
    file = written(tmp_path, f"{LEVELS_HEADER}\n1,a,普通号,2,8\n2, a ,专家号,1,50\n")

    assert faults(file, LEVELS) == [(3, "registerLevelCode", "stands_twice")]


def test_a_code_may_stand_once_in_each_edition(tmp_path: Path) -> None:
    lines = ["12.01,口腔内科专业,2,12,1201,base", "12.01,牙体牙髓病专业,2,12,1201,2010+"]
    file = written(tmp_path, "\n".join([SPECIALTIES_HEADER, *lines]))

    assert [row.edition for row in read(file, SPECIALTIES).rows] == ["base", "2010+"]


@pytest.mark.parametrize(
    "price",
    ["", "-1", "1.234", "1,5", "1e3", "０.5", "¥5", "free", "NaN", ".5", "5.", "9999999999"],
)
def test_a_price_that_is_none_is_refused(tmp_path: Path, price: str) -> None:
    cell = f'"{price}"' if "," in price else price
    file = written(tmp_path, f"{PRICES_HEADER}\n{price_line('A', cell)}\n")

    assert faults(file, PRICES) == [(2, "checkPrice", "not_a_price")]


def test_a_price_larger_than_its_column_is_refused(tmp_path: Path) -> None:
    file = written(tmp_path, f"{PRICES_HEADER}\n{price_line('A', '21474836.48')}\n")

    assert faults(file, PRICES) == [(2, "checkPrice", "out_of_range")]


@given(fen=st.integers(min_value=0, max_value=2_147_483_647))
def test_yuan_become_the_same_fen_to_the_last_one(
    tmp_path_factory: pytest.TempPathFactory, fen: int
) -> None:
    line = price_line("A", f"{fen // 100}.{fen % 100:02d}")
    file = written(tmp_path_factory.mktemp("prices"), f"{PRICES_HEADER}\n{line}\n")

    assert read(file, PRICES).rows == [PriceRow("A", "血常规", "次", fen)]


def test_coordinates_of_zero_are_unknown(tmp_path: Path) -> None:
    file = written(
        tmp_path, f"{','.join(GRADE_3A.header)}\n某医院,某路1号,0.0,0.0\n另一医院,,116.4,39.9\n"
    )

    assert read(file, GRADE_3A).rows == [
        InstitutionRow("某医院|某路1号", "某医院", "某路1号", rank="三级甲等"),
        InstitutionRow("另一医院|", "另一医院", "", "三级甲等", longitude=116.4, latitude=39.9),
    ]


def test_coordinates_off_the_globe_are_refused(tmp_path: Path) -> None:
    file = written(tmp_path, f"{','.join(GRADE_3A.header)}\n某医院,,200.5,north\n")

    assert faults(file, GRADE_3A) == [
        (2, "longitude_wgs84", "out_of_range"),
        (2, "latitude_wgs84", "not_a_coordinate"),
    ]


@pytest.mark.parametrize(
    ("cell", "reason"),
    [("", "empty"), ("  ", "empty"), ("普\x00通", "control_character"), ("长" * 21, "too_long")],
)
def test_a_name_that_no_screen_could_show_is_refused(
    tmp_path: Path, cell: str, reason: str
) -> None:
    file = written(tmp_path, f"{LEVELS_HEADER}\n1,a,{cell},2,8\n")

    assert faults(file, LEVELS) == [(2, "registerLevelName", reason)]


@pytest.mark.parametrize("limit", ["", "0", "-1", "8.0", "many", "1001", "８"])
def test_a_limit_out_of_range_is_refused(tmp_path: Path, limit: str) -> None:
    file = written(tmp_path, f"{LEVELS_HEADER}\n1,a,普通号,2,{limit}\n")

    assert [fault[:2] for fault in faults(file, LEVELS)] == [(2, "registerLimit")]


def test_another_encoding_is_refused_with_the_line_it_begins_in(tmp_path: Path) -> None:
    file = written(tmp_path, LEVELS_HEADER.encode() + b"\n1,a," + "普通号".encode("gb18030"))

    assert faults(file, LEVELS) == [(2, "", "not_utf_8")]


def test_quotes_that_never_close_are_refused(tmp_path: Path) -> None:
    file = written(tmp_path, f'{LEVELS_HEADER}\n1,a,"普通号,2,8\n')

    assert (2, "", "broken_quotes") in faults(file, LEVELS)


def test_all_faults_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    file = written(tmp_path, f"{LEVELS_HEADER}\n1,,普通号,x,8\n2,b,,1,0\n")

    assert faults(file, LEVELS) == [
        (2, "registerLevelCode", "empty"),
        (2, "registerCost", "not_a_price"),
        (3, "registerLevelName", "empty"),
        (3, "registerLimit", "out_of_range"),
    ]


def test_twenty_faults_are_listed_and_the_rest_counted(tmp_path: Path) -> None:
    lines = "".join(f"{n},c{n},普通号,bad,8\n" for n in range(25))

    with pytest.raises(DirectoryFileFaulty) as refused:
        read(written(tmp_path, f"{LEVELS_HEADER}\n{lines}"), LEVELS)

    listed = refused.value.facts["faults"]
    assert isinstance(listed, list)
    assert (len(listed), refused.value.facts["more"]) == (20, 5)
