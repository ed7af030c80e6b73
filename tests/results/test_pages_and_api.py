"""Who reads which report, over HTTP and on screens, and the lines that readers leave."""

from datetime import timedelta
from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import Account, Role, Staff
from clinic.models import Doctor
from common import clock
from notifications.models import Message
from notifications.words import words_for
from patients.models import AccessLine, Grant, Relation, Scope
from results.actions.file import file_report
from results.answers import steps_of_day
from results.models import Report, ReportVersion
from results.words import READY
from tests import make
from tests.make.results import issued, order
from visits.actions.visit import end_visit
from visits.models import Visit

pytestmark = pytest.mark.django_db
Status = ReportVersion.Status


@pytest.fixture
def account() -> Account:
    return make.account()


@pytest.fixture
def report(account: Account) -> Report:
    """A final report of the account's own, with one value too high."""
    ordered = order(patient=make.patient(account=account))
    return file_report(order=ordered, issued=issued(ordered, value="11.4", flag="H"))


def api(report: Report, *more: str) -> str:
    return "/".join([f"/api/v1/hospitals/{report.hospital.code}/reports", *more])


def newer(report: Report, status: str, value: str = "5.0") -> None:
    """The laboratory issues another version a minute later."""
    clock.shift(timedelta(minutes=1))
    told = issued(report.order, status=status, at=clock.now(), value=value)
    file_report(order=report.order, issued=told)


def doctor_of(visit: Visit) -> Staff:
    """A doctor of the visit's department who can sign in."""
    staff = make.staff(hospital=visit.hospital, role=Role.DOCTOR)
    doctor = make.doctor(department=visit.department)
    Doctor.objects.filter(pk=doctor.pk).update(staff=staff)
    return staff


def test_the_list_shows_no_content(account: Account, report: Report) -> None:
    answer = make.signed_in_client(account).get(api(report))

    (row,) = answer.json()["results"]
    assert (row["id"], row["status"], row["name"]) == (str(report.pk), "final", "血常规")
    assert "11.4" not in answer.content.decode()
    assert not AccessLine.objects.exists()


def test_the_detail_shows_the_newest_version_as_sent(account: Account, report: Report) -> None:
    newer(report, Status.CORRECTED, value="10.9")

    answer = make.signed_in_client(account).get(api(report, str(report.pk))).json()

    (line,) = answer["observations"]
    assert (answer["status"], line["value"], line["reference"]) == ("corrected", "10.9", "3.5-9.5")


@pytest.mark.parametrize("status", [Status.WITHDRAWN, Status.PRELIMINARY])
def test_values_that_may_not_be_used_are_shown_nowhere(
    account: Account, report: Report, status: str
) -> None:
    newer(report, status, value="7.77")
    client = make.signed_in_client(account)

    answer = client.get(api(report, str(report.pk))).json()
    page = client.get(f"/m/{report.hospital.code}/reports/{report.pk}/").content.decode()

    assert (answer["status"], answer["observations"]) == (status, [])
    assert "7.77" not in page
    assert "11.4" not in page


