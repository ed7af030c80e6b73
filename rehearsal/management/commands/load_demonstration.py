"""`manage.py load_demonstration`: a hospital to try everything in. Safe to repeat."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from clinic.saying import said
from common.errors import DomainError
from hospitals.models import Hospital
from rehearsal.demonstration import hospital as place
from rehearsal.demonstration import logins, outside, words


class Command(BaseCommand):
    """Opens the hospital `demo`, fills it, lets its staff in, and publishes what can be booked."""

    help = "Load the demonstration hospital (safe to repeat)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """From which files."""
        source = parser.add_mutually_exclusive_group()
        source.add_argument("--from", type=Path, dest="folder", help="real files to load")
        source.add_argument("--alone", action="store_true", help="load our own files only")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do it step by step, and say what each did."""
        if not settings.PAPERS_DEMONSTRATION_SEAL:
            raise CommandError("This installation is no demonstration.")
        try:
            hospital = place.open_demonstration()
            folder = None if options["alone"] else options["folder"] or place.shared_folder()
            self.fill(hospital, folder)
        except DomainError as refusal:
            raise CommandError("\n".join(said(refusal))) from refusal
        self.let_in(hospital)
        call_command("make_demonstration_keys", stdout=self.stdout)

    def fill(self, hospital: Hospital, folder: Path | None) -> None:
        """The hospital has departments, doctors, prices, beds, and days to book."""
        self.stdout.write(f"{hospital.code} {hospital.name}: from {folder or 'our own files'}")
        for change in place.fill_directory(hospital, folder):
            self.stdout.write(f"{change.noun}: {change.added} added, {change.changed} changed")
        self.stdout.write(f"排班规则: {place.fill_rota(hospital, folder)} added")
        self.stdout.write(f"出诊: {place.publish_horizon(hospital)} published")
        self.stdout.write(f"床位: {place.make_beds(hospital)} added")

    def let_in(self, hospital: Hospital) -> None:
        """Staff can sign in, and the hospital has its mini-program and its words."""
        home = Path(settings.VAR_DIR)
        credentials = outside.read_credentials(home / "sandbox" / "credentials.json")
        registered = outside.register_provider(hospital, credentials)
        self.stdout.write(f"小程序与商户: {', '.join(registered) or 'none yet: sandbox keys'}")
        self.stdout.write(f"消息模板: {outside.write_templates(hospital, credentials)}")
        self.stdout.write(f"同意书: {words.write_consents(hospital)}")
        file = home / "demonstration.json"
        kept = logins.Secrets.kept_in(file)
        systems = place.introduce_senders(hospital, fhir_key=kept.fhir_key)
        self.stdout.write(f"院内系统: {', '.join(systems)}")
        made = logins.employ_everybody(hospital, passwords=kept.passwords)
        logins.write_logins(
            file,
            {
                "logins": logins.told_of(made),
                "phone_url": outside.phone_url(credentials),
                "fhir_key": kept.fhir_key,
            },
        )
        self.stdout.write(f"演示账号: {len(made)} in {file}")
