"""Codes on paper: read back however they are typed, and never taken for another."""

import pytest

from papers.codes import ALPHABET, LENGTH, draw_code, read_code, show_code


def test_codes_are_long_and_never_the_same() -> None:
    codes = {draw_code() for _ in range(2000)}

    assert len(codes) == 2000
    assert {len(code) for code in codes} == {LENGTH}
    assert (LENGTH - 1) * 5 >= 80  # bits of chance


def test_a_printed_code_is_read_back() -> None:
    code = draw_code()

    assert read_code(show_code(code)) == code
    assert len(show_code(code)) == 24


def test_a_code_is_read_whatever_its_case_spaces_and_lookalikes() -> None:
    code = "000000000000000000" + "1"
    whole = code + next(check for check in ALPHABET if read_code(code + check))

    typed = " " + whole.lower().replace("0", "o").replace("1", "l", 1) + " "

    assert read_code(typed) == whole


def test_every_single_wrong_character_is_noticed() -> None:
    code = draw_code()
    wrong = [
        code[:at] + other + code[at + 1 :]
        for at in range(LENGTH)
        for other in ALPHABET
        if other != code[at]
    ]

    assert len(wrong) == LENGTH * 31
    assert [typed for typed in wrong if read_code(typed)] == []


def test_every_exchange_of_two_characters_is_noticed() -> None:
    code = draw_code()
    pairs = [(a, b) for a in range(LENGTH) for b in range(a) if code[a] != code[b]]
    wrong = [code[:b] + code[a] + code[b + 1 : a] + code[b] + code[a + 1 :] for a, b in pairs]

    assert len(wrong) > 100
    assert [typed for typed in wrong if read_code(typed)] == []


@pytest.mark.parametrize(
    "typed", ["", "-", "7KQ4", "U" * 20, "验证码" * 7, "0" * 5000, "\x00" * 20]
)
def test_what_is_no_code_is_read_as_none(typed: str) -> None:
    assert read_code(typed) is None
