"""Devices are enrolled by a code and a key, and badge and PIN open something there alone."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.actions.badge import give_badge, open_badge, set_pin, take_badge_back
from accounts.actions.badge_in import MOST_AT_A_DEVICE, sign_in_by_badge
from accounts.actions.enrol import add_device, block_device, make_enrolment_code
from accounts.actions.prove import make_challenge
from accounts.actions.sign_in import sign_in_staff
from accounts.errors import (
    BadgeLocked,
    BadgeNotForRole,
    BadgeRefused,
    BadgeTaken,
    BadgeUnknown,
    DeviceNameTaken,
    DeviceUnknown,
    EnrolmentRefused,
    PinTooEasy,
    ProofRefused,
)
from accounts.models import (
    Account,
    Badge,
    Device,
    DeviceChallenge,
    DeviceEvent,
    DeviceSession,
    Enrolment,
    Role,
    Staff,
)
from accounts.pin import is_too_easy
from common import clock
from tests import make
from tests.accounts.tablet import PIN, Tablet, enrolled_tablet, nurse_with_badge
from tests.make.accounts import PASSWORD

pytestmark = pytest.mark.django_db
NUMBER = "B-0417"
WRONG = "507136"
EASY = (
    "000000 121212 123456 987654 890123 246802 123123 112233 850417 170485 417417 "
    "12345 1234567 １２３４５６ 73920a"
)


@pytest.fixture
def administrator() -> Staff:
    """Who looks after the devices."""
    return make.staff(role=Role.ADMINISTRATOR)


@pytest.fixture
def tablet(administrator: Staff) -> Tablet:
    """A tablet in use."""
    return enrolled_tablet(administrator)


@pytest.fixture
def badge(administrator: Staff) -> Badge:
    """A nurse's."""
    return nurse_with_badge(administrator, number=NUMBER)


def pending(by: Staff) -> Device:
    """A device that waits for its code."""
    return add_device(by=by, name="平板", place="急诊", kind=Device.Kind.TABLET)


def guess(tablet: Tablet, *, times: int, number: str = NUMBER) -> None:
    """Wrong PINs, one after another."""
    for _ in range(times):
        with pytest.raises(BadgeRefused):
            sign_in_by_badge(tablet.shows(number, WRONG))


def device_of_tablet(tablet: Tablet) -> Device:
    """Its row as it is now."""
    return Device.objects.get(pk=tablet.device_id or "")


def test_a_code_and_a_key_bring_a_device_into_use(administrator: Staff) -> None:
    device = pending(administrator)
    made = make_enrolment_code(by=administrator, device_id=device.pk)

    enrolled = Tablet().enrolled_with(made.code)

    assert enrolled.pk == device.pk
    assert enrolled.status == Device.Status.ENROLLED
    assert made.code[6:] not in Enrolment.objects.get().secret_index
    kinds = DeviceEvent.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["added", "code_made", "enrolled"]


def test_a_code_is_good_once_and_for_ten_minutes(administrator: Staff) -> None:
    first = make_enrolment_code(by=administrator, device_id=pending(administrator).pk)
    Tablet().enrolled_with(first.code)
    device = add_device(by=administrator, name="二", place="急诊", kind=Device.Kind.TABLET)
    late = make_enrolment_code(by=administrator, device_id=device.pk)
    Enrolment.objects.filter(device=device).update(expires_at=clock.real_now())

    with pytest.raises(EnrolmentRefused):
        Tablet().enrolled_with(first.code)
    with pytest.raises(EnrolmentRefused):
        Tablet().enrolled_with(late.code)

    assert Device.objects.get(pk=device.pk).status == Device.Status.PENDING


def test_after_five_wrong_codes_the_right_one_is_dead(administrator: Staff) -> None:
    made = make_enrolment_code(by=administrator, device_id=pending(administrator).pk)
    wrong = made.code[:6] + str((int(made.code[6:]) + 1) % 10**8).zfill(8)
    for _ in range(5):
        with pytest.raises(EnrolmentRefused):
            Tablet().enrolled_with(wrong)

    with pytest.raises(EnrolmentRefused):
        Tablet().enrolled_with(made.code)

    assert not Device.objects.filter(status=Device.Status.ENROLLED).exists()


def test_a_key_that_did_not_sign_is_not_taken(administrator: Staff) -> None:
    made = make_enrolment_code(by=administrator, device_id=pending(administrator).pk)
    liar = Tablet()
    liar.signed = Tablet().signed  # type: ignore[method-assign]  # another's signature

    with pytest.raises(ProofRefused):
        liar.enrolled_with(made.code)

    assert Tablet().enrolled_with(made.code).status == Device.Status.ENROLLED


