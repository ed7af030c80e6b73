"""Every reason that can stand on a message has words, and one without falls back well."""

import inspect

import pytest

import interop.errors
import pharmacy.errors
import results.errors
import visits.errors
from common.errors import DomainError
from interop.actions import apply, receive
from interop.unreadable import Reason
from interop.words import REFUSED, UNREADABLE, words_for

NEVER_ON_A_MESSAGE = {
    "interop.received_unknown",
    "interop.already_applied",
    "interop.sender_key_wrong",
    "interop.address_taken",
    "interop.profile_unknown",
    "interop.still_unreadable",
    "pharmacy.identity_unproven",
    "pharmacy.window_unnamed",
    "visits.break_glass_unknown",
    "visits.finding_unknown",
    "visits.mark_unknown",
    "visits.not_for_this_role",
    "visits.own_reading",
    "visits.person_not_found",
    "visits.reason_too_short",
    "visits.staff_not_found",
    "visits.too_many_misses",
}  # refused to a person or to a connection, before there is a message or after it


def codes_of_errors() -> list[str]:
    """Every code of the apps whose nouns messages carry."""
    modules = (interop.errors, visits.errors, results.errors, pharmacy.errors)
    found = {
        one.code
        for module in modules
        for _, one in inspect.getmembers(module, inspect.isclass)
        if issubclass(one, DomainError) and one is not DomainError
    }
    return sorted(found - NEVER_ON_A_MESSAGE)


def codes_of_the_door() -> list[str]:
    """Doubts and endings that interop itself writes on a message."""
    return [
        receive.CONTROL_ID_REUSED,
        receive.OTHER_SENDER,
        apply.KIND_UNSUPPORTED,
        apply.BROKE_OFF,
    ]


def test_every_way_to_be_unreadable_has_words() -> None:
    assert set(UNREADABLE) == set(Reason)


@pytest.mark.parametrize("code", [*codes_of_errors(), *codes_of_the_door()])
def test_every_refusal_of_an_applier_has_words(code: str) -> None:
    assert code in REFUSED
    assert words_for(code) == REFUSED[code]


@pytest.mark.parametrize("reason", list(Reason))
def test_an_unreadable_message_is_found_by_the_code_that_is_stored(reason: Reason) -> None:
    assert words_for(f"interop.{reason}") == UNREADABLE[reason]


def test_a_reason_without_words_is_shown_with_whom_to_ask() -> None:
    words = words_for("elsewhere.new_reason")

    assert "elsewhere.new_reason" in words.why
    assert "信息科" in words.next_step
