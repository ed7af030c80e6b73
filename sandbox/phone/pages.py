"""The phone's pages, behind the secret."""

import json
import sqlite3
from collections.abc import Awaitable, Callable
from datetime import datetime

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sandbox.clock import CHINA
from sandbox.credentials import Person
from sandbox.doors import COOKIE, cookie_value, has_entered, is_secret
from sandbox.phone.drawing import drawn, told
from sandbox.phone.shell import (
    PAGES,
    ProductRefused,
    ProductUnreachable,
    address_inside,
    page_of_message,
    report_accepted,
)
from sandbox.wechat.subscribe import accept, credits_left
from sandbox.world import World, world_of

PERSON_COOKIE = "sandbox_person"
MOST_MESSAGES = 50

NEWS: dict[str, str] = {
    "accepted": "已接收：可收到一条这样的消息。",
    "unreported": "已接收，但诊程没有收到这个消息。请确认诊程已启动。",
}

Page = Callable[[Request], Awaitable[Response]]


def behind_secret(page: Page) -> Page:
    """The page; without the secret, the door."""

    async def guarded(request: Request) -> Response:
        if not has_entered(request, world_of(request).credentials):
            return drawn(request, "enter.html", status=403, is_wrong=False)
        return await page(request)

    return guarded


async def enter(request: Request) -> Response:
    """/phone/enter: the secret opens the door for this browser."""
    if request.method == "POST":
        key = (await request.form()).get("key", "")
    else:
        key = request.query_params.get("key", "")
    credentials = world_of(request).credentials
    if not isinstance(key, str) or not is_secret(credentials, key):
        return drawn(request, "enter.html", status=403, is_wrong=bool(key))
    response = RedirectResponse("/phone/", status_code=303)
    value = cookie_value(credentials)
    response.set_cookie(COOKIE, value, httponly=True, samesite="strict")
    return response


async def people(request: Request) -> Response:
    """/phone/: whose phone to pick up."""
    world = world_of(request)
    counts = world.store.all("SELECT openid, count(*) AS count FROM messages GROUP BY openid")
    received = {row["openid"]: row["count"] for row in counts}
    known = [person.phone for person in world.credentials.people]
    texts = world.store.all("SELECT * FROM sms ORDER BY seq DESC LIMIT ?", MOST_MESSAGES)
    return drawn(
        request,
        "people.html",
        people=world.credentials.people,
        received=received,
        texts=[
            {"phone": row["phone"], "text": row["text"], **_shown_time(row["sent_at"])}
            for row in texts
            if row["phone"] not in known
        ],
    )


async def phone(request: Request) -> Response:
    """/phone/people/{openid}: the phone, with its newest messages on top."""
    world = world_of(request)
    person = _person(request)
    if person is None:
        return _nobody(request)
    rows = world.store.all(
        "SELECT * FROM messages WHERE openid = ? ORDER BY seq DESC LIMIT ?",
        person.openid,
        MOST_MESSAGES,
    )
    texts = world.store.all(
        "SELECT * FROM sms WHERE phone = ? ORDER BY seq DESC LIMIT ?", person.phone, MOST_MESSAGES
    )
    news = request.query_params.get("told", "")
    response = drawn(
        request,
        "phone.html",
        person=person,
        app=world.credentials.apps[0],
        messages=[_shown_message(world, row) for row in rows],
        texts=[{"text": row["text"], **_shown_time(row["sent_at"])} for row in texts],
        templates=[
            (one, credits_left(world, openid=person.openid, template_id=one.template_id))
            for one in world.credentials.message_templates
        ],
        told=news,
        news=NEWS.get(news, ""),
        first_page=PAGES,
    )
    response.set_cookie(PERSON_COOKIE, person.openid, httponly=True, samesite="strict")
    return response


async def open_app(request: Request) -> Response:
    """POST /phone/people/{openid}/open: the shell logs in and shows the product's pages."""
    person = _person(request)
    if person is None:
        return _nobody(request)
    page = str((await request.form()).get("page", PAGES))
    if not page.startswith(PAGES):
        page = PAGES
    try:
        address = await address_inside(world_of(request), person, page=page)
    except (ProductUnreachable, ProductRefused) as trouble:
        return _product_trouble(request, person, trouble=trouble)
    return RedirectResponse(address, status_code=303)


async def subscribe(request: Request) -> Response:
    """POST /phone/people/{openid}/subscribe: wx.requestSubscribeMessage, accepted."""
    world = world_of(request)
    person = _person(request)
    template = world.credentials.template(str((await request.form()).get("template_id", "")))
    if person is None or template is None:
        return _nobody(request)
    accept(world, openid=person.openid, template_id=template.template_id, count=1)
    news = "accepted"
    try:
        await report_accepted(world, person, template_ids=[template.template_id])
    except (ProductUnreachable, ProductRefused):
        news = "unreported"
    return RedirectResponse(f"/phone/people/{person.openid}?told={news}", status_code=303)


def _person(request: Request) -> Person | None:
    return world_of(request).credentials.person(request.path_params["openid"])


def _nobody(request: Request) -> Response:
    return told(request, "没有这部手机", "请从名单里重新选择一位演示人物。", status=404)


def _product_trouble(
    request: Request, person: Person, *, trouble: ProductUnreachable | ProductRefused
) -> Response:
    product = world_of(request).product
    back = f"/phone/people/{person.openid}"
    if isinstance(trouble, ProductUnreachable):
        return told(
            request,
            "诊程还没有启动",
            f"{product} 没有应答。",
            "请在项目目录运行 make run，看到地址后再点一次“打开小程序”。",
            status=502,
            back=back,
        )
    return told(
        request,
        "诊程没有让我们进去",
        f"{product} 的应答是 {trouble.status}。",
        "多半是演示数据还没有载入：请运行 make run，它会载入本页的密钥。",
        status=502,
        back=back,
    )


def _shown_message(world: World, row: sqlite3.Row) -> dict[str, object]:
    template = world.credentials.template(row["template_id"])
    labels = {} if template is None else template.labels
    return {
        "title": "服务通知" if template is None else template.title,
        "fields": [(labels.get(key, key), text) for key, text in json.loads(row["data"]).items()],
        **_shown_time(row["sent_at"]),
        "page": page_of_message(row["page"]),
    }


def _shown_time(epoch: float) -> dict[str, str]:
    sent_at = datetime.fromtimestamp(epoch, tz=CHINA)
    return {
        "time": sent_at.strftime("%m-%d %H:%M"),
        "iso": sent_at.isoformat(timespec="seconds"),
    }
