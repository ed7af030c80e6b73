"""Hiring, other roles, leaving and coming back, and the lines that stay."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.actions.change_role import change_role
from accounts.actions.hire import Post, hire_staff, return_to_service
from accounts.actions.leave_service import end_service
from accounts.actions.password import change_own_password, reset_password
from accounts.actions.sign_in import sign_in_staff
from accounts.errors import (
    LastAdministrator,
    NotAdministrator,
    NumberTaken,
    PasswordOver,
    PasswordWeak,
    ServiceEnded,
    SignInLocked,
    SignInRefused,
    StaffUnknown,
    StillInService,
)
from accounts.models import OneTimeTicket, Role, Staff, StaffChange, Token
from accounts.passwords import OneTimePassword, one_time_password
from common import clock
from tests import make
from tests.make.accounts import PASSWORD

pytestmark = pytest.mark.django_db
OWN = "Lotus-Pond-At-Dusk"
WRONG = "Autumn-wind"
What = StaffChange.What


@pytest.fixture
def admin() -> Staff:
    """The hospital's only administrator."""
    return make.staff(role=Role.ADMINISTRATOR)


def hire(admin: Staff, *, number: str = "N100", role: str = Role.NURSE) -> tuple[Staff, str]:
    """Somebody new, and the password they were given."""
    given = one_time_password()
    post = Post(number=number, name="何清", role=role)
    return hire_staff(hospital=admin.hospital, post=post, password=given, by=admin), given.plain


def lines(staff: Staff) -> list[tuple[str, str]]:
    """What was ever done about somebody, the oldest first."""
    rows = StaffChange.objects.filter(staff=staff).order_by("at", "pk")
    return list(rows.values_list("what", "detail"))


def test_who_is_hired_signs_in_with_a_password_that_must_be_changed(admin: Staff) -> None:
    nurse, password = hire(admin)

    account = sign_in_staff(username=nurse.account.username or "", password=password)

    assert account.staff_row == nurse
    assert nurse.password_until == clock.now() + timedelta(days=3)
    assert lines(nurse) == [(What.HIRED, "nurse")]
    assert StaffChange.objects.get().by == admin


def test_a_one_time_password_is_over_after_three_days(admin: Staff) -> None:
    nurse, password = hire(admin)
    clock.shift(timedelta(days=3))

    with pytest.raises(PasswordOver):
        sign_in_staff(username=nurse.account.username or "", password=password)


def test_a_number_is_given_once(admin: Staff) -> None:
    hire(admin)

    with pytest.raises(NumberTaken):
        hire(admin)

    assert Staff.objects.count() == 2


def test_nobody_but_an_administrator_in_service_decides(admin: Staff) -> None:
    manager = make.staff(hospital=admin.hospital, role=Role.MANAGER)

    with pytest.raises(NotAdministrator):
        change_role(staff_id=manager.pk, role=Role.ADMINISTRATOR, by=manager)

    assert not StaffChange.objects.exists()


def test_the_staff_of_another_hospital_are_not_there(admin: Staff) -> None:
    stranger = make.staff(role=Role.NURSE)

    with pytest.raises(StaffUnknown):
        end_service(staff_id=stranger.pk, by=admin)


def test_who_leaves_is_out_of_every_door_at_once(admin: Staff) -> None:
    nurse = make.staff(hospital=admin.hospital, role=Role.NURSE)
    client = make.signed_in_client(nurse)
    home = f"/staff/{admin.hospital.code}/"
    assert client.get(home).status_code == 200

    end_service(staff_id=nurse.pk, by=admin)

    assert client.get(home).status_code == 302
    assert client.post("/api/v1/me/socket-tickets").status_code == 401
    assert not Token.objects.exists()
    assert not OneTimeTicket.objects.exists()
    with pytest.raises(SignInRefused):
        sign_in_staff(username=nurse.account.username or "", password=PASSWORD)


def test_who_comes_back_starts_anew_and_the_old_session_stays_shut(admin: Staff) -> None:
    nurse = make.staff(hospital=admin.hospital, role=Role.NURSE)
    old = Client()
    old.force_login(nurse.account)
    end_service(staff_id=nurse.pk, by=admin)
    given = one_time_password()

    return_to_service(staff_id=nurse.pk, role=Role.TRIAGE, password=given, by=admin)

    assert sign_in_staff(username=nurse.account.username or "", password=given.plain).is_active
    assert old.get(f"/staff/{admin.hospital.code}/").status_code == 302
    assert lines(nurse) == [(What.ENDED, ""), (What.RETURNED, "triage")]
    with pytest.raises(StillInService):
        return_to_service(staff_id=nurse.pk, role=Role.NURSE, password=given, by=admin)


