"""Made-up people: names, and document numbers whose check digit is right."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

FAMILIES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = (
    "建国",
    "秀英",
    "雨桐",
    "子墨",
    "晓雯",
    "𬱖",
    "㛃",
    "思远",
    "佳怡",
    "海燕",
    "明轩",
    "阿依古丽",
)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643
CHECKS = "10X98765432"
BORN_FROM, BORN_DAYS = date(1940, 1, 1), 24000  # grown up: a child has a guardian
DIVISIONS = ("110101", "310104", "440305", "510107", "650102", "540102")


@dataclass(frozen=True)
class Identity:
    """Somebody as they would be typed in."""

    name: str
    document_number: str
    phone: str
    born_on: date


def make_people(count: int, *, seed: int) -> list[Identity]:
    """People who do not exist, each with another document number."""
    chance = random.Random(seed)  # noqa: S311 - people, not secrets
    people: dict[str, Identity] = {}
    while len(people) < count:
        one = _person(chance, number=len(people))
        people[one.document_number] = one
    return list(people.values())


def _person(chance: random.Random, *, number: int) -> Identity:
    born_on = BORN_FROM + timedelta(days=chance.randrange(BORN_DAYS))
    body = f"{chance.choice(DIVISIONS)}{born_on:%Y%m%d}{chance.randrange(1000):03d}"
    return Identity(
        name=chance.choice(FAMILIES) + chance.choice(GIVEN),
        document_number=body + check_digit(body),
        phone=f"139{chance.randrange(10_000):04d}{number:04d}",
        born_on=born_on,
    )


def check_digit(body: str) -> str:
    """The eighteenth sign."""
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return CHECKS[total % 11]
