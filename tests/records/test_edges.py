"""Who may see visits and records, over HTTP and on the phone."""

from typing import Any
from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from papers.models import Paper
from patients.actions.consent import publish_consent_text
from patients.models import AccessLine, ConsentPurpose, Grant, Relation, Scope
from tests import make
from tests.make import records as made
from tests.papers.make import text_of
from visits.models import Visit

pytestmark = pytest.mark.django_db


class Phone:
    """A patient who is in the house, with their phone."""

    def __init__(self, *, name: str = "欧阳𬱖") -> None:
        self.account = make.account()
        self.visit: Visit = made.visit(account=self.account, name=name)
        self.client: APIClient = make.signed_in_client(self.account)
        code = self.visit.hospital.code
        self.api = f"/api/v1/hospitals/{code}"
        self.root = f"/m/{code}"
        self.page = f"{self.root}/visits/{self.visit.pk}/"

    def ask(self, key: str = "") -> Any:
        """Issue over HTTP."""
        where = f"{self.api}/visits/{self.visit.pk}/record"
        return self.client.post(where, {}, format="json", headers=make.keyed(key))

    def tap(self, key: str = "") -> Any:
        """Issue on the page."""
        data = {"idempotency_key": key or str(uuid4())}
        return self.client.post(self.page, data, follow=True)


@pytest.fixture
def phone() -> Phone:
    return Phone()


def text(answer: Any) -> str:
    return str(answer.content.decode())


def family_phone(of: Phone, *, scopes: list[str]) -> APIClient:
    """Somebody of the family who was granted this."""
    account = make.account()
    Grant.objects.create(
        hospital=of.visit.hospital,
        account=account,
        patient=of.visit.patient,
        relation=Relation.FAMILY,
        scopes=scopes,
        made_at=of.visit.began_at,
    )
    return make.signed_in_client(account)


def test_a_record_is_issued_once_for_one_key_and_for_one_story(phone: Phone) -> None:
    first, again, other_key = phone.ask("one"), phone.ask("one"), phone.ask("two")

    assert first.status_code == again.status_code == other_key.status_code == 201
    assert first.json() == again.json() == other_key.json()
    paper = Paper.objects.get()
    assert first.json()["id"] == str(paper.pk)
    assert first.json()["code"] == paper.shown_code
    assert first.json()["pages"] == 1


def test_the_file_is_the_paper_and_nobody_on_the_way_keeps_it(phone: Phone) -> None:
    paper_id = phone.ask().json()["id"]

    got = phone.client.get(f"{phone.api}/papers/{paper_id}", headers={"Accept": "application/pdf"})

    assert got.content == Paper.objects.get().pdf()
    assert got["Content-Type"] == "application/pdf"
    assert got["Content-Disposition"].startswith("attachment")
    assert got["Cache-Control"] == "no-store"
    assert "欧阳𬱖" in "".join(text_of(got.content))


