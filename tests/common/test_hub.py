"""The hub goes on listening when the shared layer comes back."""

import asyncio
from contextlib import suppress

from pytest_django import Settings
from redis.exceptions import ConnectionError as RedisAway

from common.hub import Hub

PATIENCE = 10


class AwayAtFirst:
    """A channel layer whose Redis restarts while a process begins to listen."""

    asked = 0

    def __init__(self, **_: object) -> None:
        """Nothing to set up."""

    async def new_channel(self) -> str:
        """The first time nobody is there."""
        type(self).asked += 1
        if self.asked == 1:
            raise RedisAway
        return "channel"

    async def group_add(self, _group: str, _channel: str) -> None:
        """Joined."""

    async def receive(self, _channel: str) -> dict[str, str]:
        """One word, then silence."""
        if self.asked == 2:
            type(self).asked += 1
            return {"type": "news"}
        await asyncio.Event().wait()
        return {}


def test_a_redis_that_restarts_does_not_end_the_listening(settings: Settings) -> None:
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "tests.common.test_hub.AwayAtFirst"}}

    async def listen() -> bool:
        hub = Hub()
        listening = asyncio.create_task(hub._listen())
        news = asyncio.create_task(hub._news.wait())
        await asyncio.wait({listening, news}, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        has_news = news.done()
        for task in (listening, news):
            task.cancel()
            with suppress(asyncio.CancelledError, RedisAway):
                await task
        return has_news

    assert asyncio.run(listen())
