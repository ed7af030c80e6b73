"""What WeChat pushes: proved, stored as received, handed up once."""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts.actions.forget import forget_what_is_over
from accounts.actions.receive_push import PUSHES_KEPT, apply_push, apply_pushes, receive_push
from accounts.actions.sign_in import sign_in_by_wechat
from accounts.errors import PushForged
from accounts.models import Account, Push
from accounts.pushes import open_push, prove_address
from common import clock
from common.commands import command
from hospitals.models import MiniProgram
from notifications.actions.count_credits import count_credits
from notifications.actions.lease import lease_messages
from notifications.actions.promise import promise_message
from notifications.actions.record import Delivery, Try, record_delivery
from notifications.channels import Answer, Verdict
from notifications.models import Credit, Message, Task
from patients.models import Patient
from sandbox.wechat import push as wechat
from tests import make

TOKEN = "AAAAA"  # noqa: S105 - of the published vectors
AES_KEY = "A" * 43
APP_ID = "wxba5fad812f8e6fb9"
OPENID = "o9AgO5Kd5ggOC-bXrbNODIiE3bGY"
TEMPLATE = "booked-1"


def mini_program(*, aes_key: str | None = None, token: str | None = TOKEN) -> MiniProgram:
    return MiniProgram.objects.create(
        hospital=make.hospital(),
        app_id=APP_ID,
        secret="x",  # noqa: S106 - nobody is asked
        push_token=token,
        push_aes_key=aes_key,
    )


def popup(*items: dict[str, str], at: int = 0, event: str = "popup") -> dict[str, Any]:
    listed: Any = list(items) if len(items) > 1 else items[0]
    return {
        "ToUserName": "gh_97417a04a28d",
        "FromUserName": OPENID,
        "CreateTime": at or int(time.time()),
        "MsgType": "event",
        "Event": f"subscribe_msg_{event}_event",
        "List": listed,
    }


def item(status: str = "accept", template_id: str = TEMPLATE) -> dict[str, str]:
    return {"TemplateId": template_id, "SubscribeStatusString": status, "PopupScene": "0"}


def pushed(push: wechat.Push) -> Any:
    query = "&".join(f"{name}={value}" for name, value in push.query.items())
    return Client().post(
        f"/wechat/{APP_ID}/?{query}", data=push.body, content_type="application/json"
    )


def plain(event: dict[str, Any], *, is_xml: bool = False) -> wechat.Push:
    return wechat.plain_push(event, token=TOKEN, at=int(time.time()), is_xml=is_xml)


def somebody(program: MiniProgram) -> Account:
    make.template(hospital=program.hospital, code="told", wechat_template_id=TEMPLATE)
    return sign_in_by_wechat(app_id=APP_ID, openid=OPENID)


def credits_of(account: Account) -> int:
    return Credit.objects.left(account.pk).get(TEMPLATE, 0)


@pytest.fixture
def vectors(shared_data: Path) -> dict[str, Any]:
    """WeChat's own examples, by name."""
    file = shared_data / "wechat" / "message_push_vectors.json"
    told = json.loads(file.read_text(encoding="utf-8"))
    return {one["name"]: one for one in told["vectors"]}


def told_at(vector: dict[str, Any]) -> datetime:
    return datetime.fromtimestamp(int(vector["query"]["timestamp"]), tz=UTC)


@pytest.mark.django_db
def test_the_published_address_check_is_answered_with_its_word(vectors: dict[str, Any]) -> None:
    check = vectors["url_verify_get"]

    word = prove_address(mini_program(), query=check["query"], now=told_at(check))

    assert word == "4375120948345356249"


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "key"), [("plain_push", None), ("secure_push", AES_KEY)])
def test_the_published_pushes_are_opened(
    vectors: dict[str, Any], name: str, key: str | None
) -> None:
    vector = vectors[name]
    body = json.dumps(vector["body"]).encode()

    opened = open_push(
        mini_program(aes_key=key), query=vector["query"], body=body, now=told_at(vector)
    )

    assert json.loads(opened) == json.loads(vector.get("expect_plaintext", body))


@pytest.mark.django_db
def test_an_old_push_is_a_forgery(vectors: dict[str, Any]) -> None:
    vector = vectors["plain_push"]
    late = told_at(vector) + timedelta(minutes=5, seconds=1)

    with pytest.raises(PushForged):
        open_push(
            mini_program(),
            query=vector["query"],
            body=json.dumps(vector["body"]).encode(),
            now=late,
        )


@pytest.mark.django_db
@pytest.mark.parametrize("is_xml", [False, True], ids=["json", "xml"])
@pytest.mark.parametrize("aes_key", [None, AES_KEY], ids=["plain", "secure"])
def test_an_accept_counts_once_however_often_it_is_told(
    aes_key: str | None, *, is_xml: bool
) -> None:
    program = mini_program(aes_key=aes_key)
    account = somebody(program)
    event = shaped(popup(item(), item(template_id="other-2")), is_xml=is_xml)
    first, again = (told(event, aes_key=aes_key, is_xml=is_xml) for _ in range(2))

    answers = [pushed(first), pushed(again)]

    assert [(one.status_code, one.content) for one in answers] == [(200, b"success")] * 2
    assert credits_of(account) == 1
    assert [one.status for one in Push.objects.all()] == [Push.Status.APPLIED]


def told(event: dict[str, Any], *, aes_key: str | None, is_xml: bool) -> wechat.Push:
    if aes_key is None:
        return plain(event, is_xml=is_xml)
    return wechat.secure_push(event, token=TOKEN, aes_key=aes_key, app_id=APP_ID, is_xml=is_xml)


