"""Listen for the HL7 v2 messages of one hospital."""

import asyncio
import signal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from hospitals.models import Hospital
from interop.listener import listener
from interop.mllp import Server


class Command(BaseCommand):
    """Stores each message, acknowledges it, then applies it; ends on SIGTERM or SIGINT."""

    help = "Listen for HL7 v2 messages over MLLP."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which hospital, and where to listen."""
        parser.add_argument("hospital", help="code of the hospital whose systems connect")
        parser.add_argument("--host", default=settings.MLLP_HOST)
        parser.add_argument("--port", type=int, default=settings.MLLP_PORT)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Serve until told to stop."""
        hospital = Hospital.objects.filter(code=options["hospital"]).first()
        if hospital is None:
            raise CommandError(f"No hospital has the code {options['hospital']}.")
        asyncio.run(self._serve(listener(hospital), options["host"], port=options["port"]))

    async def _serve(self, server: Server[UUID], host: str, *, port: int) -> None:
        told_to_stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, told_to_stop.set)
        listening = await server.serve(host, port)
        bound = listening.sockets[0].getsockname()
        self.stdout.write(f"MLLP listens on {bound[0]}:{bound[1]}")
        self.stdout.flush()
        await told_to_stop.wait()
        await server.stop()
