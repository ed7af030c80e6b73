"""A tablet as the server knows it: a key of its own that signs what it is asked to."""

import base64
from dataclasses import dataclass, field
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256

from accounts.actions.badge import give_badge, set_pin
from accounts.actions.badge_in import Shown
from accounts.actions.enrol import add_device, enrol_device, make_enrolment_code
from accounts.actions.prove import make_challenge
from accounts.models import Badge, Device, Role, Staff
from accounts.proof import enrolment_text, sign_in_text
from tests import make

PIN = "914062"  # no run, no date, no repeat


def in_base64url(raw: bytes) -> str:
    """As the browser writes it."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@dataclass
class Tablet:
    """One browser's key, and which device it was enrolled as."""

    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    device_id: UUID | None = None

    @property
    def public_key(self) -> str:
        """The point."""
        numbers = self.key.public_key().public_numbers()
        return in_base64url(b"\x04" + numbers.x.to_bytes(32) + numbers.y.to_bytes(32))

    def signed(self, text: bytes) -> str:
        """r and s, as WebCrypto writes them."""
        r, s = utils.decode_dss_signature(self.key.sign(text, ec.ECDSA(SHA256())))
        return in_base64url(r.to_bytes(32) + s.to_bytes(32))

    def asks(self, code: str) -> dict[str, str]:
        """What the enrolment page sends."""
        challenge = make_challenge()
        text = enrolment_text(challenge=challenge, public_key=self.public_key)
        return {
            "code": code,
            "public_key": self.public_key,
            "challenge": challenge,
            "signature": self.signed(text),
        }

    def enrolled_with(self, code: str) -> Device:
        """The device this browser is from now on."""
        device = enrol_device(**self.asks(code))
        self.device_id = device.pk
        return device

    def shows(self, badge_number: str, pin: str = PIN, *, challenge: str = "") -> Shown:
        """Somebody's badge and PIN, with this browser's proof."""
        assert self.device_id is not None
        asked = challenge or make_challenge()
        text = sign_in_text(challenge=asked, device_id=self.device_id)
        return Shown(
            device_id=self.device_id,
            challenge=asked,
            signature=self.signed(text),
            badge_number=badge_number,
            pin=pin,
        )


def enrolled_tablet(by: Staff, *, name: str = "心内科平板 1") -> Tablet:
    """A tablet of the administrator's hospital, in use."""
    device = add_device(by=by, name=name, place="心内科护士站", kind=Device.Kind.TABLET)
    tablet = Tablet()
    tablet.enrolled_with(make_enrolment_code(by=by, device_id=device.pk).code)
    return tablet


def nurse_with_badge(by: Staff, *, number: str = "B-0417", pin: str = PIN) -> Badge:
    """A nurse of the hospital who has chosen a PIN."""
    nurse = make.staff(hospital=by.hospital, role=Role.NURSE, name="周敏")
    give_badge(by=by, staff_number=nurse.number, badge_number=number)
    return set_pin(staff=nurse, pin=pin)
