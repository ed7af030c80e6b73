"""Receives and applies notices in processes that kill themselves between two statements.

`python -m tests.payments.dying_settler DATABASE` reads lines of JSON `{mchid, body, headers,
moment, statements}` and prints a word for each; see `tests.dying`.
"""

from datetime import datetime
from typing import Any

from tests.dying import DiesAfter, live_and_die


def settle(told: dict[str, Any]) -> int:
    """What our door does with a notice, but for HTTP."""
    from django.db import connection  # noqa: PLC0415 - needs Django

    from common import clock  # noqa: PLC0415 - likewise
    from hospitals.models import Merchant  # noqa: PLC0415 - likewise
    from payments.actions.receive import apply_notice, receive_notice  # noqa: PLC0415 - likewise
    from payments.actions.refund import promise_refund  # noqa: PLC0415 - likewise
    from payments.verifying import SignedNotice  # noqa: PLC0415 - likewise
    from tests.make.payments import Heard  # noqa: PLC0415 - likewise

    Heard.does.append(lambda charge: promise_refund(charge=charge, reason="hold_lapsed"))
    with clock.freeze(datetime.fromisoformat(told["moment"])):
        merchant = Merchant.objects.get(mchid=told["mchid"])
        notice = SignedNotice(**told["headers"], body=told["body"].encode())
        with connection.execute_wrapper(DiesAfter(told["statements"])):
            apply_notice(notice_id=receive_notice(merchant=merchant, notice=notice))
    return 0


if __name__ == "__main__":
    live_and_die(settle)
