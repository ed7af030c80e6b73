"""Settling killed with -9 after each of its statements, and repeated: one effect."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from common import clock
from payments.actions.receive import apply_notices
from payments.actions.refund import promise_refund
from payments.ledger import Equation, equation_of
from payments.ledger_faults import ledger_faults
from payments.models import Charge, LedgerEntry, Notice, Refund
from tests.dying import Mortal
from tests.make.payments import Heard
from tests.payments.till import Till, notice_states
from tests.sandbox.outside import Received

pytestmark = pytest.mark.django_db(transaction=True)

MORE_THAN_NEEDED = 60
DONE = "0"


@pytest.fixture
def settler() -> Iterator[Mortal]:
    """One for all lines of a test."""
    made = Mortal("tests.payments.dying_settler")
    yield made
    made.end()


def paid_notice(till: Till) -> tuple[Charge, Received]:
    """A charge that was paid, and its notice."""
    charge = till.charge()
    _, parameters = till.ask(charge)
    till.pay(parameters)
    return charge, till.notice()


def told_of(till: Till, notice: Received) -> dict[str, Any]:
    """The notice as a line for the settler."""
    headers = {name.lower(): value for name, value in notice.headers.items()}
    names = ("serial", "timestamp", "nonce", "signature")
    return {
        "mchid": till.merchant.mchid,
        "body": notice.body.decode(),
        "headers": {name: headers[f"wechatpay-{name}"] for name in names},
        "moment": clock.now().isoformat(),
    }


def repeated(till: Till, charge: Charge, notice: Received) -> None:
    """The provider sends the notice again, and the sweep runs: exactly one effect."""
    assert till.deliver(notice).status_code == 204
    till.show_our_time(timedelta(minutes=1))
    apply_notices()

    charge.refresh_from_db()
    assert charge.status == Charge.Status.PAID
    assert equation_of(charge) == Equation(5000, 0, 0, 5000, 0)
    assert LedgerEntry.objects.filter(charge=charge).count() == 2
    assert Refund.objects.filter(charge=charge).count() == 1


def test_settling_killed_anywhere_and_repeated_has_one_effect(till: Till, settler: Mortal) -> None:
    Heard.does.append(lambda charge: promise_refund(charge=charge, reason="hold_lapsed"))
    words = []

    for statements in range(1, MORE_THAN_NEEDED):
        charge, notice = paid_notice(till)
        words.append(settler.tell(**told_of(till, notice), statements=statements))
        repeated(till, charge, notice)
        if words[-1] != "killed":
            break

    assert words[-1] == DONE
    assert words.count("killed") == len(words) - 1 > 8
    assert set(notice_states()) == {"APPLIED"}
    assert Notice.objects.count() == len(words)
    assert ledger_faults(till.hospital) == []
