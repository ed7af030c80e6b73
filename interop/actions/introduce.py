"""The hospital lets one of its systems speak to us."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from common.commands import action
from hospitals.models import Hospital
from interop.errors import AddressTaken, ProfileUnknown
from interop.fhir.prescriptions import FHIR_PROFILES
from interop.hl7v2.profiles import PROFILES
from interop.models import Protocol, Sender, SenderAddress


@dataclass(frozen=True, slots=True)
class Introduction:
    """How a system names itself and how it is known."""

    code: str
    name: str
    protocol: Protocol
    profile_name: str
    application: str = ""
    facility: str = ""
    addresses: Sequence[str] = ()
    key: str = ""  # a FHIR sender's bearer key; only its digest is kept


def digest_of(key: str) -> str:
    """What is kept of a sender's key: it is long and random, so SHA-256 is enough."""
    return hashlib.sha256(key.encode()).hexdigest()


@action
def introduce_sender(*, hospital: Hospital, introduction: Introduction) -> Sender:
    """Let the system speak; doing it again replaces what was agreed.

    Raises ProfileUnknown, AddressTaken.
    """
    known = PROFILES if introduction.protocol == Protocol.HL7V2 else FHIR_PROFILES
    if introduction.profile_name not in known:
        raise ProfileUnknown(profile=introduction.profile_name)
    others = SenderAddress.objects.filter(hospital=hospital, address__in=introduction.addresses)
    if others.exclude(sender__code=introduction.code).exists():
        raise AddressTaken

    before = Sender.objects.filter(hospital=hospital, code=introduction.code).first()
    sender = before or Sender(hospital=hospital, code=introduction.code)
    sender.name = introduction.name
    sender.protocol = introduction.protocol
    sender.profile_name = introduction.profile_name
    sender.application = introduction.application
    sender.facility = introduction.facility
    sender.key_digest = digest_of(introduction.key) if introduction.key else ""
    sender.is_active = True
    sender.save()
    SenderAddress.objects.filter(sender=sender).exclude(
        address__in=introduction.addresses
    ).delete()  # fmt: skip
    for address in introduction.addresses:
        SenderAddress.objects.get_or_create(hospital=hospital, sender=sender, address=address)
    return sender
