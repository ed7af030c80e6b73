"""What the mini-program's native shell (小程序外壳) does between a tap and the product."""

import uuid
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx

from sandbox.credentials import Person
from sandbox.wechat.login import make_code
from sandbox.world import World

PRODUCT_SECONDS = 5.0
PAGES = "/m/"
LOGIN_AGAIN = frozenset({401, 403})  # a token the product no longer knows


class ProductUnreachable(Exception):
    """The product does not answer, or not in time."""


class ProductRefused(Exception):
    """The product answered something else than the shell understands."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


async def address_inside(world: World, person: Person, *, page: str) -> str:
    """Where the browser enters the product as this person; the ticket works once.

    Raises ProductUnreachable, ProductRefused.
    """
    ticket = await _ask_as(world, person, path="/api/v1/me/web-tickets", body={}, answer="ticket")
    query = urlencode({"ticket": ticket, "next": page})
    return f"{world.product}{PAGES}enter?{query}"


async def report_accepted(world: World, person: Person, *, template_ids: list[str]) -> None:
    """The product knows which templates the person just accepted.

    Raises ProductUnreachable, ProductRefused.
    """
    await _ask_as(world, person, path="/api/v1/me/subscriptions", body={"accepted": template_ids})


def page_of_message(page: str) -> str:
    """The product's page that a message leads to: itself, or its `path`; else the first page."""
    target = parse_qs(urlsplit(page).query).get("path", ["/" + page.lstrip("/")])[0]
    return target if target.startswith(PAGES) else PAGES


async def _ask_as(
    world: World, person: Person, *, path: str, body: dict[str, object], answer: str = ""
) -> str:
    """One product call as the person; logs in when there is no token, or it is no longer good."""
    async with httpx.AsyncClient(
        base_url=world.product, trust_env=False, timeout=PRODUCT_SECONDS
    ) as client:
        known = world.store.one("SELECT token FROM shell_tokens WHERE openid = ?", person.openid)
        token = (
            str(known["token"]) if known is not None else await _login(world, person, client=client)
        )
        response = await _post(client, path, body=body, token=token)
        if response.status_code in LOGIN_AGAIN and known is not None:
            token = await _login(world, person, client=client)
            response = await _post(client, path, body=body, token=token)
    return _told(response, answer)


async def _login(world: World, person: Person, *, client: httpx.AsyncClient) -> str:
    app_id = world.credentials.apps[0].app_id
    code = make_code(world, kind="login", app_id=app_id, openid=person.openid)
    body: dict[str, object] = {"app_id": app_id, "code": code}
    token = _told(await _post(client, "/api/v1/login/wechat", body=body), "token")
    world.store.run(
        "INSERT INTO shell_tokens (openid, token) VALUES (?, ?)"
        " ON CONFLICT (openid) DO UPDATE SET token = excluded.token",
        person.openid,
        token,
    )
    return token


async def _post(
    client: httpx.AsyncClient, path: str, *, body: dict[str, object], token: str = ""
) -> httpx.Response:
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    if token:
        headers["Authorization"] = f"Token {token}"
    try:
        return await client.post(path, json=body, headers=headers)
    except httpx.HTTPError as trouble:
        raise ProductUnreachable from trouble


def _told(response: httpx.Response, name: str) -> str:
    if not response.is_success:
        raise ProductRefused(response.status_code)
    if not name:
        return ""
    try:
        value = response.json()[name]
    except (ValueError, KeyError, TypeError) as trouble:
        raise ProductRefused(response.status_code) from trouble
    if not isinstance(value, str) or not value:
        raise ProductRefused(response.status_code)
    return value
