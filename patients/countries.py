"""Nationalities (国籍) by ISO 3166-1 alpha-3, as passports print them, with their Chinese names."""

import gettext
from functools import lru_cache

import pycountry

from patients.errors import NationalityUnknown

FIRST = ("CHN",)  # the one most asked for stands first
OURS = {"HKG": "中国香港", "MAC": "中国澳门", "TWN": "中国台湾"}


@lru_cache(maxsize=1)
def country_names() -> dict[str, str]:
    """Code and name of every country of ISO 3166-1; China first, then by code."""
    chinese = gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=["zh_CN"])
    names = {
        str(one.alpha_3): OURS.get(one.alpha_3) or chinese.gettext(one.name)
        for one in pycountry.countries
    }
    order = sorted(names, key=lambda code: (code not in FIRST, code))
    return {code: names[code] for code in order}


def read_nationality(text: str) -> str:
    """The code in capitals. Raises NationalityUnknown."""
    code = text.strip().upper()
    if code not in country_names():
        raise NationalityUnknown
    return code
