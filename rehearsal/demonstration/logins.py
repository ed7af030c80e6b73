"""Who works in the demonstration hospital, and the file that says how to sign in as them.

Passwords are made here, kept over repeats, and stand in one file that its owner alone can read.
"""

import contextlib
import json
import os
import secrets
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password

from accounts.models import Account, Role, Staff
from accounts.passwords import new_password
from clinic.actions.assign import Times, assign_department
from clinic.errors import AssignedAlready
from clinic.models import Department, Doctor
from clinic.naming import names_for
from common import clock
from common.commands import action
from hospitals.models import Hospital

ROLES = (
    Role.TRIAGE,
    Role.NURSE,
    Role.PHARMACIST,
    Role.CASHIER,
    Role.BOOKING_OFFICE,
    Role.RECORDS_OFFICE,
    Role.MANAGER,
    Role.AUDITOR,
    Role.ADMINISTRATOR,
)


@dataclass(frozen=True)
class Login:
    """How to sign in as somebody, and where that leads."""

    who: str
    username: str
    password: str
    page: str


@dataclass(frozen=True)
class Secrets:
    """What was made at an earlier set-up and is kept."""

    passwords: Mapping[str, str]  # by username
    fhir_key: str  # of the demonstration's prescribing system

    @classmethod
    def kept_in(cls, file: Path) -> "Secrets":
        """Those of the file; where it has none, fresh ones."""
        told = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        return cls(
            passwords={one["username"]: one["password"] for one in told.get("logins", [])},
            fhir_key=told.get("fhir_key") or secrets.token_urlsafe(32),
        )


def write_logins(file: Path, told: Mapping[str, Any]) -> None:
    """The file appears whole or not at all, with mode 0600 from its first byte."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(file.name + ".fresh")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    fresh.replace(file)


def told_of(logins: list[Login]) -> list[dict[str, str]]:
    """The logins as the file holds them."""
    return [asdict(login) for login in logins]


@dataclass(frozen=True)
class Post:
    """Who is to work here (岗位)."""

    number: str
    username: str
    name: str
    role: Role
    place: str = ""
    doctor: Doctor | None = None


def posts_of(hospital: Hospital) -> list[Post]:
    """Every role that has pages, and every doctor of the directory."""
    names = names_for(range(len(ROLES)), seed="staff")
    desks = [
        Post(f"S{position:03d}", role.value.replace("_", "-"), names[position], role)
        for position, role in enumerate(ROLES)
    ]
    doctors = Doctor.objects.filter(hospital=hospital).select_related("department")
    return desks + [
        Post(
            f"D{one.number}",
            f"doctor-{one.number}",
            one.name,
            Role.DOCTOR,
            place=one.department.name,
            doctor=one,
        )
        for one in doctors.order_by("number")
    ]


def employ_everybody(hospital: Hospital, *, passwords: Mapping[str, str]) -> list[Login]:
    """Everybody can sign in; who is there already keeps the password that is known."""
    posts = posts_of(hospital)
    there = set(Staff.objects.filter(hospital=hospital).values_list("account__username", flat=True))
    told = {post.username: passwords.get(post.username) or new_password() for post in posts}
    fresh = [name for name in told if name not in there or name not in passwords]
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:  # a hash takes half a second
        hashed = dict(
            zip(fresh, pool.map(lambda name: make_password(told[name]), fresh), strict=True)
        )

    for post in posts:
        employ(hospital=hospital, post=post, hashed_password=hashed.get(post.username, ""))
    send_nurses_to_wards(hospital)
    return [
        Login(
            f"{post.role.label} {post.name} {post.place}".rstrip(),
            username=post.username,
            password=told[post.username],
            page=f"/staff/{hospital.code}/",
        )
        for post in posts
    ]


@action
def employ(*, hospital: Hospital, post: Post, hashed_password: str) -> Staff:
    """The post has a staff member who can sign in, and who is the doctor of the directory.

    An empty `hashed_password` leaves the old one.
    """
    staff = Staff.objects.select_related("account").filter(
        hospital=hospital, number=post.number
    ).first()  # fmt: skip
    if staff is None:
        account = Account(username=post.username, password=hashed_password, made_at=clock.now())
        account.save(force_insert=True)
        staff = Staff.objects.create(
            hospital=hospital, account=account, number=post.number, name=post.name, role=post.role
        )
    elif hashed_password:
        staff.account.password = hashed_password
        staff.account.save(update_fields=["password"])
    if post.doctor is not None and post.doctor.staff_id is None:
        post.doctor.staff = staff
        post.doctor.save(update_fields=["staff"])
    return staff


def send_nurses_to_wards(hospital: Hospital) -> None:
    """The nurses work on every ward that has beds (科室分配)."""
    nurses = Staff.objects.of_hospital(hospital.pk).working().filter(role=Role.NURSE)
    wards = Department.objects.filter(hospital=hospital, bed__isnull=False).distinct()
    for nurse in nurses:
        for ward in wards:
            with contextlib.suppress(AssignedAlready):
                assign_department(
                    staff_id=nurse.pk,
                    department_id=ward.pk,
                    times=Times(since=clock.now()),
                    hospital=hospital,
                    by=None,
                )
