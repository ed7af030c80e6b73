"""What WeChat lets a field of a subscription message (订阅消息参数) hold (wechat.md B).

`thing20` is a thing: the digits are an ordinal, not a length. Lengths count UTF-16 units, the
stricter of the two ways to read "characters".
"""

import re
import unicodedata
from collections.abc import Callable, Mapping

CHINESE = re.compile(r"[㐀-鿿豈-﫿\U00020000-\U0003ffff]")
KEY = re.compile(r"([a-z]+(?:_[a-z]+)?)([0-9]{1,3})")

_CLOCK = r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?"
_DATE = r"\d{4}(?:年\d{1,2}月\d{1,2}日|-\d{1,2}-\d{1,2}|/\d{1,2}/\d{1,2}|\.\d{1,2}\.\d{1,2})"
_AT = rf"(?:{_DATE} ?)?{_CLOCK}"
_ON = rf"{_DATE}(?: ?{_CLOCK})?"
_PATTERNS: Mapping[str, str] = {
    "character_string": r"[\x21-\x7e][\x20-\x7e]*",
    "number": r"-?\d+(?:\.\d+)?",
    "letter": r"[A-Za-z]+",
    "time": rf"{_AT}(?: ?~ ?{_AT})?",
    "date": rf"{_ON}(?: ?~ ?{_ON})?",
    "amount": r"[¥￥$€£]?\d{1,10}(?:\.\d+)?元?",
    "phone_number": r"[0-9+\-() #*]+",
    "car_number": rf"{CHINESE.pattern}?[A-Za-z0-9]+{CHINESE.pattern}?",
    "phrase": rf"{CHINESE.pattern}+",
}
_MOST: Mapping[str, int] = {
    "thing": 20,
    "character_string": 32,
    "number": 32,
    "letter": 32,
    "symbol": 5,
    "time": 64,
    "date": 64,
    "amount": 16,
    "phone_number": 17,
    "car_number": 8,
    "name": 20,
    "phrase": 5,
}
NAME_WITH_CHINESE = 10
NEVER_CUT = frozenset({"number", "amount", "time", "date"})  # a part of it would be untrue
TYPES = frozenset(_MOST)


def type_of(key: str) -> str | None:
    """The data type of a field's key, or None where there is no such type."""
    found = KEY.fullmatch(key)
    return found.group(1) if found and found.group(1) in TYPES else None


def length(text: str) -> int:
    """UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def fitted(key: str, value: str) -> str | None:
    """The value as the field can hold it, cut where a part is still true; None where it cannot."""
    kind = type_of(key)
    if kind is None:
        return None
    plain = " ".join("".join(map(_printable, value)).split())
    plain = _CLEANED.get(kind, _unchanged)(plain)
    if kind not in NEVER_CUT:
        plain = _cut(plain, most=_most(kind, plain), mark="…" if kind == "thing" else "")
    return plain if _obeys(kind, plain) else None


def _printable(character: str) -> str:
    return " " if unicodedata.category(character) in {"Cc", "Zl", "Zp", "Cs"} else character


def _unchanged(value: str) -> str:
    return value


def _chinese_only(value: str) -> str:
    return "".join(CHINESE.findall(value))


_CLEANED: Mapping[str, Callable[[str], str]] = {"phrase": _chinese_only}


def _most(kind: str, value: str) -> int:
    if kind == "name" and CHINESE.search(value):
        return NAME_WITH_CHINESE
    return _MOST[kind]


def _cut(value: str, *, most: int, mark: str) -> str:
    if length(value) <= most:
        return value
    kept = value
    while length(kept) > most - len(mark):
        kept = kept[:-1]
    return kept.rstrip() + mark


def _obeys(kind: str, value: str) -> bool:
    if not value or length(value) > _most(kind, value):
        return False
    if kind == "symbol":
        return all(unicodedata.category(sign)[0] in "PS" for sign in value)
    pattern = _PATTERNS.get(kind)
    return pattern is None or re.fullmatch(pattern, value) is not None
