"""A visit's record: one story, one paper; another story, another version."""

from datetime import timedelta

import pytest

from common import clock
from papers.actions import revoke_paper, verify_code, verify_file
from papers.errors import PaperOvertaken
from papers.models import Paper, Verification
from records.actions import issue_record
from records.errors import RecordOvertaken
from records.models import IssuedRecord
from records.preparing import prepare_record
from tests import make
from tests.make import records as made
from tests.papers.make import text_of
from visits.actions.order import withdraw_order
from visits.actions.visit import end_visit

pytestmark = pytest.mark.django_db
Outcome = Verification.Outcome


def said(paper: Paper) -> str:
    return "".join(text_of(paper.pdf()))


def test_an_issued_record_is_genuine_by_code_and_by_file() -> None:
    paper = made.issued(made.visit())

    assert verify_code(typed=paper.shown_code).outcome == Outcome.GENUINE
    assert verify_file(pdf=paper.pdf()).outcome == Outcome.GENUINE


def test_a_record_with_one_changed_byte_is_altered() -> None:
    paper = made.issued(made.visit())
    changed = bytearray(paper.pdf())
    changed[len(changed) // 2] ^= 1

    assert verify_file(pdf=bytes(changed)).outcome == Outcome.ALTERED


def test_the_record_says_who_when_where_and_what_was_asked_for() -> None:
    visit = made.visit(name="欧阳𬱖㛃")
    made.performed(made.order(visit))
    made.order(visit, code="CT", name="胸部CT")

    text = said(made.issued(visit))

    doctor = visit.doctor.name if visit.doctor else ""
    wanted = ["欧阳𬱖㛃", "门诊就诊记录", "2026-03-0208:00", visit.department.name, doctor]
    wanted += ["血常规", "已执行", "胸部CT", "待缴费", visit.patient.number]
    assert [word for word in wanted if word not in text] == []
    assert visit.patient.document_number not in text


def test_what_was_taken_back_is_not_told() -> None:
    visit = made.visit()
    withdraw_order(order_id=made.order(visit, name="胸部CT").pk)

    assert "胸部CT" not in said(made.issued(visit))


def test_the_same_story_twice_is_one_paper() -> None:
    visit = made.visit()
    first = made.issued(visit)
    clock.shift(timedelta(hours=1))

    second = made.issued(visit)

    assert second == first
    assert Paper.objects.count() == IssuedRecord.objects.count() == 1


def test_another_story_is_a_new_version_and_the_old_code_says_so() -> None:
    visit = made.visit()
    first = made.issued(visit)
    made.order(visit)

    second = made.issued(visit)

    old = verify_code(typed=first.shown_code)
    assert (second.version, second.replaces_id) == (2, first.pk)
    assert old.outcome == Outcome.REVOKED
    assert old.paper is not None
    assert old.paper.revoked_for == Paper.RevokedFor.REPLACED
    assert verify_code(typed=second.shown_code).outcome == Outcome.GENUINE


def test_a_visit_that_is_over_tells_another_story_than_an_open_one() -> None:
    visit = made.visit()
    first = made.issued(visit)
    end_visit(visit=visit)

    second = made.issued(made.as_read(visit.pk))

    assert "尚未结束" in said(first)
    assert "尚未结束" not in said(second)


def test_a_revoked_record_is_issued_anew_though_nothing_changed() -> None:
    visit = made.visit()
    first = made.issued(visit)
    revoke_paper(hospital_id=visit.hospital_id, paper_id=first.pk, reason=Paper.RevokedFor.MISTAKE)

    second = made.issued(visit)

    assert (second.version, second.status) == (2, Paper.Status.ISSUED)


def test_of_two_copies_drawn_at_once_one_is_issued() -> None:
    visit, account = made.visit(), make.account()
    one, other = prepare_record(visit), prepare_record(visit)

    first = issue_record(prepared=one, account=account)
    second = issue_record(prepared=other, account=account)

    assert first == second
    assert Paper.objects.count() == 1


def test_a_copy_drawn_before_another_story_was_issued_is_refused() -> None:
    visit, account = made.visit(), make.account()
    stale = prepare_record(visit)
    made.order(visit)
    newer = made.issued(visit)

    with pytest.raises(PaperOvertaken):
        issue_record(prepared=stale, account=account)

    assert list(Paper.objects.all()) == [newer]
    assert newer.is_valid


def test_a_paper_that_stopped_holding_meanwhile_is_not_handed_out() -> None:
    visit = made.visit()
    paper = made.issued(visit)
    stale = prepare_record(visit)
    revoke_paper(hospital_id=visit.hospital_id, paper_id=paper.pk, reason=Paper.RevokedFor.LOST)

    with pytest.raises(RecordOvertaken):
        issue_record(prepared=stale, account=make.account())

    assert IssuedRecord.objects.count() == 1
