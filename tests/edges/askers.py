"""Everybody who may ask: one of each column of the table `who_may.md`, signed in once."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.test import Client

from accounts.models import Account, Role
from clinic.actions.assign import Times, assign_department
from common import clock
from patients.actions.ask_to_act import ask_for_more, ask_to_act
from patients.actions.confirm import confirm_at_desk
from patients.identity import Identity
from patients.models import Grant, Relation, Scope
from tests import make
from tests.edges.addresses import Address
from tests.edges.conftest import ELSEWHERE, World
from tests.make import queueing as at_queue

PRIVATE_ROWS = frozenset(
    {
        "admission_id",
        "appointment_id",
        "card_id",
        "message_id",
        "paper_id",
        "payment_id",
        "prescription_id",
        "report_id",
        "stay_id",
        "ticket_id",
        "visit_id",
    }
)
OPENED_BY = {
    "book": {"appointment_id"},
    "pay": {"payment_id"},
    "queue": {"ticket_id"},
    "reports": {"report_id", "paper_id"},
    "inpatient": {"stay_id"},
}
PRIVATE = PRIVATE_ROWS | {"patient_id"}
BY_DEPARTMENT = (Role.DOCTOR, Role.NURSE, Role.TRIAGE)
SCOPES = tuple(str(scope) for scope in Scope)


@dataclass
class Askers:
    """Clients by who they are; everybody's rights were granted by the real actions."""

    world: World
    visitor: Client = field(default_factory=Client)
    by_scopes: dict[tuple[str, ...], Client] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Everybody signs in before the first test."""
        self._accounts: dict[tuple[str, ...], Account] = {}
        self.own = self.world.client()
        self.stranger = make.signed_in_client(make.account())
        other = make.account()
        make.patient(hospital=self.world.elsewhere, account=other, name="外院人")
        self.patient_elsewhere = make.signed_in_client(other)
        for scope in SCOPES:
            for held in ((scope,), tuple(one for one in SCOPES if one != scope)):
                self.by_scopes[held] = make.signed_in_client(self._family(held))
        self.by_scopes[SCOPES] = make.signed_in_client(self._family(SCOPES))
        self.request = ask_for_more(
            account=self._accounts[SCOPES], patient=self.world.patient, scopes=SCOPES
        )
        self.grant = Grant.objects.of_account(self._accounts[SCOPES[:1]].pk).get()
        self.staff = {role.replace("_", " "): self._role(Role(role)) for role in Role.values}
        treating = at_queue.doctor_of(self.world.slot)
        self.staff["their doctor"] = make.signed_in_client(treating)
        self.staff["their nurse"] = self._role(Role.NURSE, at=self.world.known["ward_id"])
        self.staff["their desk"] = self._role(Role.TRIAGE, at=self.world.slot.session.department_id)

    def family(self, about: str, *, is_allowed: bool) -> Client | None:
        """Somebody of the family with what the row is about alone, or with all but that."""
        if about in SCOPES:
            rest = tuple(one for one in SCOPES if one != about)
            return self.by_scopes[(about,) if is_allowed else rest]
        if about == "any scope" and is_allowed:
            return self.by_scopes[(SCOPES[-1],)]
        if about == "who asked":
            return self.by_scopes[SCOPES if is_allowed else SCOPES[:1]]
        if about == "self" and not is_allowed:
            return self.by_scopes[SCOPES]
        return None

    def staff_for(self, about: str) -> dict[str, Client]:
        """Who is asked: every role; with whose patient it is only where it is about a patient.

        Patients' addresses know no roles: there four speak for all.
        """
        if about == "a patient":
            return self.staff
        if about == "the house":
            return {name: who for name, who in self.staff.items() if not name.startswith("their")}
        return {name: self.staff[name] for name in ("doctor", "nurse", "manager", "administrator")}

    def staff_elsewhere(self, let_in: list[str]) -> Client:
        """Staff of another hospital, of a role that the row lets in where it names one."""
        values = [one.replace(" ", "_") for one in let_in]
        roles = [Role(one) for one in values if one in Role.values]
        return self.world.client(role=roles[0] if roles else Role.DOCTOR, code=ELSEWHERE)

    def known(self, address: Address) -> dict[str, Any]:
        """What fills the address: the patient's rows."""
        is_copies = address.route.startswith("staff/")
        request = self.world.copies if is_copies else self.request
        return {**self.world.known, "grant_id": self.grant.pk, "request_id": request.pk}

    @property
    def marks(self) -> frozenset[str]:
        """What tells of the patient, in any answer."""
        patient = self.world.patient
        private = {str(self.world.known[name]) for name in PRIVATE}
        return frozenset({patient.name, patient.document_number} | private)

    def rows_of(self, about: str, address: Address) -> frozenset[str]:
        """The keys of the rows that the scope opens, and that the address names."""
        known = self.known(address)
        names = {name for name in address.ids if name in PRIVATE_ROWS} | OPENED_BY.get(about, set())
        return frozenset(str(known[name]) for name in names)

    def _role(self, role: Role, *, at: UUID | None = None) -> Client:
        """Staff of the role; who works in departments is at another one, or at this."""
        if role == Role.RECORDS_OFFICE:
            return make.signed_in_client(self.world.clerk)
        who = make.staff(hospital=self.world.hospital, role=role)
        if role in BY_DEPARTMENT:
            there = at or make.department(hospital=self.world.hospital, name="另一科室").pk
            assign_department(
                staff_id=who.pk,
                department_id=there,
                times=Times(since=clock.now(), until=None),
                hospital=self.world.hospital,
                by=None,
            )
        return make.signed_in_client(who)

    def _family(self, scopes: tuple[str, ...]) -> Account:
        """An account that acts for the patient, confirmed at the desk."""
        account, patient = make.account(), self.world.patient
        asked = ask_to_act(
            account=account,
            hospital=self.world.hospital,
            identity=Identity(
                name=patient.name, document_number=patient.document_number, phone="13800138000"
            ),
            relation=Relation.FAMILY,
            scopes=scopes,
        )
        confirm_at_desk(
            staff=make.staff(hospital=self.world.hospital, role=Role.BOOKING_OFFICE),
            request_id=asked.pk,
            document_number=patient.document_number,
        )
        self._accounts[scopes] = account
        return account
