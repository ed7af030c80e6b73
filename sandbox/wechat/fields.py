"""What each type of a subscription message's field (订阅消息参数) may hold."""

import re
import unicodedata
from collections.abc import Callable

CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")

_CLOCK = r"([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?"
_MONTH = r"(0?[1-9]|1[0-2])"
_DAY = r"(0?[1-9]|[12]\d|3[01])"


def _date(mark: str) -> str:
    """A date with Chinese words, or with one sort of separator throughout."""
    return rf"\d{{4}}(年{_MONTH}月{_DAY}日|(?P<{mark}>[-/.]){_MONTH}(?P={mark}){_DAY})"


_TIME = re.compile(rf"({_date('a')} ?)?{_CLOCK}( ?~ ?({_date('b')} ?)?{_CLOCK})?")
_DATE = re.compile(rf"{_date('a')}( ?{_CLOCK})?( ?~ ?{_date('b')}( ?{_CLOCK})?)?")
_LETTERS = re.compile(r"[A-Za-z]{1,32}")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_AMOUNT = re.compile(r"[¥￥$€£]?\d{1,10}(\.\d+)?元?")
_PHONE = re.compile(r"[0-9+\-() #*]{1,17}")
_CAR = re.compile(rf"({CHINESE.pattern})?[A-Za-z0-9]{{1,7}}({CHINESE.pattern})?")
_PHRASE = re.compile(rf"({CHINESE.pattern}){{1,5}}")
_ASCII = re.compile(r"[\x20-\x7e]{1,32}")


def _is_name(value: str) -> bool:
    if CHINESE.search(value):
        return len(value) <= 10
    return len(value) <= 20 and all(letter.isalpha() or letter in " .·-'" for letter in value)


def _is_symbols(value: str) -> bool:
    return len(value) <= 5 and all(unicodedata.category(sign)[0] in "PS" for sign in value)


RULES: dict[str, Callable[[str], bool]] = {
    "thing": lambda value: len(value) <= 20,
    "character_string": lambda value: _ASCII.fullmatch(value) is not None,
    "number": lambda value: len(value) <= 32 and _NUMBER.fullmatch(value) is not None,
    "letter": lambda value: _LETTERS.fullmatch(value) is not None,
    "symbol": _is_symbols,
    "time": lambda value: _TIME.fullmatch(value) is not None,
    "date": lambda value: _DATE.fullmatch(value) is not None,
    "amount": lambda value: _AMOUNT.fullmatch(value) is not None,
    "phone_number": lambda value: _PHONE.fullmatch(value) is not None,
    "car_number": lambda value: len(value) <= 8 and _CAR.fullmatch(value) is not None,
    "name": _is_name,
    "phrase": lambda value: _PHRASE.fullmatch(value) is not None,
}


def type_of_field(field: str) -> str:
    """`thing20` is a thing: the digits are an ordinal, not a length."""
    return field.rstrip("0123456789")


def obeys(field: str, value: str) -> bool:
    """Whether a value that is not empty may stand in the field."""
    if any(unicodedata.category(character) in {"Cc", "Zl", "Zp", "Cs"} for character in value):
        return False
    return RULES[type_of_field(field)](value)
