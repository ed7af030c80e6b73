"""Ways in which the provider may be either way, and nobody could tell us which.

Public sources disagree on two error codes; the product has to bear with both.
"""

from sandbox.store import Store

CHOICES: dict[str, tuple[str, ...]] = {
    "order_missing_code": ("ORDERNOTEXIST", "ORDER_NOT_EXIST"),
    "closed_number_code": ("ORDER_CLOSED", "OUT_TRADE_NO_USED"),
    "document_check": ("matches", "differs", "unknown"),  # what the mock of a check says
    "bill_any_day": ("no", "yes"),  # yes: a bill can be had at once, not only after T+1 10:00
}


class SwitchUnknown(Exception):
    """No such switch, or it has no such position."""


class Switches:
    """The positions; the first of each row above until somebody moves it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def move(self, name: str, position: object) -> None:
        """Raises SwitchUnknown."""
        if name not in CHOICES or not isinstance(position, str) or position not in CHOICES[name]:
            raise SwitchUnknown(name)
        self._store.run(
            "INSERT INTO switches (name, value) VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            name,
            position,
        )

    def position(self, name: str) -> str:
        """Where the switch stands."""
        row = self._store.one("SELECT value FROM switches WHERE name = ?", name)
        return CHOICES[name][0] if row is None else str(row["value"])

    def positions(self) -> dict[str, str]:
        """Where every switch stands."""
        return {name: self.position(name) for name in CHOICES}
