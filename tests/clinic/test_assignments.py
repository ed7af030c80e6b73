"""Where somebody works, and for whom: wards, queues and records follow."""

from datetime import timedelta

import pytest

from accounts.actions.leave_service import end_service
from accounts.errors import NotAdministrator
from accounts.models import Role, Staff, StaffChange
from clinic.actions.assign import Times, assign_department, end_assignment, stand_in
from clinic.errors import AssignedAlready, AssignmentTimesWrong, StandInRefused
from clinic.models import Assignment, Department
from clinic.reach import reach_of
from common import clock
from hospitals.actions.decide import decide_policy
from hospitals.models import Hospital
from hospitals.policy import forget_policies
from tests import make

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def admin() -> Staff:
    """Who decides."""
    return make.staff(role=Role.ADMINISTRATOR)


@pytest.fixture
def hospital(admin: Staff) -> Hospital:
    """Where."""
    return admin.hospital


@pytest.fixture
def ward(hospital: Hospital) -> Department:
    """A department with a bed."""
    found = make.department(hospital=hospital, name="心内病区")
    make.bed(ward=found)
    return found


def assign(staff: Staff, where: Department, *, by: Staff, until: timedelta | None = None) -> None:
    """From now on, or for a while."""
    now = clock.now()
    times = Times(since=now, until=now + until if until else None)
    assign_department(
        staff_id=staff.pk, department_id=where.pk, times=times, hospital=by.hospital, by=by
    )


def test_a_nurse_sees_the_wards_she_is_assigned_to_and_no_other(
    admin: Staff, ward: Department
) -> None:
    nurse = make.staff(hospital=admin.hospital, role=Role.NURSE)
    other = make.department(hospital=admin.hospital, name="骨科病区")
    make.bed(ward=other)
    assign(nurse, ward, by=admin)
    client, wards = make.signed_in_client(nurse), f"/staff/{admin.hospital.code}/wards/"

    text = client.get(wards).content.decode()

    assert "心内病区" in text
    assert "骨科病区" not in text
    assert client.get(f"{wards}{ward.pk}/").status_code == 200
    assert client.get(f"{wards}{other.pk}/").status_code == 404


def test_who_was_never_assigned_keeps_the_house_until_it_requires_departments(
    hospital: Hospital, ward: Department
) -> None:
    nurse = make.staff(hospital=hospital, role=Role.NURSE)
    before = reach_of(nurse).covers(ward.pk)

    decide_policy(hospital=hospital, effective_on=clock.today(), assignments_required=True)
    forget_policies()

    assert before
    assert not reach_of(nurse).covers(ward.pk)


def test_an_assignment_that_is_over_leaves_nothing_not_the_whole_house(
    admin: Staff, ward: Department
) -> None:
    nurse = make.staff(hospital=admin.hospital, role=Role.NURSE)
    assign(nurse, ward, by=admin, until=HOUR)
    assert reach_of(nurse).covers(ward.pk)

    clock.shift(HOUR)

    assert not reach_of(nurse).covers(ward.pk)


def test_a_stand_in_works_at_the_colleagues_queue_and_it_ends_by_itself(admin: Staff) -> None:
    session = make.session(hospital=admin.hospital, on=clock.today())
    absent = make.staff(hospital=admin.hospital, name="周远")
    session.doctor.staff = absent
    session.doctor.save(update_fields=["staff"])
    doctor = make.staff(hospital=admin.hospital)
    client, queue = (
        make.signed_in_client(doctor),
        f"/staff/{admin.hospital.code}/queues/{session.pk}/",
    )
    before = client.get(queue).status_code
    times = Times(since=clock.now(), until=clock.now() + 4 * HOUR)

    stand_in(
        staff_id=doctor.pk,
        department_id=session.department_id,
        for_number=absent.number,
        times=times,
        by=admin,
    )
    during = client.get(queue).status_code
    clock.shift(4 * HOUR)

    assert (before, during, client.get(queue).status_code) == (404, 200, 404)
    line = StaffChange.objects.get()
    assert line.detail == f"{session.department.code} 代 {absent.number}"


@pytest.mark.parametrize(
    ("role", "hours", "refusal"),
    [
        (Role.NURSE, 4, StandInRefused),
        (Role.DOCTOR, 0, AssignmentTimesWrong),
        (Role.DOCTOR, 24 * 200, AssignmentTimesWrong),
    ],
)
def test_one_stands_in_for_the_same_role_and_not_for_ever(
    admin: Staff, role: str, hours: int, refusal: type[Exception]
) -> None:
    absent = make.staff(hospital=admin.hospital, role=role)
    doctor, where = make.staff(hospital=admin.hospital), make.department(hospital=admin.hospital)
    times = Times(since=clock.now(), until=clock.now() + hours * HOUR)

    with pytest.raises(refusal):
        stand_in(
            staff_id=doctor.pk,
            department_id=where.pk,
            for_number=absent.number,
            times=times,
            by=admin,
        )

    assert not Assignment.objects.exists()


def test_an_assignment_is_made_once_and_ended_once(admin: Staff, ward: Department) -> None:
    nurse = make.staff(hospital=admin.hospital, role=Role.NURSE)
    assign(nurse, ward, by=admin)
    with pytest.raises(AssignedAlready):
        assign(nurse, ward, by=admin)

    end_assignment(assignment_id=Assignment.objects.get().pk, by=admin)

    assert not reach_of(nurse).covers(ward.pk)
    whats = list(StaffChange.objects.order_by("at", "pk").values_list("what", "detail"))
    assert whats == [("assigned", ward.code), ("unassigned", ward.code)]


def test_who_leaves_works_nowhere_and_nobody_stands_in_for_them(
    admin: Staff, ward: Department
) -> None:
    one, other = (make.staff(hospital=admin.hospital, role=Role.NURSE) for _ in range(2))
    assign(one, ward, by=admin)
    stand_in(
        staff_id=other.pk,
        department_id=ward.pk,
        for_number=one.number,
        times=Times(since=clock.now(), until=clock.now() + HOUR),
        by=admin,
    )

    end_service(staff_id=one.pk, by=admin)

    assert not Assignment.objects.not_over(clock.now()).exists()


def test_nobody_but_an_administrator_assigns(admin: Staff, ward: Department) -> None:
    manager = make.staff(hospital=admin.hospital, role=Role.MANAGER)

    with pytest.raises(NotAdministrator):
        assign(manager, ward, by=manager)
