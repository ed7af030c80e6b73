"""Persons, patients, grants and the access log; one file for each kind of table."""

from patients.models.access import AccessLine, AccessLineQuerySet, AccessSeal
from patients.models.break_glass import REVIEW_WITHIN, BreakGlass, PatientMark
from patients.models.closing import (
    COOLING_OFF,
    AccountClosing,
    AccountClosingManager,
    AccountClosingQuerySet,
)
from patients.models.consent import (
    Consent,
    ConsentManager,
    ConsentPurpose,
    ConsentQuerySet,
    ConsentText,
)
from patients.models.death import Death, DeathSource
from patients.models.document import (
    Document,
    DocumentManager,
    DocumentQuerySet,
    DocumentType,
    PersonDocument,
    Way,
)
from patients.models.grant import (
    ALL_SCOPES,
    DAY_STREAM,
    Grant,
    GrantManager,
    GrantQuerySet,
    GrantRequest,
    GrantWay,
    Relation,
    Scope,
)
from patients.models.merge import MergeReason, MergeReview
from patients.models.person import Identifier, Patient, Person, Sex
from patients.models.watch import AccessFinding, ReadAllowance, RecordSearch

__all__ = [
    "ALL_SCOPES",
    "COOLING_OFF",
    "DAY_STREAM",
    "REVIEW_WITHIN",
    "AccessFinding",
    "AccessLine",
    "AccessLineQuerySet",
    "AccessSeal",
    "AccountClosing",
    "AccountClosingManager",
    "AccountClosingQuerySet",
    "BreakGlass",
    "Consent",
    "ConsentManager",
    "ConsentPurpose",
    "ConsentQuerySet",
    "ConsentText",
    "Death",
    "DeathSource",
    "Document",
    "DocumentManager",
    "DocumentQuerySet",
    "DocumentType",
    "Grant",
    "GrantManager",
    "GrantQuerySet",
    "GrantRequest",
    "GrantWay",
    "Identifier",
    "MergeReason",
    "MergeReview",
    "Patient",
    "PatientMark",
    "Person",
    "PersonDocument",
    "ReadAllowance",
    "RecordSearch",
    "Relation",
    "Scope",
    "Sex",
    "Way",
]
