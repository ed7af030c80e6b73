"""One transaction, one key, one effect."""

import threading
from collections.abc import Callable
from functools import partial
from uuid import UUID

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from common import clock, commands
from common.commands import action, flush, write, write_unless_there
from common.errors import InFlight, KeyMissing, KeyReused
from common.http import KeyedRequest, once
from common.ids import new_id
from common.locking import LockBackwards, without_guard
from common.models import IdempotencyKey, Stream
from patients.models import Person
from tests.threads import race

ACCOUNT = new_id()


def asked(key: str = "tap-1", body: bytes = b"{}") -> KeyedRequest:
    return KeyedRequest(ACCOUNT, "POST", "/api/v1/things", key, body)


@action
def add_person(*, index: str) -> Person:
    person = Person(document_index=index)
    write(person)
    return person


def adding(index: str) -> Callable[[], UUID]:
    return lambda: add_person(index=index).pk


@pytest.mark.django_db
def test_a_repeated_request_gets_the_first_answer_and_makes_nothing_new() -> None:
    first = once(asked(), status=201, act=adding("a"))

    second = once(asked(), status=201, act=adding("b"))

    assert second.is_replay
    assert (second.status, second.object_id) == (first.status, first.object_id)
    assert [p.document_index for p in Person.objects.all()] == ["a"]


@pytest.mark.django_db
def test_a_key_used_for_another_request_is_refused() -> None:
    once(asked(body=b"1"), status=201, act=adding("a"))

    with pytest.raises(KeyReused):
        once(asked(body=b"2"), status=201, act=adding("b"))

    assert Person.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "x" * 101, "tap\n1"])
def test_a_command_without_a_usable_key_is_refused(key: str) -> None:
    with pytest.raises(KeyMissing):
        once(asked(key=key), status=201, act=adding("a"))

    assert not IdempotencyKey.objects.exists()


@pytest.mark.django_db
def test_a_refusal_takes_its_key_back() -> None:
    def refuse() -> UUID:
        add_person(index="a")
        raise InFlight

    with pytest.raises(InFlight):
        once(asked(), status=201, act=refuse)

    assert not IdempotencyKey.objects.exists()
    assert not Person.objects.exists()


@pytest.mark.django_db
def test_all_inserts_of_a_command_leave_in_one_statement_on_postgresql() -> None:
    with CaptureQueriesContext(connection) as seen, commands.command():
        write(Person(document_index="a"))
        write(Stream(hospital_id=new_id(), kind="queue", subject_id=new_id()))

    inserts = [query["sql"] for query in seen if "INSERT" in query["sql"]]
    assert len(inserts) == (1 if connection.vendor == "postgresql" else 2)


@pytest.mark.django_db
def test_a_query_about_rows_held_back_sends_them_first() -> None:
    with commands.command():
        write(Person(document_index="a"))

        assert Person.objects.filter(document_index="a").exists()


@pytest.mark.django_db
def test_a_promise_that_is_there_already_is_not_written_twice() -> None:
    for _ in range(2):
        with commands.command():
            write_unless_there(Person(document_index="a"), columns=("document_index",))

    assert Person.objects.count() == 1


@pytest.mark.django_db
def test_a_lock_that_goes_backwards_is_refused() -> None:
    low, high = sorted([add_person(index="a"), add_person(index="b")], key=lambda p: str(p.pk))

    with commands.command():
        Person.objects.locked().get(pk=high.pk)
        with pytest.raises(LockBackwards):
            Person.objects.locked().get(pk=low.pk)


@pytest.mark.django_db
def test_a_kind_of_lock_that_comes_earlier_is_refused_after_a_later_one() -> None:
    person = add_person(index="a")
    Stream.objects.create(hospital_id=new_id(), kind="queue", subject_id=new_id())

    with commands.command():
        list(Stream.objects.locked())
        with pytest.raises(LockBackwards):
            Person.objects.locked().get(pk=person.pk)


def test_locks_and_writes_need_a_command() -> None:
    with pytest.raises(RuntimeError, match="inside an action"):
        write(Person(document_index="a"))


@pytest.mark.django_db
def test_commands_do_not_nest_but_actions_join() -> None:
    with commands.command():
        add_person(index="a")
        with pytest.raises(RuntimeError, match="already open"), commands.command():
            pass
        flush()

    assert Person.objects.count() == 1


@pytest.mark.pg
@pytest.mark.django_db(transaction=True)
def test_twin_requests_with_one_key_have_one_effect_and_one_answer() -> None:
    answers = race([partial(once, asked(), status=201, act=adding(str(n))) for n in range(8)])

    told = [answer for answer in answers if isinstance(answer, commands.Answer)]
    assert len(told) == 8
    assert len({answer.object_id for answer in told}) == 1
    assert sum(not answer.is_replay for answer in told) == 1
    assert Person.objects.count() == 1


@pytest.mark.pg
@pytest.mark.django_db(transaction=True)
def test_without_the_key_twin_requests_have_several_effects() -> None:
    with without_guard("keys"):
        race([partial(once, asked(), status=201, act=adding(str(n))) for n in range(8)])

    assert Person.objects.count() > 1


@pytest.mark.pg
@pytest.mark.django_db(transaction=True)
def test_a_twin_is_told_that_the_first_is_still_at_work() -> None:
    is_inside, may_end = threading.Event(), threading.Event()

    def work_long() -> UUID:
        flush()
        is_inside.set()
        may_end.wait(timeout=30)
        return add_person(index="slow").pk

    def first() -> None:
        once(asked(), status=201, act=work_long)
        connections.close_all()

    thread = threading.Thread(target=first)
    thread.start()
    is_inside.wait(timeout=30)
    with pytest.raises(InFlight):
        once(asked(), status=201, act=adding("twin"))
    may_end.set()
    thread.join(timeout=30)

    assert [p.document_index for p in Person.objects.all()] == ["slow"]
    assert once(asked(), status=201, act=adding("later")).is_replay


def test_the_clock_of_rules_stands_still_in_tests() -> None:
    assert clock.now() == clock.now()
    assert not transaction.get_connection().in_atomic_block