def shaped(event: dict[str, Any], *, is_xml: bool) -> dict[str, Any]:
    if not is_xml:
        return event
    return {**event, "SubscribeMsgPopupEvent": {"List": event.pop("List")}}


@pytest.mark.django_db
def test_what_is_switched_off_leaves_no_message() -> None:
    account = somebody(mini_program())
    pushed(plain(popup(item())))

    answer = pushed(plain(popup(item("reject"), event="change")))

    assert answer.status_code == 200
    assert credits_of(account) == 0


@pytest.mark.django_db
def test_where_wechat_tells_us_the_phones_word_counts_nothing() -> None:
    account = somebody(mini_program())

    count_credits(account=account, accepted=[TEMPLATE])

    assert credits_of(account) == 0


def sent_message(patient: Patient) -> Message:
    with command():
        promise_message(template="told", patient=patient, about=patient)
    message = lease_messages(most=1)[0]
    accepted = Answer(Verdict.ACCEPTED, "accepted")
    tried = Try("wechat", accepted, started_at=clock.now(), ended_at=clock.now())
    delivery = Delivery(accepted, facts={}, tries=[tried])
    record_delivery(message=message, delivery=delivery, following=None)
    return message


@pytest.mark.django_db
def test_a_message_that_did_not_arrive_becomes_a_persons_task() -> None:
    program = mini_program()
    account = somebody(program)
    message = sent_message(make.patient(hospital=program.hospital, account=account))
    failed = {"TemplateId": TEMPLATE, "MsgID": "1", "ErrorCode": "3", "ErrorStatus": "not exist"}

    pushed(plain(popup(failed, event="sent")))

    task = Task.objects.get()
    assert (task.about_id, task.reason) == (message.about_id, "wechat.3")


@pytest.mark.django_db
def test_a_secure_program_takes_nothing_unencrypted() -> None:
    account = somebody(mini_program(aes_key=AES_KEY))

    answer = pushed(plain(popup(item())))

    assert (answer.status_code, answer.content) == (403, b"accounts.push_forged")
    assert not Push.objects.exists()
    assert credits_of(account) == 0


FORGERIES: dict[str, Callable[[dict[str, str]], dict[str, str]]] = {
    "signature": lambda query: {**query, "signature": "0" * 40},
    "nonce": lambda query: {**query, "nonce": "1"},
    "unsigned": lambda query: {"timestamp": query["timestamp"]},
    "time": lambda query: {
        **query,
        "timestamp": "1",
        "signature": wechat.signature_of(TOKEN, "1", query["nonce"]),
    },
    "message": lambda query: {**query, "msg_signature": "0" * 40},
}


@pytest.mark.django_db
@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
def test_a_forgery_is_refused_and_not_stored(
    forge: Callable[[dict[str, str]], dict[str, str]],
) -> None:
    mini_program(aes_key=AES_KEY)
    true = wechat.secure_push(popup(item()), token=TOKEN, aes_key=AES_KEY, app_id=APP_ID)

    answer = pushed(wechat.Push(query=forge(true.query), body=true.body))

    assert (answer.status_code, answer.content) == (403, b"accounts.push_forged")
    assert not Push.objects.exists()


@pytest.mark.django_db
def test_another_programs_message_is_a_forgery() -> None:
    mini_program(aes_key=AES_KEY)
    strange = wechat.secure_push(popup(item()), token=TOKEN, aes_key=AES_KEY, app_id="wx0")

    assert pushed(strange).status_code == 403


@pytest.mark.django_db
def test_without_a_token_the_address_is_closed() -> None:
    mini_program(token=None)

    assert pushed(plain(popup(item()))).status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"<xml/>", b"<xml>", b"{}", b'{"Event": 7}', b"\xff", b"[" * 9000]
)
def test_an_unreadable_push_is_refused_and_not_stored(body: bytes) -> None:
    mini_program()
    signed = plain(popup(item()))

    answer = pushed(wechat.Push(query=signed.query, body=body))

    assert (answer.status_code, answer.content) == (422, b"accounts.push_unreadable")
    assert not Push.objects.exists()


@pytest.mark.django_db
def test_what_nobody_asked_for_is_kept_and_left_alone() -> None:
    mini_program()

    answer = pushed(plain({**popup(item()), "Event": "debug_demo"}))

    assert answer.content == b"success"
    assert Push.objects.get().status == Push.Status.IGNORED


@pytest.mark.django_db
def test_a_push_that_was_not_applied_is_applied_by_the_sweep_once() -> None:
    program = mini_program()
    account = somebody(program)
    push_id = receive_push(
        mini_program=program, query=plain(popup(item())).query, body=plain(popup(item())).body
    )
    clock.shift(timedelta(minutes=1))

    assert apply_pushes() == 1
    apply_push(push_id=push_id)

    assert credits_of(account) == 1
    assert apply_pushes() == 0


@pytest.mark.django_db
def test_a_push_is_stored_encrypted_and_not_for_ever() -> None:
    mini_program()
    pushed(plain(popup(item())))
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM accounts_push")
        (raw,) = cursor.fetchone()
    assert OPENID.encode() not in bytes(raw)

    clock.shift(PUSHES_KEPT + timedelta(seconds=1))
    forget_what_is_over()

    assert not Push.objects.exists()


@pytest.mark.django_db
def test_the_address_answers_wechat_and_nobody_else() -> None:
    mini_program()
    check = wechat.address_check(token=TOKEN, at=int(time.time()), echostr="437")

    answer = Client().get(f"/wechat/{APP_ID}/", check.query)
    stranger = Client().get(f"/wechat/{APP_ID}/", {**check.query, "signature": "x"})

    assert (answer.status_code, answer.content) == (200, b"437")
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert stranger.status_code == 403
