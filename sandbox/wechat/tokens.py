"""Access tokens, in two pools that know nothing of each other."""

import hmac
import secrets
import sqlite3

from sandbox.credentials import App
from sandbox.wechat import refusals
from sandbox.wechat.edge import WechatCall
from sandbox.wechat.refusals import WechatRefusal
from sandbox.world import World

LIFE_SECONDS = 7200
CHANGEOVER_SECONDS = 300  # the old token is still taken so long
FORCED_A_DAY = 20
FORCED_APART_SECONDS = 30


def legacy_token(call: WechatCall) -> dict[str, object]:
    """GET /cgi-bin/token: a new token; the one before it dies in five minutes."""
    query = call.query
    if query.get("grant_type") != "client_credential":
        raise WechatRefusal(refusals.GRANT_TYPE_WRONG)
    app = app_with_secret(
        call.world,
        app_id=query.get("appid", ""),
        secret=query.get("secret", ""),
        secret_wrong=refusals.TOKEN_NOT_LATEST,
    )
    now = call.world.clock.real()
    call.world.store.run(
        "UPDATE tokens SET dead_at = ? WHERE app_id = ? AND pool = 'legacy' AND dead_at IS NULL",
        now + CHANGEOVER_SECONDS,
        app.app_id,
    )
    return _issue(call.world, app, pool="legacy", forced=False)


def stable_token(call: WechatCall) -> dict[str, object]:
    """POST /cgi-bin/stable_token: the same token for as long as it is good."""
    if call.text("grant_type") != "client_credential":
        raise WechatRefusal(refusals.GRANT_TYPE_WRONG)
    app = app_with_secret(
        call.world,
        app_id=call.text("appid"),
        secret=call.text("secret"),
        secret_wrong=refusals.TOKEN_NOT_LATEST,
    )
    now = call.world.clock.real()
    current = call.world.store.one(
        "SELECT * FROM tokens WHERE app_id = ? AND pool = 'stable' AND dead_at IS NULL"
        " AND expires_at > ? ORDER BY made_at DESC, rowid DESC LIMIT 1",
        app.app_id,
        now,
    )
    if call.body.get("force_refresh") is True and _may_force(call.world, app, now=now):
        call.world.store.run(
            "UPDATE tokens SET dead_at = ? WHERE app_id = ? AND pool = 'stable'"
            " AND dead_at IS NULL",
            now,
            app.app_id,
        )
        return _issue(call.world, app, pool="stable", forced=True)
    if current is None or current["expires_at"] - now < CHANGEOVER_SECONDS:
        return _issue(call.world, app, pool="stable", forced=False)
    return {"access_token": current["token"], "expires_in": int(current["expires_at"] - now)}


def app_with_secret(world: World, *, app_id: str, secret: str, secret_wrong: int) -> App:
    """The mini-program that proves itself. Raises WechatRefusal."""
    if not app_id:
        raise WechatRefusal(refusals.APP_MISSING)
    if not secret:
        raise WechatRefusal(refusals.SECRET_MISSING)
    app = world.credentials.app(app_id)
    if app is None:
        raise WechatRefusal(refusals.APP_WRONG)
    if not hmac.compare_digest(app.secret.encode(), secret.encode()):
        raise WechatRefusal(secret_wrong)
    return app


def app_of_token(call: WechatCall) -> App:
    """The mini-program whose access token came in the query. Raises WechatRefusal."""
    token = call.query.get("access_token", "")
    if not token:
        raise WechatRefusal(refusals.TOKEN_MISSING)
    if call.world.faults.take("token_invalid_40001") is not None:
        raise WechatRefusal(refusals.TOKEN_NOT_LATEST)
    row = call.world.store.one("SELECT * FROM tokens WHERE token = ?", token)
    if row is None:
        raise WechatRefusal(_unknown_token(token))
    _refuse_dead_token(row, call.world.clock.real())
    app = call.world.credentials.app(row["app_id"])
    if app is None:
        raise WechatRefusal(refusals.TOKEN_NOT_LATEST)
    return app


def _unknown_token(token: str) -> int:
    return refusals.TOKEN_MALFORMED if len(token) < 64 else refusals.TOKEN_NOT_LATEST


def _refuse_dead_token(row: sqlite3.Row, now: float) -> None:
    if row["dead_at"] is not None and row["dead_at"] <= now:
        raise WechatRefusal(refusals.TOKEN_NOT_LATEST)
    if row["expires_at"] <= now:
        raise WechatRefusal(refusals.TOKEN_EXPIRED)


def _may_force(world: World, app: App, *, now: float) -> bool:
    row = world.store.one(
        "SELECT count(*) AS times, max(made_at) AS last_at FROM tokens"
        " WHERE app_id = ? AND pool = 'stable' AND forced = 1 AND made_at > ?",
        app.app_id,
        now - 24 * 3600,
    )
    if row is None or row["times"] == 0:
        return True
    return bool(row["times"] < FORCED_A_DAY and now - row["last_at"] >= FORCED_APART_SECONDS)


def _issue(world: World, app: App, *, pool: str, forced: bool) -> dict[str, object]:
    token = secrets.token_urlsafe(102)
    now = world.clock.real()
    world.store.run(
        "INSERT INTO tokens (token, app_id, pool, made_at, expires_at, forced)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        token,
        app.app_id,
        pool,
        now,
        now + LIFE_SECONDS,
        int(forced),
    )
    return {"access_token": token, "expires_in": LIFE_SECONDS}
