"""Systems of a hospital that speak to us."""

from hospitals.models import Hospital
from interop.actions.introduce import Introduction, introduce_sender
from interop.models import Protocol, Sender
from tests.make.hospitals import hospital as make_hospital

FHIR_KEY = "a-long-random-key-of-a-test"


def hl7_sender(
    *,
    hospital: Hospital | None = None,
    code: str = "his",
    profile_name: str = "hl7",
    application: str = "",
    address: str = "127.0.0.1",
) -> Sender:
    """A system that connects from one address."""
    return introduce_sender(
        hospital=hospital or make_hospital(),
        introduction=Introduction(
            code=code,
            name="医院信息系统",
            protocol=Protocol.HL7V2,
            profile_name=profile_name,
            application=application,
            addresses=[address],
        ),
    )


def fhir_sender(
    *, hospital: Hospital | None = None, code: str = "his-fhir", key: str = FHIR_KEY
) -> Sender:
    """A system that shows a key."""
    return introduce_sender(
        hospital=hospital or make_hospital(),
        introduction=Introduction(
            code=code,
            name="医生站",
            protocol=Protocol.FHIR,
            profile_name="fhir_by_reference",
            key=key,
        ),
    )
