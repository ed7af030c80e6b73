"""Made-up names for doctors whom a file knows by number alone; the same number, the same name."""

import hashlib
from collections.abc import Iterable

SURNAMES = "赵钱孙李周吴郑王冯陈沈韩杨朱秦许何吕张孔曹严华金魏陶姜谢邹苏潘葛范彭鲁韦马方任袁柳史唐"
GIVEN = (
    *("明", "静", "伟", "敏", "宁", "岚", "哲", "安", "颖", "建华", "秀兰", "志强", "丽娟", "国栋"),
    *(
        "雅琴",
        "文博",
        "晓燕",
        "海涛",
        "玉梅",
        "思远",
        "佳慧",
        "永康",
        "淑芬",
        "俊杰",
        "婉清",
        "承志",
    ),
    *("春晖", "子墨", "若兰", "德明", "雪梅", "宏伟"),
)


def names_for(numbers: Iterable[int], *, seed: str) -> dict[int, str]:
    """A name for each number, none given twice; decided by seed and number alone."""
    names: dict[int, str] = {}
    for number in sorted(set(numbers)):
        attempt = 0
        while (name := _name(f"{seed}:{number}:{attempt}")) in names.values():
            attempt += 1
        names[number] = name
    return names


def pick(seed: str, *, below: int) -> int:
    """A number below `below`, decided by the seed."""
    return int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big") % below


def _name(seed: str) -> str:
    return (
        SURNAMES[pick(f"{seed}:surname", below=len(SURNAMES))]
        + GIVEN[pick(f"{seed}:given", below=len(GIVEN))]
    )