def test_two_devices_of_a_hospital_have_two_names(administrator: Staff) -> None:
    device = pending(administrator)

    with pytest.raises(DeviceNameTaken):
        pending(administrator)

    assert Device.objects.get() == device


def test_nobody_touches_another_hospitals_device(administrator: Staff, tablet: Tablet) -> None:
    stranger = make.staff(role=Role.ADMINISTRATOR)
    device = device_of_tablet(tablet)

    with pytest.raises(DeviceUnknown):
        block_device(by=stranger, device_id=device.pk)
    with pytest.raises(DeviceUnknown):
        make_enrolment_code(by=stranger, device_id=device.pk)

    assert device_of_tablet(tablet).status == Device.Status.ENROLLED


def test_badge_and_pin_sign_in_at_a_device(tablet: Tablet, badge: Badge) -> None:
    session = sign_in_by_badge(tablet.shows(" b-0417 "))

    assert (session.device_id, session.badge.staff_id) == (tablet.device_id, badge.staff_id)
    assert Badge.objects.get().tries_left == 5


def test_a_signature_of_another_key_opens_nothing(tablet: Tablet, badge: Badge) -> None:
    copied_page = Tablet(device_id=tablet.device_id)

    with pytest.raises(ProofRefused):
        sign_in_by_badge(copied_page.shows(NUMBER))

    assert Badge.objects.get().tries_left == 5
    assert not DeviceSession.objects.exists()


def test_another_device_cannot_speak_for_this_one(
    administrator: Staff, tablet: Tablet, badge: Badge
) -> None:
    other = enrolled_tablet(administrator, name="另一台")
    other.device_id = tablet.device_id

    with pytest.raises(ProofRefused):
        sign_in_by_badge(other.shows(NUMBER))


def test_a_challenge_is_good_once(tablet: Tablet, badge: Badge) -> None:
    seen = tablet.shows(NUMBER)
    sign_in_by_badge(seen)

    with pytest.raises(ProofRefused):
        sign_in_by_badge(seen)

    assert DeviceSession.objects.count() == 1


def test_a_challenge_is_good_for_a_minute_and_ours_alone(tablet: Tablet, badge: Badge) -> None:
    late = make_challenge()
    DeviceChallenge.objects.update(expires_at=clock.real_now())

    for text in (late, "of-my-own-making", "x" * 500):
        with pytest.raises(ProofRefused):
            sign_in_by_badge(tablet.shows(NUMBER, challenge=text))


def test_what_is_no_signature_is_refused(tablet: Tablet, badge: Badge) -> None:
    right = tablet.shows(NUMBER)

    for signature in ("", "!", right.signature[:-2], "A" * 86, "签" * 20):
        shown = tablet.shows(NUMBER)
        with pytest.raises(ProofRefused):
            sign_in_by_badge(type(shown)(**{**vars(shown), "signature": signature}))


def test_a_blocked_device_signs_everybody_out_and_nobody_in(
    administrator: Staff, tablet: Tablet, badge: Badge
) -> None:
    session = sign_in_by_badge(tablet.shows(NUMBER))
    block_device(by=administrator, device_id=session.device_id)
    block_device(by=administrator, device_id=session.device_id)

    with pytest.raises(ProofRefused):
        sign_in_by_badge(tablet.shows(NUMBER))

    assert DeviceSession.objects.get().ended_at is not None
    assert DeviceEvent.objects.filter(kind=DeviceEvent.Kind.BLOCKED).count() == 1


def test_a_blocked_device_comes_back_with_a_new_key_alone(
    administrator: Staff, tablet: Tablet, badge: Badge
) -> None:
    device = block_device(by=administrator, device_id=device_of_tablet(tablet).pk)
    made = make_enrolment_code(by=administrator, device_id=device.pk)
    renewed = Tablet()
    renewed.enrolled_with(made.code)

    with pytest.raises(ProofRefused):
        sign_in_by_badge(tablet.shows(NUMBER))

    assert sign_in_by_badge(renewed.shows(NUMBER)).device_id == device.pk


def test_who_comes_next_ends_the_earlier_session(
    administrator: Staff, tablet: Tablet, badge: Badge
) -> None:
    nurse_with_badge(administrator, number="B-2")
    first = sign_in_by_badge(tablet.shows(NUMBER))

    second = sign_in_by_badge(tablet.shows("B-2"))

    assert list(DeviceSession.objects.open()) == [second]
    assert DeviceSession.objects.get(pk=first.pk).ended_at is not None


def test_five_wrong_pins_lock_the_badge_until_the_password(tablet: Tablet, badge: Badge) -> None:
    guess(tablet, times=5)
    with pytest.raises(BadgeLocked):
        sign_in_by_badge(tablet.shows(NUMBER))
    clock.shift(timedelta(days=2))
    with pytest.raises(BadgeLocked):
        sign_in_by_badge(tablet.shows(NUMBER))

    sign_in_staff(username=badge.staff.account.username or "", password=PASSWORD)

    assert sign_in_by_badge(tablet.shows(NUMBER)).badge == badge


