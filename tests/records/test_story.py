"""What a record says of results, prescriptions and stays: the newest, and nothing unchecked."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from common import clock
from papers.actions import verify_code
from papers.models import Paper, Verification
from pharmacy.actions.receive import receive_prescription
from records.composing import compose_record
from results.actions.file import Issued, Observation, file_report
from results.models import ReportVersion
from tests import make
from tests.make import inpatient as stays
from tests.make import pharmacy, results
from tests.make import records as made
from tests.papers.make import text_of
from visits.models import Visit

pytestmark = pytest.mark.django_db
Status = ReportVersion.Status


def said(paper: Paper) -> str:
    return "".join(text_of(paper.pdf()))


def test_values_stand_as_the_laboratory_sent_them() -> None:
    visit = made.visit()
    order = results.order(patient=visit.patient)
    file_report(order=order, issued=results.issued(order, value="11.8", flag="H"))

    text = said(made.issued(visit))

    wanted = ["白细胞计数", "11.8↑", "10*9/L", "3.5-9.5"]
    assert [word for word in wanted if word not in text] == []


def test_a_new_result_is_a_new_version_and_the_old_code_says_replaced() -> None:
    visit = made.visit()
    order = results.order(patient=visit.patient)
    first = made.issued(visit)
    file_report(order=order, issued=results.issued(order, value="11.8"))

    second = made.issued(visit)

    old = verify_code(typed=first.shown_code)
    assert old.outcome == Verification.Outcome.REVOKED
    assert old.paper is not None
    assert old.paper.revoked_for == Paper.RevokedFor.REPLACED
    assert second.version == 2
    assert "11.8" in said(second)
    assert "11.8" not in said(first)


def test_a_corrected_value_takes_the_place_of_the_first_whatever_came_last() -> None:
    visit = made.visit()
    order = results.order(patient=visit.patient)
    earlier = results.issued(order, value="11.8", at=clock.now() - timedelta(hours=2))
    file_report(order=order, issued=results.issued(order, status=Status.CORRECTED, value="5.1"))
    file_report(order=order, issued=earlier)

    text = said(made.issued(visit))

    assert "5.1" in text
    assert "修订版" in text
    assert "11.8" not in text


@pytest.mark.parametrize(
    ("status", "words"), [(Status.PRELIMINARY, "尚未审核"), (Status.WITHDRAWN, "已撤回")]
)
def test_what_is_unchecked_or_withdrawn_is_named_without_its_values(
    status: Status, words: str
) -> None:
    visit = made.visit()
    order = results.order(patient=visit.patient)
    file_report(order=order, issued=results.issued(order, status=status, value="11.8"))

    text = said(made.issued(visit))

    assert words in text
    assert "11.8" not in text


def test_a_line_without_a_checked_value_is_told_as_waited_for() -> None:
    visit = made.visit()
    order = results.order(patient=visit.patient)
    whole = results.issued(order)
    culture = Observation(code="CUL", name="血培养", value="疑似", is_pending=True)
    issued = Issued(
        filler_number=whole.filler_number,
        code=whole.code,
        name=whole.name,
        status=whole.status,
        issued_at=whole.issued_at,
        observations=(*whole.observations, culture),
        notes=("标本轻度溶血",),
    )
    file_report(order=order, issued=issued)

    text = said(made.issued(visit))

    assert "血培养待报" in text
    assert "疑似" not in text
    assert "标本轻度溶血" in text


def test_a_prescription_stands_with_its_drugs_and_how_far_it_went() -> None:
    visit = made.visit()
    drug = pharmacy.drug(quantity="2.500")
    prescribed = pharmacy.prescribed(number="RX-77", drugs=(drug,))
    receive_prescription(patient=visit.patient, prescribed=prescribed)

    text = said(made.issued(visit))

    wanted = ["处方RX-77", "待缴费", "阿莫西林胶囊", "0.25g×24粒", "每次2粒", "4天", "2.5盒"]
    assert [word for word in wanted if word not in text] == []


def test_of_a_changed_prescription_the_newest_version_alone_is_told() -> None:
    visit = made.visit()
    old, new = pharmacy.drug(quantity="2"), pharmacy.drug(quantity="30")
    for version, drug in ((1, old), (2, new)):
        told = pharmacy.prescribed(number="RX-77", version=version, drugs=(drug,))
        receive_prescription(patient=visit.patient, prescribed=told)

    text = said(made.issued(visit))

    assert "30盒" in text
    assert text.count("处方RX-77") == 1


def test_a_stay_is_told_with_its_days_its_ward_and_its_bed() -> None:
    stay = stays.admission()
    visit = made.as_read(Visit.objects.get(admission=stay).pk)
    clock.shift(timedelta(days=2))

    lying = compose_record(visit)
    text = said(made.issued(visit))

    assert lying["title"] == "住院就诊记录"
    wanted = ["住院就诊记录", "心内科病区", "2026-03-02至今", "住院1床"]
    assert [word for word in wanted if word not in text] == []


def test_results_of_another_visit_stay_out() -> None:
    visit = made.visit()
    other = results.order(patient=make.patient(hospital=visit.hospital))
    file_report(order=other, issued=results.issued(other, value="11.8"))

    assert "11.8" not in said(made.issued(visit))


def test_a_story_takes_the_same_statements_however_long_it_is(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    visit = made.visit()
    for _ in range(2):
        order = results.order(patient=visit.patient)
        file_report(order=order, issued=results.issued(order))
        receive_prescription(
            patient=visit.patient,
            prescribed=pharmacy.prescribed(drugs=(pharmacy.drug(quantity="1"),)),
        )

    with django_assert_num_queries(5):  # orders, reports, versions, prescriptions, drugs
        compose_record(visit)
