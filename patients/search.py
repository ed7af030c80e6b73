"""Who of a list is meant by what was typed: a name, its pinyin, or its initials (按姓名、拼音查找).

Names are encrypted and have no index: a search looks at the rows of one's own list (today's
queue, the ward), after they were read, and never at more. What is typed is a name, so it travels
in a body and never in an address.
"""

import unicodedata
from functools import lru_cache

from pypinyin import Style, pinyin

from patients.details import MARKS_IN_NAMES

LONGEST_QUERY = 50
TWO_LETTERS = ("zh", "ch", "sh")  # initials that some type whole
SURNAMES = {"俟": ("qi",), "尉": ("yu",), "逄": ("pang",), "万": ("mo",)}  # beside the usual ones


def matches(name: str, query: str) -> bool:
    """Whether a name can be meant by a part of it, by its pinyin, or by its initials, mixed too.

    Every reading of a character counts, so 单 is found by `shan` and by `dan`; ü is `v` or `u`.
    Case, spaces and middle dots do not count.
    """
    asked, signs = _plain(query[:LONGEST_QUERY]), _plain(name)
    if not asked:
        return True
    reached = {0: set(range(len(signs) + 1))}  # what was typed so far → where the name goes on
    for typed in range(len(asked)):
        for place in sorted(reached.get(typed, ())):
            if place == len(signs):
                continue
            for way in _ways(signs[place]):
                if way.startswith(asked[typed:]):
                    return True
                if asked.startswith(way, typed):
                    reached.setdefault(typed + len(way), set()).add(place + 1)
    return False


def _plain(text: str) -> str:
    narrow = unicodedata.normalize("NFKC", text).casefold().replace("ü", "v")
    return "".join(sign for sign in narrow if sign not in MARKS_IN_NAMES and not sign.isspace())


@lru_cache(maxsize=10_000)
def _ways(sign: str) -> frozenset[str]:
    """Everything one may type for a character: itself, its readings, their initials."""
    spoken = {_plain(way) for way in pinyin(sign, style=Style.NORMAL, heteronym=True)[0]}
    spoken |= set(SURNAMES.get(sign, ()))
    spoken |= {way.replace("v", "u") for way in spoken}
    initials = {way[0] for way in spoken if way}
    initials |= {way[:2] for way in spoken if way.startswith(TWO_LETTERS)}
    return frozenset({sign, *spoken, *initials} - {""})
