"""Filters of the screen kit: money, days and names as patients read them."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django import template

from common.clock import HOSPITAL_ZONE, today

register = template.Library()

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


@register.filter
def yuan(fen: int | None) -> str:
    """The amount as it stands on a receipt: 1200 fen is "¥12.00"; nothing for no amount."""
    if fen is None:
        return ""
    sign = "-" if fen < 0 else ""
    whole, rest = divmod(abs(fen), 100)
    return f"{sign}¥{whole:,}.{rest:02d}"


@register.filter
def clock_time(moment: datetime | None) -> str:
    """The time of day in the hospital: "08:05"."""
    if moment is None:
        return ""
    return moment.astimezone(HOSPITAL_ZONE).strftime("%H:%M")


@register.filter
def day_cn(day: date | datetime | None) -> str:
    """The hospital's day in words: "11月22日 周日"; another year's says which."""
    if day is None:
        return ""
    if isinstance(day, datetime):
        day = day.astimezone(HOSPITAL_ZONE).date()
    year = "" if day.year == today().year else f"{day.year}年"
    return f"{year}{day.month}月{day.day}日 {WEEKDAYS[day.weekday()]}"


@register.filter
def masked_name(name: str | None) -> str:
    """The name as a waiting room may see it (脱敏): "王*", "欧**".

    The length is hidden beyond two stars; a Latin name keeps its first letter only.
    """
    letters = (name or "").strip()
    if not letters:
        return ""
    return letters[0] + "*" * min(max(len(letters) - 1, 1), 2)


@register.filter
def beside(labels: Sequence[str], cells: Iterable[object]) -> list[tuple[str, object]]:
    """Each column's label with the row's cell, so that a narrow screen can show both."""
    return list(zip(labels, cells, strict=True))
