"""Books in processes that kill themselves between two statements; see `tests.dying`.

A line is `{code, token, slot_id, patient_id, key, moment, statements}`; the word is the status.
"""

from datetime import datetime
from typing import Any

from tests.dying import DiesAfter, live_and_die


def book(told: dict[str, Any]) -> int:
    """The request of a phone, up to the answer."""
    from django.db import connection  # noqa: PLC0415 - needs Django
    from rest_framework.test import APIClient  # noqa: PLC0415 - likewise

    from common import clock  # noqa: PLC0415 - likewise

    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {told['token']}")
    with (
        clock.freeze(datetime.fromisoformat(told["moment"])),
        connection.execute_wrapper(DiesAfter(told["statements"])),
    ):
        answer = client.post(
            f"/api/v1/hospitals/{told['code']}/appointments",
            {"slot_id": told["slot_id"], "patient_id": told["patient_id"]},
            format="json",
            headers={"Idempotency-Key": told["key"]},
        )
    return int(answer.status_code) % 256


if __name__ == "__main__":
    live_and_die(book)
