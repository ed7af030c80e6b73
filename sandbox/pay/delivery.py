"""Delivering notices: WeChat Pay's own patience, on the shown clock."""

import asyncio
import contextlib
import sqlite3
from urllib.parse import urlsplit

import httpx

from sandbox.pay.notices import merchant_with
from sandbox.pay.refunds import settle_due_refunds
from sandbox.pay.shapes import LOOPBACK
from sandbox.world import World

ACKNOWLEDGE_SECONDS = 5.0
MINUTE, HOUR = 60, 3600
# WeChat Pay v3: the waits after the 1st, 2nd, … failure; then it gives up.
RETRY_SECONDS = (
    *(15, 15, 30, 3 * MINUTE, 10 * MINUTE, 20 * MINUTE, 30 * MINUTE, 30 * MINUTE, 30 * MINUTE),
    *(60 * MINUTE, 3 * HOUR, 3 * HOUR, 3 * HOUR, 6 * HOUR, 6 * HOUR),
)
AT_ONCE = 16
LOOK_AGAIN_SECONDS = 0.1  # real; the shown clock may have jumped


class Postman:
    """Delivers what is due until it is cancelled. What was under way is delivered again."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._client = httpx.AsyncClient(trust_env=False, timeout=ACKNOWLEDGE_SECONDS)

    async def work(self) -> None:
        """Never returns."""
        try:
            while True:
                self._world.wake.clear()
                settle_due_refunds(self._world)
                self._start_due()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._world.wake.wait(), LOOK_AGAIN_SECONDS)
        finally:
            for task in self._under_way.values():
                task.cancel()
            await asyncio.gather(*self._under_way.values(), return_exceptions=True)
            await self._client.aclose()

    def _start_due(self) -> None:
        due = self._world.store.all(
            "SELECT * FROM notices WHERE state = 'PENDING' AND due_at <= ?"
            " ORDER BY due_at, seq LIMIT ?",
            self._world.clock.shown(),
            AT_ONCE * 2,
        )
        for notice in due:
            notice_id = notice["notice_id"]
            if len(self._under_way) >= AT_ONCE:
                return
            if notice_id not in self._under_way:
                task = asyncio.create_task(self._deliver(notice))
                self._under_way[notice_id] = task
                task.set_name(notice_id)
                task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        del self._under_way[task.get_name()]
        self._world.wake.set()

    async def _deliver(self, notice: sqlite3.Row) -> None:
        is_probe = notice["probes_left"] > 0
        outcome = await self._post(notice, is_probe=is_probe)
        with self._world.store.transaction():
            self._world.store.run(
                "INSERT INTO attempts (notice_id, at, outcome, probe) VALUES (?, ?, ?, ?)",
                notice["notice_id"],
                self._world.clock.shown(),
                outcome,
                int(is_probe),
            )
            self._move_on(notice, is_probe=is_probe, is_acknowledged=outcome in {"200", "204"})

    async def _post(self, notice: sqlite3.Row, *, is_probe: bool) -> str:
        """The status as text, or what went wrong."""
        if urlsplit(notice["url"]).hostname not in LOOPBACK:
            return "not loopback"
        body = notice["body"].encode("utf-8")
        signer = self._world.signer
        sign = signer.probe_headers if is_probe else signer.headers
        merchant = merchant_with(self._world, notice["mchid"])
        headers = sign(merchant, body, now=self._world.clock.real())
        headers["Content-Type"] = "application/json"
        try:
            async with asyncio.timeout(ACKNOWLEDGE_SECONDS):
                answer = await self._client.post(notice["url"], content=body, headers=headers)
        except TimeoutError:
            return "no answer in time"
        except (httpx.HTTPError, httpx.InvalidURL) as trouble:
            return type(trouble).__name__
        return str(answer.status_code)

    def _move_on(self, notice: sqlite3.Row, *, is_probe: bool, is_acknowledged: bool) -> None:
        now = self._world.clock.shown()
        state, due_at, failures = "PENDING", now, notice["failures"]
        copies_left, probes_left = notice["copies_left"], notice["probes_left"]
        if is_probe:
            probes_left -= 1
        elif is_acknowledged and copies_left:
            copies_left -= 1
        elif is_acknowledged:
            state = "DELIVERED"
        elif failures < len(RETRY_SECONDS):
            due_at = now + RETRY_SECONDS[failures]
            failures += 1
        else:
            state = "GIVEN_UP"
        self._world.store.run(
            "UPDATE notices SET state = ?, due_at = ?, failures = ?, copies_left = ?,"
            " probes_left = ? WHERE seq = ?",
            state,
            due_at,
            failures,
            copies_left,
            probes_left,
            notice["seq"],
        )
