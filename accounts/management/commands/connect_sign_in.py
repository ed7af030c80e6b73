"""`manage.py connect_sign_in --hospital CODE --issuer URL --client-id ID --secret-file FILE`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actions.connect_provider import Registration, connect_provider
from common.errors import DomainError
from hospitals.views import hospital_of


class Command(BaseCommand):
    """Connects a hospital's own sign-in service. Safe to repeat."""

    help = "Let a hospital's staff sign in by its own OpenID Connect service."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What the service gave; the secret comes from a file, never from a command line."""
        parser.add_argument("--hospital", required=True, help="the hospital's code")
        parser.add_argument("--issuer", required=True)
        parser.add_argument("--client-id", required=True)
        parser.add_argument("--secret-file", required=True, type=Path)
        parser.add_argument("--label", default=Registration.label, help="what the button says")
        parser.add_argument("--number-claim", default=Registration.number_claim)
        parser.add_argument("--strong", nargs="*", default=(), help="acr or amr of two factors")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Connect, and say where the service must let people come back to."""
        registration = Registration(
            issuer=options["issuer"],
            client_id=options["client_id"],
            client_secret=options["secret_file"].read_text(encoding="utf-8").strip(),
            label=options["label"],
            number_claim=options["number_claim"],
            strong_values=tuple(options["strong"]),
        )
        try:
            hospital = hospital_of(options["hospital"])
            connect_provider(hospital=hospital, registration=registration)
        except DomainError as refusal:
            raise CommandError(refusal.code) from refusal
        self.stdout.write(f"redirect URI: …/staff/sign-in/with/{hospital.code}/back/")
