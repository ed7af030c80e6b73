"""The key of a blind index is followed by the next, while people are registered and found.

Announced: looked up under both keys, written under the old one. Changed: written under the new
one, and every stored index is replaced. Over: the old key is not used any more. Between two
steps lie more seconds than a process remembers.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.db import models, transaction

from common import clock
from common.crypto_index import (
    State,
    forget_indexes,
    hold_indexes_alone,
    index_under,
    mark,
    plain_of_index,
)
from common.crypto_keys import KEY_SECONDS
from common.fields import BlindIndexField
from common.models import IndexKey

BATCH = 100
GRACE = timedelta(seconds=4 * KEY_SECONDS)


@dataclass
class Turn:
    """What one run did: where the rotation stands, how many indexes it replaced and left."""

    state: State
    is_over: bool
    replaced: int = 0
    left: int = 0


def places(column: str) -> list[tuple[type[models.Model], str]]:
    """Every column of a table that holds this index."""
    return [
        (model, one.name)
        for model in apps.get_models()
        for one in model._meta.concrete_fields
        if isinstance(one, BlindIndexField) and one.column_of_key == column
    ]


def turn_index(column: str) -> Turn:
    """Do what can be done of the rotation now. Repeatable; each run goes on from the last."""
    row, _ = IndexKey.objects.get_or_create(column=column)
    if row.also is None:
        return Turn(_move(column, number=row.number, also=row.number + 1), is_over=False)
    if clock.real_now() < ready_at(row):
        return Turn(State(row.number, row.also), is_over=False, left=_left(column, row))
    if row.number < row.also:
        _move(column, number=row.also, also=row.number)
        row.refresh_from_db()
    replaced = _replace_all(column, number=row.number, old=row.also or 0)
    turn = Turn(State(row.number, row.also), is_over=False, replaced=replaced)
    turn.left = _left(column, row)
    if turn.left == 0 and clock.real_now() >= ready_at(row):
        turn.state = _move(column, number=row.number, also=None)
        turn.is_over = True
    return turn


def ready_at(row: IndexKey) -> Any:
    """When every process knows the last step."""
    return row.moved_at + GRACE


def _move(column: str, *, number: int, also: int | None) -> State:
    """Nobody who enters a value is between looking and writing while the step is taken."""
    with transaction.atomic():
        hold_indexes_alone()
        IndexKey.objects.filter(column=column).update(
            number=number, also=also, moved_at=clock.real_now()
        )
    forget_indexes()
    return State(number, also)


def _old(model: type[models.Model], name: str, *, number: int) -> "models.QuerySet[Any]":
    """Rows under another key; those that are empty or no index are left alone."""
    rows = model._default_manager.exclude(**{f"{name}__startswith": mark(number)})
    return rows.exclude(**{name: ""}).exclude(**{f"{name}__startswith": "-"})


def _left(column: str, row: IndexKey) -> int:
    number = max(row.number, row.also or 0)
    return sum(_old(model, name, number=number).count() for model, name in places(column))


def _replace_all(column: str, *, number: int, old: int) -> int:
    """One index after the other, in all of its places at once."""
    replaced, after = 0, ""
    while True:
        with transaction.atomic():
            hold_indexes_alone()
            known = _next_old(column, number=number, after=after)
            plains = plain_of_index.ask(column)(known)
            for index in known:
                for plain in plains.get(index, ()):
                    if index_under(old, column=column, value=plain) == index:
                        new = index_under(number, column=column, value=plain)
                        replaced += _replace(column, index=index, new=new)
                        break
        if not known:
            return replaced
        after = known[-1]


def _next_old(column: str, *, number: int, after: str) -> list[str]:
    found: set[str] = set()
    for model, name in places(column):
        rows = _old(model, name, number=number).filter(**{f"{name}__gt": after}).order_by(name)
        found.update(rows.values_list(name, flat=True).distinct()[:BATCH])
    return sorted(found)[:BATCH]


def _replace(column: str, *, index: str, new: str) -> int:
    return sum(
        model._default_manager.filter(**{name: index}).update(**{name: new})
        for model, name in places(column)
    )
