"""A patient's day over a real socket: who hears what, and how fast a right that ends is felt."""

from collections.abc import Iterator

import pytest
from django.test import override_settings

from accounts.actions.ticket import make_ticket
from accounts.models import OneTimeTicket
from common import clock
from common.commands import command
from common.live import RIGHTS, announce
from patients.actions.revoke import revoke_grant
from patients.models import Grant, Relation, Scope
from tests import make
from tests.queueing.test_sockets import Phone, beat, close_code, heard, opened
from tests.serving import serving

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def host() -> Iterator[str]:
    """A server of the product."""
    with serving() as address:
        yield address


def happen(phone: Phone, *kinds: str, needs: str) -> None:
    """Events of the phone's day which only some may hear."""
    for kind in kinds:
        with command():
            announce(phone.stream, kind, needs=needs)


def test_a_reader_hears_only_what_the_scopes_cover_and_misses_no_number(host: str) -> None:
    phone = Phone()
    Grant.objects.update(scopes=[Scope.QUEUE], relation="family")
    happen(phone, "report", "report", needs=Scope.REPORTS)
    happen(phone, "called", needs=Scope.QUEUE)

    with opened(host, phone.code, phone.first()) as ws:
        missed = heard(ws)
        beat(ws)
        happen(phone, "admitted", needs=Scope.INPATIENT)
        happen(phone, "position", "position", needs=Scope.QUEUE)
        then, last = heard(ws), heard(ws)

    told = [(one["number"], one.get("after"), one["kind"]) for one in (missed, then, last)]
    assert told == [(3, 0, "called"), (5, 3, "position"), (6, None, "position")]


def test_who_comes_back_after_what_was_not_for_them_hears_the_next(host: str) -> None:
    phone = Phone()
    Grant.objects.update(scopes=[Scope.QUEUE], relation="family")
    happen(phone, "called", needs=Scope.QUEUE)
    happen(phone, "report", needs=Scope.REPORTS)

    with opened(host, phone.code, phone.first(since=1)) as ws:
        beat(ws)
        happen(phone, "position", needs=Scope.QUEUE)
        frame = heard(ws)

    assert (frame["number"], frame["after"]) == (3, 1)


@override_settings(LIVE_WATCH_SECONDS=0.5)
def test_a_right_that_runs_out_closes_the_socket_though_nothing_happens(host: str) -> None:
    phone = Phone()
    with opened(host, phone.code, phone.first()) as ws:
        beat(ws)
        Grant.objects.update(expires_at=clock.now())

        assert close_code(ws) == 4404


def test_one_tap_closes_the_familys_open_socket_without_another_event(host: str) -> None:
    phone = Phone()
    family = make.account()
    number = phone.patient.document_number
    make.patient(
        hospital=phone.patient.hospital,
        account=family,
        document_number=number,
        relation=Relation.FAMILY,
    )
    grant = Grant.objects.get(account=family)
    ticket = make_ticket(account=family, use=OneTimeTicket.Use.SOCKET).ticket

    with opened(host, phone.code, {"ticket": ticket, "streams": {phone.name: 0}}) as ws:
        beat(ws)
        revoke_grant(account=phone.account, hospital=phone.patient.hospital, grant_id=grant.pk)

        assert close_code(ws) == 4404


def test_the_word_about_rights_is_for_no_reader(host: str) -> None:
    phone = Phone()
    with opened(host, phone.code, phone.first()) as ws:
        beat(ws)
        happen(phone, RIGHTS, needs="")
        happen(phone, "called", needs=Scope.QUEUE)

        assert heard(ws)["kind"] == "called"