def test_reading_takes_four_statements_beside_the_callers_own(
    account: Account, report: Report, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        ordered = order(patient=report.patient)
        file_report(order=ordered, issued=issued(ordered))
    client = make.signed_in_client(account)
    caller = 2  # the token, and whether the account is staff

    with django_assert_max_num_queries(4 + caller):
        client.get(api(report))
    with django_assert_max_num_queries(4 + caller):
        client.get(api(report, str(report.pk)))


def test_a_stranger_and_a_family_without_consent_find_nothing(report: Report) -> None:
    family = make.account()
    Grant.objects.create(
        hospital=report.hospital,
        account=family,
        patient=report.patient,
        relation=Relation.FAMILY,
        scopes=[Scope.BOOK, Scope.PAY, Scope.QUEUE],
        made_at=clock.now(),
    )

    for who in (make.account(), family):
        client = make.signed_in_client(who)
        assert client.get(api(report)).json()["results"] == []
        assert client.get(api(report, str(report.pk))).status_code == 404
        assert client.get(f"/m/{report.hospital.code}/reports/{report.pk}/").status_code == 404
    assert not AccessLine.objects.exists()


def test_nobody_reads_without_signing_in(report: Report) -> None:
    client = make.signed_in_client(make.account())
    client.logout()
    client.credentials()

    problem = client.get(api(report, str(report.pk)))

    assert problem.status_code == 401
    assert problem.headers["Content-Type"].startswith("application/problem+json")


def test_another_hospitals_address_does_not_lead_to_it(account: Account, report: Report) -> None:
    other = make.hospital()

    answer = make.signed_in_client(account).get(
        f"/api/v1/hospitals/{other.code}/reports/{report.pk}"
    )

    assert answer.status_code == 404
    assert answer.json()["code"] == "results.report_unknown"


def test_the_family_that_may_read_leaves_a_line(report: Report) -> None:
    family = make.account()
    Grant.objects.create(
        hospital=report.hospital,
        account=family,
        patient=report.patient,
        relation=Relation.FAMILY,
        scopes=[Scope.REPORTS],
        made_at=clock.now(),
    )

    answer = make.signed_in_client(family).get(api(report, str(report.pk)))

    assert answer.json()["observations"][0]["value"] == "11.4"
    line = AccessLine.objects.get()
    assert (line.account, line.patient, line.shown) == (family, report.patient, "report")


def test_the_phone_says_too_high_in_words_and_sign(account: Account, report: Report) -> None:
    page = make.signed_in_client(account).get(f"/m/{report.hospital.code}/reports/{report.pk}/")

    text = page.content.decode()
    assert "偏高" in text
    assert "↑" in text
    assert "3.5-9.5" in text


def test_the_phone_says_what_was_corrected_and_withdrawn(account: Account, report: Report) -> None:
    client = make.signed_in_client(account)
    address = f"/m/{report.hospital.code}/reports/"

    newer(report, Status.CORRECTED)
    assert "修订后的报告" in client.get(f"{address}{report.pk}/live/").content.decode()
    newer(report, Status.WITHDRAWN)
    assert "这份报告已撤回" in client.get(f"{address}{report.pk}/live/").content.decode()
    assert "已撤回" in client.get(f"{address}live/").content.decode()


def test_a_phone_without_reports_says_so(report: Report) -> None:
    page = make.signed_in_client(make.account()).get(f"/m/{report.hospital.code}/reports/")

    assert "还没有报告" in page.content.decode()


def patient_reports(report: Report) -> str:
    return f"/staff/{report.hospital.code}/patients/{report.patient_id}/reports/"


def test_the_doctor_reads_while_the_patient_is_in_the_department(report: Report) -> None:
    staff = doctor_of(report.order.visit)

    page = make.signed_in_client(staff).get(patient_reports(report)).content.decode()

    assert "11.4" in page
    line = AccessLine.objects.get()
    assert (line.staff, line.shown, line.reason) == (staff, "report", "open visit")


def test_the_doctors_page_can_ask_for_the_part_alone(report: Report) -> None:
    client = make.signed_in_client(doctor_of(report.order.visit))

    part = client.get(patient_reports(report), HTTP_HX_REQUEST="true").content.decode()

    assert "11.4" in part
    assert "<html" not in part


def test_without_a_care_relation_there_is_no_such_patient(report: Report) -> None:
    own = doctor_of(report.order.visit)
    elsewhere = make.staff(hospital=report.hospital, role=Role.DOCTOR)
    nurse = make.staff(hospital=report.hospital, role=Role.NURSE)

    assert make.signed_in_client(elsewhere).get(patient_reports(report)).status_code == 404
    assert make.signed_in_client(nurse).get(patient_reports(report)).status_code == 403
    end_visit(visit=report.order.visit)
    assert make.signed_in_client(own).get(patient_reports(report)).status_code == 404
    assert not AccessLine.objects.exists()


def test_another_hospitals_doctor_finds_nobody(report: Report) -> None:
    foreign = make.staff(role=Role.DOCTOR)
    client = make.signed_in_client(foreign)
    there = f"/staff/{foreign.hospital.code}/patients"

    assert client.get(patient_reports(report)).status_code == 404
    assert client.get(f"{there}/{report.patient_id}/reports/").status_code == 404
    assert client.get(f"{there}/{uuid4()}/reports/").status_code == 404


def test_the_words_of_a_message_tell_nothing_of_the_report(report: Report) -> None:
    make.template(hospital=report.hospital, code=READY, scope=Scope.REPORTS, fields={})
    newer(report, Status.FINAL)
    message = Message.objects.get(template=READY, status=Message.Status.QUEUED)

    facts = words_for.ask(READY)(message)

    assert facts == {"hospital": report.hospital.name, "issued_at": "2026-03-02 08:01"}


def test_the_day_of_the_patient_has_its_step(report: Report) -> None:
    (step,) = steps_of_day(report.patient, clock.today())

    assert (step.title, step.state) == ("血常规：已出报告", "done")
    assert step.href == f"/m/{report.hospital.code}/reports/{report.pk}/"
    assert steps_of_day(report.patient, clock.today() - timedelta(days=1)) == []
