"""Which fonts papers are set in, and which characters they can show.

Both packages are read where pip put them, and are under the OFL: `justmytype-intl-cjk` (Noto
Sans SC, then TC, JP and KR for what SC lacks) and `fontpkg-noto-sans`, which has the raised
digits of units such as 10⁹/L. Who meets a name beyond them adds a folder of fonts with the
setting PAPERS_EXTRA_FONTS (Debian's fonts-hanazono has CJK Extensions B to F).
"""

import unicodedata
from functools import cache
from importlib.resources import files
from pathlib import Path

from django.conf import settings
from fontTools.ttLib import TTCollection, TTFont

FONT_SUFFIXES = frozenset({".ttf", ".otf", ".ttc", ".otc"})
LINE_ENDS_AND_TABS = frozenset("\n\r\t")
JOINERS = frozenset("\u200c\u200d")  # shape their neighbours, show nothing themselves
UNSEEN = frozenset({"Cc", "Cf", "Cs"})  # what is private or newer than Python is a font's to say
INVISIBLE = str.maketrans("", "", "\u00ad\u200b\u2060\ufeff")  # break hints and marks of order


def font_folders() -> list[Path]:
    """The folders whose fonts papers may use; the system's fonts are never among them."""
    packed = [
        Path(str(files("justmytype_intl_cjk") / "fonts" / "ofl")),
        Path(str(files("fontpkg_noto_sans") / "files")),
    ]
    return [*packed, *(Path(folder) for folder in settings.PAPERS_EXTRA_FONTS)]


@cache
def shown_code_points(folders: tuple[Path, ...]) -> frozenset[int]:
    """Every code point for which some font of these folders has a glyph."""
    found: set[int] = set()
    for folder in folders:
        for file in sorted(folder.rglob("*")):
            if file.suffix.lower() in FONT_SUFFIXES:
                found.update(_code_points(file))
    return frozenset(found)


def spell_out(text: str) -> str:
    """The text with each character that no font shows replaced by its number, 〔U+2A6B2〕.

    A page that shows an empty box in a name says something false; one that shows the number
    can be read back. Control and direction characters, which could turn a line of a record
    around, are spelled out too.
    """
    if text.isascii() and text.isprintable():
        return text
    shown = shown_code_points(tuple(font_folders()))
    return "".join(
        character if _is_shown(character, shown) else f"〔U+{ord(character):04X}〕"
        for character in text.translate(INVISIBLE)
    )


def _is_shown(character: str, shown: frozenset[int]) -> bool:
    if character in LINE_ENDS_AND_TABS or character in JOINERS:
        return True
    if unicodedata.name(character, "").startswith("VARIATION SELECTOR-"):
        return True
    return unicodedata.category(character) not in UNSEEN and ord(character) in shown


def _code_points(file: Path) -> set[int]:
    faces = (
        TTCollection(file, lazy=True).fonts
        if file.suffix.lower() in {".ttc", ".otc"}
        else [TTFont(file, lazy=True)]
    )
    found: set[int] = set()
    for face in faces:
        found.update(face.getBestCmap())
        face.close()
    return found