def test_somebody_elses_visit_and_paper_are_not_there(phone: Phone) -> None:
    paper_id = phone.ask().json()["id"]
    stranger = Phone().client

    asked = stranger.post(
        f"{phone.api}/visits/{phone.visit.pk}/record", {}, format="json", headers=make.keyed()
    )
    answers = [
        asked,
        stranger.get(f"{phone.api}/papers/{paper_id}"),
        stranger.get(phone.page),
        stranger.post(phone.page, {"idempotency_key": "tap"}),
        stranger.get(f"{phone.root}/papers/{paper_id}.pdf"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 5
    assert asked.json()["code"] == "visits.visit_unknown"
    assert answers[1].json()["code"] == "papers.unknown"
    assert Paper.objects.count() == 1


def test_a_refusal_of_a_file_is_a_problem_though_a_pdf_was_asked_for(phone: Phone) -> None:
    missing = phone.client.get(
        f"{phone.api}/papers/{uuid4()}", headers={"Accept": "application/pdf"}
    )

    assert missing.status_code == 404
    assert missing.json()["code"] == "papers.unknown"


def test_words_nobody_asked_for_are_refused(phone: Phone) -> None:
    where = f"{phone.api}/visits/{phone.visit.pk}/record"

    answer = phone.client.post(where, {"purpose": "x"}, format="json", headers=make.keyed())

    assert answer.status_code == 422
    assert not Paper.objects.exists()


def test_the_list_names_ones_own_visits_alone(phone: Phone) -> None:
    Phone()

    rows = phone.client.get(f"{phone.api}/visits").json()["results"]

    assert [row["id"] for row in rows] == [str(phone.visit.pk)]
    assert rows[0]["department"] == phone.visit.department.name


def test_from_the_list_to_the_file_on_the_phone(phone: Phone) -> None:
    made.order(phone.visit)

    listed = phone.client.get(f"{phone.root}/visits/")
    shown = phone.client.get(phone.page)
    issued = phone.tap()

    paper = Paper.objects.get()
    assert f"/visits/{phone.visit.pk}/" in text(listed)
    assert "欧阳𬱖" in text(shown)
    assert "血常规" in text(shown)
    assert "出具就诊记录 (PDF)" in text(shown)
    assert paper.shown_code in text(issued)
    file = phone.client.get(f"{phone.root}/papers/{paper.pk}.pdf")
    assert file.content == paper.pdf()
    assert file["Content-Disposition"].startswith("attachment")
    assert file["Cache-Control"] == "no-store"


def test_a_double_tap_issues_once(phone: Phone) -> None:
    phone.tap("tap")
    phone.tap("tap")

    assert Paper.objects.count() == 1


def test_the_page_without_visits_says_how_to_get_one(phone: Phone) -> None:
    newcomer = make.signed_in_client(make.account())

    assert "去预约挂号" in text(newcomer.get(f"{phone.root}/visits/"))


def test_the_family_reads_records_only_where_the_person_agreed(phone: Phone) -> None:
    before = family_phone(phone, scopes=[Scope.BOOK, Scope.PAY, Scope.QUEUE])

    assert before.get(phone.page).status_code == 404
    assert not AccessLine.objects.exists()


def test_what_the_family_reads_leaves_lines_and_what_oneself_reads_none(phone: Phone) -> None:
    paper_id = phone.ask().json()["id"]
    phone.client.get(phone.page)
    own_lines = AccessLine.objects.count()
    trusted = family_phone(phone, scopes=[Scope.REPORTS])

    trusted.get(phone.page)
    trusted.get(f"{phone.root}/papers/{paper_id}.pdf")

    assert own_lines == 0
    lines = AccessLine.objects.filter(patient=phone.visit.patient).order_by("pk")
    assert [(line.shown, line.reason) for line in lines] == [
        ("visit", "family"),
        ("visit record", "family"),
    ]


def test_a_visitor_is_led_to_the_entrance(phone: Phone) -> None:
    visitor = APIClient()

    assert visitor.get(phone.page)["Location"].startswith("/m/enter")
    assert visitor.get(f"{phone.api}/visits").status_code == 401


def test_the_list_takes_as_many_statements_for_one_visit_as_for_many(
    phone: Phone, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    made.visit(patient=phone.visit.patient, account=phone.account)

    with django_assert_num_queries(8):
        phone.client.get(f"{phone.root}/visits/")


@pytest.mark.parametrize("page", ["visits/", "visits/{visit}/"])
def test_without_consent_to_see_results_no_record_is_shown(phone: Phone, page: str) -> None:
    hospital = phone.visit.hospital
    publish_consent_text(
        hospital=hospital, purpose=ConsentPurpose.RESULTS, body="同意吗", what_stops="都停"
    )

    shown = phone.client.get(f"{phone.root}/{page.format(visit=phone.visit.pk)}")
    listed = phone.client.get(f"{phone.api}/visits")

    assert shown.status_code == 302
    assert shown["Location"].startswith(f"{phone.root}/me/consents/?next=")
    assert listed.json()["code"] == "patients.consent_needed"
    assert phone.ask().json()["code"] == "patients.consent_needed"
