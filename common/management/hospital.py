"""What the commands about keys ask alike: which hospital, and which of its purposes."""

from argparse import ArgumentParser
from uuid import UUID

from django.apps import apps
from django.core.management.base import CommandError

from common.models import DataKey


def add_hospital(parser: ArgumentParser) -> None:
    """`CODE`, and `--purpose` where only one is meant."""
    parser.add_argument("code")
    parser.add_argument("--purpose", default="")


def the_hospital(code: str) -> UUID:
    """Its key. Raises CommandError where there is no such hospital."""
    model = apps.get_model("hospitals", "Hospital")  # the house knows hospitals by their key alone
    found: UUID | None = model.objects.filter(code=code).values_list("pk", flat=True).first()
    if found is None:
        raise CommandError(f"No hospital has the code {code}.")
    return found


def purposes_of(hospital_id: UUID, *, only: str = "") -> list[str]:
    """The purposes it has keys for. Raises CommandError where `only` is none of them."""
    rows = DataKey.objects.filter(hospital_id=hospital_id)
    known = sorted(set(rows.values_list("purpose", flat=True)))
    if only and only not in known:
        raise CommandError(f"No data key for {only}; there are: {', '.join(known)}.")
    return [only] if only else known