def test_an_administrator_opens_a_locked_badge(
    administrator: Staff, tablet: Tablet, badge: Badge
) -> None:
    guess(tablet, times=5)

    open_badge(by=administrator, staff_number=badge.staff.number)

    assert sign_in_by_badge(tablet.shows(NUMBER)).badge == badge


def test_a_right_pin_gives_the_tries_back(tablet: Tablet, badge: Badge) -> None:
    guess(tablet, times=4)
    sign_in_by_badge(tablet.shows(NUMBER))

    guess(tablet, times=4)

    assert sign_in_by_badge(tablet.shows(NUMBER)).badge == badge


def test_a_device_closes_for_guesses_over_many_badges(tablet: Tablet, badge: Badge) -> None:
    for number in range(MOST_AT_A_DEVICE):
        guess(tablet, times=1, number=f"X-{number}")

    with pytest.raises(BadgeLocked) as closed:
        sign_in_by_badge(tablet.shows(NUMBER))
    clock.shift(timedelta(minutes=15))

    assert closed.value.facts == {"until": clock.now()}
    assert sign_in_by_badge(tablet.shows(NUMBER)).badge == badge


def test_a_badge_is_for_one_and_a_new_one_kills_the_old(
    administrator: Staff, tablet: Tablet, badge: Badge
) -> None:
    session = sign_in_by_badge(tablet.shows(NUMBER))
    other = make.staff(hospital=administrator.hospital, role=Role.NURSE)
    with pytest.raises(BadgeTaken):
        give_badge(by=administrator, staff_number=other.number, badge_number=NUMBER)

    give_badge(by=administrator, staff_number=badge.staff.number, badge_number="B-9")

    with pytest.raises(BadgeRefused):
        sign_in_by_badge(tablet.shows(NUMBER))
    with pytest.raises(BadgeRefused):  # the PIN went with the old one
        sign_in_by_badge(tablet.shows("B-9"))
    assert DeviceSession.objects.get(pk=session.pk).ended_at is not None


def test_a_lost_badge_opens_nothing(administrator: Staff, tablet: Tablet, badge: Badge) -> None:
    session = sign_in_by_badge(tablet.shows(NUMBER))

    take_badge_back(by=administrator, staff_number=badge.staff.number)

    with pytest.raises(BadgeRefused):
        sign_in_by_badge(tablet.shows(NUMBER))
    with pytest.raises(BadgeUnknown):
        set_pin(staff=badge.staff, pin=PIN)
    assert DeviceSession.objects.get(pk=session.pk).ended_at is not None


def test_who_is_locked_out_or_does_other_work_gets_in_nowhere(tablet: Tablet, badge: Badge) -> None:
    Staff.objects.filter(pk=badge.staff_id).update(role=Role.MANAGER)
    with pytest.raises(BadgeRefused):
        sign_in_by_badge(tablet.shows(NUMBER))
    Staff.objects.filter(pk=badge.staff_id).update(role=Role.NURSE)
    Account.objects.filter(pk=badge.staff.account_id).update(is_active=False)

    with pytest.raises(BadgeRefused):
        sign_in_by_badge(tablet.shows(NUMBER))

    assert not DeviceSession.objects.exists()


def test_administration_and_money_have_no_badge(administrator: Staff) -> None:
    cashier = make.staff(hospital=administrator.hospital, role=Role.CASHIER)

    with pytest.raises(BadgeNotForRole):
        give_badge(by=administrator, staff_number=cashier.number, badge_number="B-1")

    assert not Badge.objects.exists()


def test_neither_number_nor_pin_can_be_read_in_the_database(badge: Badge) -> None:
    row = Badge.objects.get()

    assert NUMBER not in (row.number_index or "")
    assert PIN not in row.pin


@pytest.mark.parametrize("pin", EASY.split())
def test_an_easy_pin_is_refused(badge: Badge, pin: str) -> None:
    with pytest.raises(PinTooEasy):
        set_pin(staff=badge.staff, pin=pin)

    assert Badge.objects.get().pin == badge.pin


def test_a_pin_that_stands_on_the_badge_is_refused() -> None:
    assert is_too_easy("739206", known=("K739206", "S0001"))
    assert not is_too_easy("739206", known=("K739205", "S0001"))


@given(pin=st.text(alphabet="0123456789", min_size=6, max_size=6))
def test_most_pins_may_be_chosen_and_none_of_two_digits(pin: str) -> None:
    assert is_too_easy(pin) or len(set(pin)) > 2
