"""Names and phones as people write them, and as we keep them."""

import re
import unicodedata

from patients.errors import NameInvalid, PhoneInvalid

LONGEST_NAME = 50
MARKS_IN_NAMES = frozenset("·•.'’- ")
MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)


def read_name(text: str) -> str:
    """The name, trimmed; characters beyond the BMP (𬱖) and variation selectors stand.

    Raises NameInvalid for signs, emoji, digits, control and private-use characters.
    """
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not 1 <= len(name) <= LONGEST_NAME or not any(sign.isalpha() for sign in name):
        raise NameInvalid
    if not all(_may_stand_in_name(sign) for sign in name):
        raise NameInvalid
    return name


def _may_stand_in_name(sign: str) -> bool:
    return sign in MARKS_IN_NAMES or unicodedata.category(sign)[0] in {"L", "M"}


def same_name(one: str, other: str) -> bool:
    """Whether two spellings are one name: case, spaces and the kind of middle dot do not count."""
    return _skeleton(one) == _skeleton(other)


def _skeleton(name: str) -> str:
    letters = (sign for sign in unicodedata.normalize("NFKC", name) if sign not in MARKS_IN_NAMES)
    return "".join(letters).casefold()


def read_phone(text: str) -> str:
    """Eleven digits. Raises PhoneInvalid."""
    narrow = unicodedata.normalize("NFKC", text)
    digits = "".join(sign for sign in narrow if sign not in " -\t").removeprefix("+86")
    if not MOBILE.fullmatch(digits):
        raise PhoneInvalid
    return digits
