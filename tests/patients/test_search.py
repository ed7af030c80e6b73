"""A name is found by itself, by its pinyin and by its initials, within one's own list."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypinyin import Style, lazy_pinyin

from patients.search import matches

CHARACTERS = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
    "建国明芳秀英娜静敏伟强磊洋勇艳杰娟涛超霞平刚桂欧阳诸葛"
)
NAMES = st.text(alphabet=CHARACTERS, min_size=1, max_size=4)


@given(name=NAMES)
def test_a_name_matches_its_pinyin_its_initials_and_nothing_typed(name: str) -> None:
    spoken = lazy_pinyin(name, style=Style.NORMAL)

    assert matches(name, "".join(spoken))
    assert matches(name, " ".join(spoken).upper())
    assert matches(name, "".join(way[0] for way in spoken))
    assert matches(name, "")


@given(name=st.text(max_size=12), data=st.data())
def test_a_name_matches_every_part_of_itself(name: str, data: st.DataObject) -> None:
    begins = data.draw(st.integers(0, len(name)))
    ends = data.draw(st.integers(begins, len(name)))

    assert matches(name, name[begins:ends])


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("单雄信", "shanxx"),
        ("曾国藩", "zengguofan"),
        ("解小东", "xiexd"),
        ("仇英", "qiuying"),
        ("区寄", "ouji"),
        ("尉迟恭", "yuchi"),
        ("万俟卨", "moqi"),
        ("盖叫天", "gejt"),
        ("朴正", "piao"),
        ("吕布", "lvbu"),
        ("吕布", "lübu"),
        ("吕布", "lubu"),
        ("欧阳娜", "yangn"),
        ("诸葛亮", "zhugel"),
        ("王建国", "王jg"),
        ("王建国", "wangji"),
        ("王建国", "ＷＪＧ"),
        ("买买提·艾力", "maimt艾"),
        ("Anna Müller", "anna m"),
    ],
)
def test_what_people_type_finds_whom_they_mean(name: str, query: str) -> None:
    assert matches(name, query)


@pytest.mark.parametrize("query", ["wgj", "李", "wangjianguox", "jw", "王国"])
def test_what_is_not_in_the_name_finds_nobody(query: str) -> None:
    assert not matches("王建国", query)
