"""One open sandbox: its memory, clock, keys and faults, handed to every handler."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

from starlette.requests import HTTPConnection

from sandbox.clock import Clock
from sandbox.credentials import Credentials, Provider
from sandbox.faults import Faults
from sandbox.pay.signatures import PaySigner
from sandbox.store import Store
from sandbox.switches import Switches


@dataclass(frozen=True)
class World:
    """Everything a handler may look at or change."""

    store: Store
    clock: Clock
    credentials: Credentials
    signer: PaySigner
    faults: Faults
    switches: Switches
    product: str
    wake: asyncio.Event = field(default_factory=asyncio.Event)

    @classmethod
    def open(cls, *, home: Path, product: str, clock: Clock) -> "World":
        """Raises FileNotFoundError while `keys` has not run."""
        credentials = Credentials.read(home)
        provider = Provider.read(home)
        # New keys, new world: what the old merchant is owed could not be sealed any more.
        store = Store(home / f"sandbox-{credentials.merchants[0].mchid}.sqlite3")
        return cls(
            store=store,
            clock=clock,
            credentials=credentials,
            signer=PaySigner(
                private_key_pem=provider.platform_private_key_pem, merchants=credentials.merchants
            ),
            faults=Faults(store),
            switches=Switches(store),
            product=product,
        )


def world_of(connection: HTTPConnection) -> World:
    """The world this request came to."""
    world = connection.app.state.world
    if not isinstance(world, World):
        raise TypeError("the server has not started")
    return world
