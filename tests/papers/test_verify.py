"""Anybody may ask whether a paper is genuine, and learns nothing else."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from papers.actions import revoke_paper, verify_code, verify_file
from papers.codes import draw_code, show_code
from papers.models import Paper, Verification
from papers.pages import MOST_ASKED, MOST_UNKNOWN
from tests.papers import make

NOBODYS_CODE = "Z2WPFW8MHZNEK5P90Z7A"  # drawn once: its check character is right

pytestmark = pytest.mark.django_db
Outcome = Verification.Outcome


def revoked() -> Paper:
    paper = make.issued()
    return revoke_paper(
        hospital_id=paper.hospital_id, paper_id=paper.pk, reason=Paper.RevokedFor.CORRECTED
    )


def brought(client: Client, pdf: bytes) -> Any:
    return client.post("/verify/file/", {"paper": SimpleUploadedFile("a.pdf", pdf)})


def said(response: Any) -> str:
    return "".join(response.content.decode().split())


def test_a_printed_code_is_genuine_and_the_question_is_noted() -> None:
    paper = make.issued()

    verdict = verify_code(typed=paper.shown_code.lower())

    assert (verdict.outcome, verdict.paper) == (Outcome.GENUINE, paper)
    noted = Verification.objects.get()
    assert (noted.paper_id, noted.outcome, noted.is_by_file) == (paper.pk, "GENUINE", False)


def test_a_revoked_papers_code_is_told_as_revoked() -> None:
    paper = revoked()

    assert verify_code(typed=paper.code).outcome == Outcome.REVOKED


@pytest.mark.parametrize("typed", [NOBODYS_CODE, "0" * 20, "", "x" * 3000, "\x00"])
def test_a_code_without_a_paper_is_unknown_and_leaves_no_row(typed: str) -> None:
    make.issued()

    verdict = verify_code(typed=typed)

    assert (verdict.outcome, verdict.paper) == (Outcome.UNKNOWN, None)
    assert Verification.objects.count() == 0


def test_the_issued_file_is_genuine() -> None:
    paper = make.issued()

    verdict = verify_file(pdf=paper.pdf())

    assert (verdict.outcome, verdict.paper) == (Outcome.GENUINE, paper)


def test_the_file_of_a_revoked_paper_is_revoked() -> None:
    paper = revoked()

    assert verify_file(pdf=paper.pdf()).outcome == Outcome.REVOKED


@pytest.mark.parametrize("part", [0.2, 0.6, 0.98])
def test_a_file_with_one_changed_byte_is_altered(part: float) -> None:
    paper = make.issued()
    changed = bytearray(paper.pdf())
    changed[int(part * len(changed))] ^= 1

    verdict = verify_file(pdf=bytes(changed))

    assert (verdict.outcome, verdict.paper) == (Outcome.ALTERED, paper)
    assert Verification.objects.get().outcome == Outcome.ALTERED


@pytest.mark.parametrize("junk", [b"", b"%PDF-1.7", b"zhencheng-paper:" + b"0" * 24])
def test_a_file_that_is_none_of_ours_is_unknown(junk: bytes) -> None:
    make.issued()

    assert verify_file(pdf=junk).outcome == Outcome.UNKNOWN
    assert Verification.objects.count() == 0


def test_the_page_says_what_everybody_may_know_and_nothing_of_the_patient(client: Client) -> None:
    paper = make.issued(of=make.hospital(name="江北区中医院"), visits=8)

    response = client.get(f"/verify/{paper.shown_code}/")

    text = said(response)
    shown = ["真实有效", "江北区中医院", "门诊病历", "2026-03-0208:00", "共3页", paper.shown_code]
    assert response.status_code == 200
    assert [word for word in shown if word not in text] == []
    hidden = ["𬱖㛃", "P000123", "心悸", "白细胞", "苏衍之"]
    assert [word for word in hidden if word in text] == []


def test_the_page_says_when_and_why_a_paper_was_revoked(client: Client) -> None:
    paper = revoked()

    text = said(client.get(f"/verify/{paper.shown_code}/"))

    assert "已撤销" in text
    assert "所载内容已更正" in text


def test_a_typed_code_leads_to_its_answer(client: Client) -> None:
    paper = make.issued()

    response = client.post("/verify/", {"code": paper.shown_code.lower()}, follow=True)

    assert response.redirect_chain == [(f"/verify/{paper.shown_code}/", 302)]
    assert "真实有效" in said(response)


@pytest.mark.parametrize("typed", ["110105194912310021", "张三 13800138000", "x" * 60])
def test_what_is_typed_instead_of_a_code_reaches_no_url(client: Client, typed: str) -> None:
    response = client.post("/verify/", {"code": typed})

    assert (response.status_code, response["Location"]) == (302, "/verify/unknown/")


@pytest.mark.parametrize("typed", ["", "x" * 61])
def test_a_form_without_a_code_is_sent_back(client: Client, typed: str) -> None:
    response = client.post("/verify/", {"code": typed})

    assert response.status_code == 422
    assert "验证码" in said(response)


def test_every_code_without_a_paper_gets_the_same_answer(client: Client) -> None:
    make.issued()

    answers = [
        client.get(f"/verify/{code}/")
        for code in (show_code(draw_code()), "0000", "unknown", "A" * 500, "<script>")
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert len({said(answer).partition("<main")[2] for answer in answers}) == 1


def test_the_page_compares_a_file(client: Client) -> None:
    paper = make.issued()

    assert "真实有效" in said(brought(client, paper.pdf()))
    assert "文件已被改动" in said(brought(client, paper.pdf() + b"\n"))
    assert brought(client, b"something else").status_code == 404


def test_a_form_without_a_file_is_sent_back(client: Client) -> None:
    response = client.post("/verify/file/", {})

    assert response.status_code == 422
    assert "PDF文件" in said(response)


def test_a_file_over_ten_megabytes_is_refused_before_it_is_read(client: Client) -> None:
    response = brought(client, b"%PDF" * (11 * 1024 * 1024 // 4))

    assert response.status_code == 413
    assert Verification.objects.count() == 0


def test_who_brings_a_file_from_another_site_is_refused() -> None:
    careful = Client(enforce_csrf_checks=True)

    assert brought(careful, b"%PDF").status_code == 403


def ask_often(client: Client, address: str, *, times: int, of: str) -> list[int]:
    ask: Callable[[], Any] = lambda: client.get(address, REMOTE_ADDR=of)  # noqa: E731 - said once
    return [ask().status_code for _ in range(times)]


def test_who_guesses_codes_is_stopped_and_others_are_not(client: Client) -> None:
    paper = make.issued()

    guesses = ask_often(client, "/verify/0000/", times=MOST_UNKNOWN + 1, of="192.0.2.7")

    assert guesses == [404] * MOST_UNKNOWN + [429]
    genuine = f"/verify/{paper.shown_code}/"
    assert ask_often(client, genuine, times=1, of="192.0.2.7") == [429]
    assert ask_often(client, genuine, times=1, of="192.0.2.8") == [200]


def test_a_pile_of_papers_may_be_checked_but_not_without_end(client: Client) -> None:
    paper = make.issued()

    answers = ask_often(
        client, f"/verify/{paper.shown_code}/", times=MOST_ASKED + 1, of="192.0.2.7"
    )

    assert answers == [200] * MOST_ASKED + [429]


def test_an_answer_takes_two_statements(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    paper = make.issued()

    with django_assert_num_queries(4):  # the paper, its note, and the transaction's two ends
        client.get(f"/verify/{paper.shown_code}/")


def test_a_guesser_behind_our_proxy_is_stopped_alone(client: Client, settings: Settings) -> None:
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "NUM_PROXIES": 1}
    genuine = f"/verify/{make.issued().shown_code}/"

    for _ in range(MOST_UNKNOWN):
        client.get("/verify/0000/", REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="192.0.2.7")
    other = client.get(genuine, REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="192.0.2.8")

    assert other.status_code == 200
