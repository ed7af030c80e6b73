"""Every registration is listed in docs/registrations.md, and a purpose has one answerer."""

import pytest

from common.asking import Purpose, Question, every_registry
from tools.document import ROOT, prepare


def first(amount_fen: int) -> int:
    """One answer."""
    return amount_fen


def second(amount_fen: int) -> int:
    """Another answer."""
    return amount_fen + 1


def test_every_registration_is_listed_with_who_registered() -> None:
    prepare()
    text = (ROOT / "docs" / "registrations.md").read_text(encoding="utf-8")
    registered = [
        f"| `{one.name}` | {type(one).__name__.lower()} | {f'`{key}`' if key else ''} | `{who}` |"
        for one in every_registry()
        for key, who in one.registered()
        if not who.startswith("tests.")
    ]

    assert [line for line in registered if line not in text] == []


def test_a_purpose_refuses_a_second_answerer() -> None:
    purpose: Purpose[[int], int] = Purpose("tests.when_paid")
    purpose.answered_by("APPOINTMENT", first)

    with pytest.raises(RuntimeError, match="already has an answerer"):
        purpose.answered_by("APPOINTMENT", second)

    assert purpose.ask("APPOINTMENT")(1) == 1


def test_a_question_collects_answers_in_the_order_of_names() -> None:
    question: Question[[int], int] = Question("tests.excuse")
    question.answered_by(second)
    question.answered_by(first)

    assert question.ask(1) == [1, 2]
