"""Issuing and taking back papers."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection

from common import clock
from common.errors import MoveRefused
from papers.actions import issue_paper, revoke_paper
from papers.drawing import DrawnPaper
from papers.errors import PaperOvertaken, PaperUnknown
from papers.models import Paper, PaperContent
from papers.signing import verify_signature
from tests.papers import make

pytestmark = pytest.mark.django_db


def test_an_issued_paper_is_sealed_dated_and_kept_to_the_byte() -> None:
    drawn = make.drawn(visits=8)

    paper = issue_paper(drawn=drawn)

    kept = Paper.objects.get(pk=paper.pk)
    assert kept.pdf() == drawn.pdf
    assert verify_signature(kept.pdf()) is True
    assert (kept.pages, kept.version, kept.status) == (3, 1, Paper.Status.ISSUED)
    assert kept.issued_at == clock.now()


def test_a_paper_shows_its_own_code_version_and_hospital() -> None:
    paper = make.issued(of=make.hospital(name="江北区中医院"))

    (page,) = make.text_of(paper.pdf())
    assert paper.shown_code in page
    assert "出具机构：江北区中医院" in page
    assert "版本：第1版" in page
    assert "https://hospital.example/verify/" in page


def test_what_is_kept_cannot_be_read_from_the_database() -> None:
    paper = make.issued()

    with connection.cursor() as cursor:
        cursor.execute("SELECT pdf FROM papers_papercontent")
        ((stored,),) = cursor.fetchall()
    assert b"%PDF" not in bytes(stored)
    assert len(bytes(stored)) > len(paper.pdf())


def test_asking_about_a_paper_reads_no_content() -> None:
    make.issued()

    assert "pdf" not in {field.name for field in Paper._meta.concrete_fields}


def test_the_next_paper_about_the_same_thing_is_the_next_version() -> None:
    hospital, subject = make.hospital(), uuid4()
    make.issued(of=hospital, subject_id=subject)

    second = make.issued(of=hospital, subject_id=subject)

    assert second.version == 2
    assert Paper.objects.get(version=1).is_valid


def test_another_hospitals_paper_about_the_same_id_counts_apart() -> None:
    subject = uuid4()
    make.issued(subject_id=subject)

    paper = make.issued(of=make.hospital(code="jiangbei"), subject_id=subject)

    assert paper.version == 1


def test_a_paper_drawn_as_a_version_that_exists_is_not_issued() -> None:
    hospital, subject = make.hospital(), uuid4()
    late = make.drawn(of=hospital, subject_id=subject)
    first = make.issued(of=hospital, subject_id=subject)

    with pytest.raises(PaperOvertaken):
        issue_paper(drawn=late)

    assert list(Paper.objects.values_list("pk", flat=True)) == [first.pk]
    assert PaperContent.objects.count() == 1


def test_a_replaced_paper_is_revoked_with_the_new_ones_issue() -> None:
    hospital, subject = make.hospital(), uuid4()
    old = make.issued(of=hospital, subject_id=subject)

    new = issue_paper(drawn=make.drawn(of=hospital, subject_id=subject), replaces_id=old.pk)

    old.refresh_from_db()
    assert (old.status, old.revoked_for) == (Paper.Status.REVOKED, Paper.RevokedFor.REPLACED)
    assert new.replaces_id == old.pk


def test_replacing_a_revoked_paper_is_refused_and_issues_nothing() -> None:
    hospital = make.hospital()
    old = make.issued(of=hospital)
    revoke_paper(hospital_id=hospital.pk, paper_id=old.pk, reason=Paper.RevokedFor.LOST)
    drawn = make.drawn(of=hospital, subject_id=old.subject_id)

    with pytest.raises(MoveRefused):
        issue_paper(drawn=drawn, replaces_id=old.pk)

    assert Paper.objects.count() == 1


def test_a_revoked_paper_says_when_and_why_and_keeps_its_bytes() -> None:
    paper = make.issued()

    revoke_paper(
        hospital_id=paper.hospital_id, paper_id=paper.pk, reason=Paper.RevokedFor.CORRECTED
    )

    paper.refresh_from_db()
    assert not paper.is_valid
    assert (paper.revoked_at, paper.revoked_for) == (clock.now(), "CORRECTED")
    assert paper.pdf().startswith(b"%PDF")


def test_a_paper_is_revoked_once() -> None:
    paper = make.issued()
    revoke_paper(hospital_id=paper.hospital_id, paper_id=paper.pk, reason=Paper.RevokedFor.LOST)

    with pytest.raises(MoveRefused):
        revoke_paper(
            hospital_id=paper.hospital_id, paper_id=paper.pk, reason=Paper.RevokedFor.MISTAKE
        )

    paper.refresh_from_db()
    assert paper.revoked_for == Paper.RevokedFor.LOST


def test_another_hospital_finds_no_paper_to_revoke() -> None:
    paper = make.issued()
    stranger = make.hospital(code="jiangbei")

    with pytest.raises(PaperUnknown):
        revoke_paper(hospital_id=stranger.pk, paper_id=paper.pk, reason=Paper.RevokedFor.LOST)

    paper.refresh_from_db()
    assert paper.is_valid


@pytest.mark.pg
@pytest.mark.django_db(transaction=True)
def test_of_two_papers_issued_at_once_as_one_version_one_is_issued() -> None:
    hospital, subject = make.hospital(), uuid4()
    rivals = [make.drawn(of=hospital, subject_id=subject) for _ in range(2)]
    start = Barrier(2)

    def issue(drawn: DrawnPaper) -> str:
        start.wait()
        try:
            return issue_paper(drawn=drawn).status
        except PaperOvertaken as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(issue, rivals))

    assert told == ["ISSUED", "papers.overtaken"]
    assert (Paper.objects.count(), PaperContent.objects.count()) == (1, 1)
