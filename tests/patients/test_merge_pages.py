"""The records office's pages: charts compared, decided, taken back; a death registered."""

from uuid import uuid4

import pytest
from django.test import Client

from accounts.models import Role, Staff
from booking.models import Appointment
from patients.actions.open_review import open_merge_review
from patients.models import AccessLine, Death, MergeReason, MergeReview, Patient
from tests import make

pytestmark = pytest.mark.django_db


class Desk:
    """A clerk of the records office, signed in, with two charts."""

    def __init__(self, *, role: str = Role.RECORDS_OFFICE) -> None:
        first, _, second = (make.resident_id() for _ in range(3))  # of one sex
        self.first = make.patient(name="王建国", document_number=first)
        self.second = make.patient(
            hospital=self.first.hospital,
            name="王建帼",
            document_number=second,
            phone="13900139000",
        )
        self.staff: Staff = make.staff(hospital=self.first.hospital, role=role)
        self.client = Client()
        self.client.force_login(self.staff.account)
        self.root = f"/staff/{self.first.hospital.code}"

    def post(self, path: str, **said: str) -> tuple[int, str]:
        answer = self.client.post(
            f"{self.root}/{path}", {"idempotency_key": str(uuid4()), **said}, follow=True
        )
        return answer.status_code, answer.content.decode()

    def get(self, path: str) -> tuple[int, str]:
        answer = self.client.get(f"{self.root}/{path}")
        return answer.status_code, answer.content.decode()

    def name_both(self) -> str:
        """The path of the review of the two numbers."""
        self.post(
            "merge-reviews/", first=self.first.number, second=self.second.number, evidence="同一人"
        )
        return f"merge-reviews/{MergeReview.objects.get().pk}/"


def test_two_numbers_are_named_compared_joined_and_split_again() -> None:
    desk = Desk()
    path = desk.name_both()

    _, shown = desk.get(path)
    desk.post(path, decision=f"join:{desk.first.pk}", because="本人确认")
    assert Patient.objects.get(pk=desk.second.pk).joined_to == desk.first
    desk.post(path, decision="split", because="认错人")

    assert "王建帼" in shown
    assert "139****9000" in shown
    assert "13900139000" not in shown
    assert desk.second.document_number not in shown
    assert shown.count("不同") == 3  # name, document and phone
    assert Patient.objects.get(pk=desk.second.pk).joined_to is None
    assert set(AccessLine.objects.values_list("patient_id", flat=True)) == {
        desk.first.pk,
        desk.second.pk,
    }


def test_a_decision_without_a_reason_or_for_an_unknown_number_is_refused() -> None:
    desk = Desk()
    path = desk.name_both()

    refused, _ = desk.post(path, decision="apart", because="")
    _, unknown = desk.post("merge-reviews/", first="1", second=desk.first.number, evidence="无")

    assert refused == 422
    assert "本院没有这个门诊号" in unknown
    assert MergeReview.objects.get().status == MergeReview.Status.OPEN


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.DOCTOR, Role.MANAGER])
def test_nobody_else_opens_these_pages(role: str) -> None:
    desk = Desk(role=role)

    assert [desk.get(path)[0] for path in ("merge-reviews/", "deaths/")] == [403, 403]
    assert "merge-reviews" not in desk.client.get(f"{desk.root}/").content.decode()


def test_a_list_names_fifty_a_page_with_masked_names() -> None:
    desk = Desk()
    for _ in range(51):
        other = make.patient(hospital=desk.first.hospital)
        open_merge_review(first=desk.first, second=other, reason=MergeReason.DOCUMENT)

    _, listed = desk.get("merge-reviews/")
    _, rest = desk.get("merge-reviews/?page=2")

    assert (listed.count("待审核</"), rest.count("待审核</")) == (51, 2)  # and the tab
    assert "王建国" not in listed


def test_another_hospitals_review_and_patient_are_not_found() -> None:
    desk, other = Desk(), Desk()
    path = other.name_both()

    assert desk.get(path)[0] == 404
    assert desk.get(f"deaths/{other.first.pk}/")[0] == 404


def test_a_death_is_registered_by_number_and_undone_with_a_reason() -> None:
    desk = Desk()
    slot = make.slot(hospital=desk.first.hospital)
    make.appointment(slot=slot, patient=desk.first)

    _, found = desk.post("deaths/", number=desk.first.number)
    path = f"deaths/{desk.first.pk}/"
    desk.post(path, died_on="2026-03-01")
    assert Appointment.objects.get().status == Appointment.Status.CANCELLED
    desk.post(path, because="登记错了")

    assert desk.first.document_number not in found
    assert Death.objects.get().undone_by == desk.staff
