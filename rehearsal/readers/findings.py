"""What a reader says of an invariant: how many facts it compared, and what was wrong."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

INVARIANTS = {
    1: "places 号源",
    2: "money 账",
    3: "messages 消息",
    4: "streams and queues 流与队列",
    5: "newest version 最新版本",
    6: "stop-clinic 停诊",
    7: "access log 查阅记录",
}


@dataclass
class Finding:
    """One reader's word on one invariant."""

    facts: int = 0
    faults: list[str] = field(default_factory=list)

    def check(self, is_right: bool, fault: str) -> None:  # noqa: FBT001 - reads as a claim
        """One fact compared."""
        self.facts += 1
        if not is_right:
            self.faults.append(fault)

    @property
    def verdict(self) -> bool | None:
        """None without evidence."""
        if self.faults:
            return False
        return True if self.facts else None


Findings = Mapping[int, Finding]


def together(readers: Iterable[Findings]) -> dict[int, bool | None]:
    """True where every reader had evidence and found nothing; false where one found a fault."""
    listed = list(readers)
    verdicts: dict[int, bool | None] = {}
    for number in INVARIANTS:
        said = [reader.get(number, Finding()).verdict for reader in listed]
        verdicts[number] = False if False in said else None if None in said else True
    return verdicts


@dataclass(frozen=True)
class BillRow:
    """A row of the provider's bill: a payment, or a refund under its own number."""

    number: str
    is_refund: bool
    fen: int
    is_done: bool = True
