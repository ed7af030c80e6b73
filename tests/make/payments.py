"""Charges of things that nobody in these tests sells, and merchants."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from common import clock
from common.ids import new_id
from hospitals.models import Hospital, Merchant, MiniProgram
from patients.models import Patient
from payments.actions.charge import open_charge
from payments.models import Charge
from payments.purposes import when_paid
from sandbox.credentials import Merchant as Credentials
from tests.make.patients import patient as make_patient

PURPOSE = "tests.thing"
HOLD = timedelta(minutes=15)


class Heard:
    """What the answerer of `PURPOSE` heard, and what it does; a test may change both."""

    charges: ClassVar[list[UUID]] = []
    does: ClassVar[list[Callable[[Charge], object]]] = []

    @classmethod
    def forget(cls) -> None:
        """Nothing was heard, and nothing follows from it."""
        cls.charges.clear()
        cls.does.clear()


def hear_paid(charge: Charge) -> None:
    """The one answerer of `PURPOSE`."""
    Heard.charges.append(charge.pk)
    for deed in Heard.does:
        deed(charge)


when_paid.answered_by(PURPOSE, hear_paid)


def charge(
    *,
    patient: Patient | None = None,
    amount_fen: int = 5000,
    due_until: datetime | None = None,
    subject_id: UUID | None = None,
) -> Charge:
    """An open charge that is due in a quarter of an hour."""
    return open_charge(
        purpose=PURPOSE,
        subject_id=subject_id or new_id(),
        patient=patient or make_patient(),
        amount_fen=amount_fen,
        title="普通门诊挂号费",
        due_until=due_until or clock.now() + HOLD,
    )


def merchant(hospital: Hospital, *, credentials: Credentials) -> Merchant:
    """The hospital's merchant, as the provider handed it out, in its mini-program."""
    mini_program = MiniProgram.objects.create(
        hospital=hospital,
        app_id=credentials.app_id,
        secret="in-no-test-used",  # noqa: S106
    )
    return Merchant.objects.create(
        hospital=hospital,
        mini_program=mini_program,
        mchid=credentials.mchid,
        serial_no=credentials.serial_no,
        private_key_pem=credentials.private_key_pem,
        apiv3_key=credentials.apiv3_key,
        public_key_id=credentials.public_key_id,
        public_key_pem=credentials.public_key_pem,
    )