def test_who_has_left_gets_no_role_and_no_password(admin: Staff) -> None:
    nurse = make.staff(hospital=admin.hospital, role=Role.NURSE)
    end_service(staff_id=nurse.pk, by=admin)

    for verb in (
        lambda: end_service(staff_id=nurse.pk, by=admin),
        lambda: change_role(staff_id=nurse.pk, role=Role.DOCTOR, by=admin),
        lambda: reset_password(
            staff_id=nurse.pk,
            password=OneTimePassword("x", hashed="x"),
            hospital=admin.hospital,
            by=admin,
        ),
    ):
        with pytest.raises(ServiceEnded):
            verb()

    assert lines(nurse) == [(What.ENDED, "")]


def test_another_role_counts_at_once_and_is_written_down_once(admin: Staff) -> None:
    nurse = make.staff(hospital=admin.hospital, role=Role.NURSE)
    client = make.signed_in_client(nurse)

    change_role(staff_id=nurse.pk, role=Role.PHARMACIST, by=admin)
    change_role(staff_id=nurse.pk, role=Role.PHARMACIST, by=admin)

    assert client.get(f"/staff/{admin.hospital.code}/pharmacy/").status_code == 200
    assert client.get(f"/staff/{admin.hospital.code}/wards/").status_code == 403
    assert lines(nurse) == [(What.ROLE, "nurse→pharmacist")]


def test_the_last_administrator_stays_one(admin: Staff) -> None:
    left = make.staff(hospital=admin.hospital, role=Role.ADMINISTRATOR)
    end_service(staff_id=left.pk, by=admin)

    with pytest.raises(LastAdministrator):
        end_service(staff_id=admin.pk, by=admin)
    with pytest.raises(LastAdministrator):
        change_role(staff_id=admin.pk, role=Role.MANAGER, by=admin)

    assert Staff.objects.get(pk=admin.pk).role == Role.ADMINISTRATOR
    assert not Staff.objects.get(pk=admin.pk).has_left


def test_a_reset_password_closes_what_the_old_one_opened_and_unlocks_the_name(
    admin: Staff,
) -> None:
    nurse = make.staff(hospital=admin.hospital, role=Role.NURSE)
    client, name = make.signed_in_client(nurse), nurse.account.username or ""
    for _ in range(5):
        with pytest.raises(SignInRefused):
            sign_in_staff(username=name, password=WRONG)
    given = one_time_password()

    reset_password(staff_id=nurse.pk, password=given, hospital=admin.hospital, by=admin)

    assert client.get(f"/staff/{admin.hospital.code}/").status_code == 302
    assert client.post("/api/v1/me/socket-tickets").status_code == 401
    assert sign_in_staff(username=name, password=given.plain).is_active


def test_the_own_password_is_changed_by_who_knows_the_old_one(admin: Staff) -> None:
    change_own_password(staff=admin, current=PASSWORD, new=OWN)

    assert sign_in_staff(username=admin.account.username or "", password=OWN).is_active
    assert lines(admin) == [(What.OWN_PASSWORD, "")]


@pytest.mark.parametrize("new", ["Short-1", "password123", "20261122202611", PASSWORD])
def test_a_weak_or_an_unchanged_password_is_refused(admin: Staff, new: str) -> None:
    with pytest.raises(PasswordWeak):
        change_own_password(staff=admin, current=PASSWORD, new=new)

    assert sign_in_staff(username=admin.account.username or "", password=PASSWORD).is_active


def test_guessing_the_current_password_is_locked_as_guessing_at_the_door(admin: Staff) -> None:
    for _ in range(5):
        with pytest.raises(SignInRefused):
            change_own_password(staff=admin, current=WRONG, new=OWN)

    with pytest.raises(SignInLocked):
        change_own_password(staff=admin, current=PASSWORD, new=OWN)
    with pytest.raises(SignInLocked):
        sign_in_staff(username=admin.account.username or "", password=PASSWORD)


def test_a_line_about_a_change_is_neither_changed_nor_deleted(admin: Staff) -> None:
    hire(admin)

    with pytest.raises(TypeError):
        StaffChange.objects.all().delete()
    with pytest.raises(TypeError):
        StaffChange.objects.update(detail="")
    with pytest.raises(TypeError):
        StaffChange.objects.get().delete()
    line = StaffChange.objects.get()
    line.detail = "doctor"
    with pytest.raises(TypeError):
        line.save()
