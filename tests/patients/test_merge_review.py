"""Two charts that may be one person: asked, decided, and taken back."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import Account, Role, Staff
from common import clock
from common.commands import command
from common.errors import MoveRefused
from notifications.inbox import Inbox
from notifications.models import Task
from notifications.readers import may_read
from patients.access import has_scope, patient_for, patients_of
from patients.actions.compare import compare_patients
from patients.actions.decide_review import join_patients, keep_apart, split_patients
from patients.actions.open_review import open_merge_review
from patients.actions.revoke import revoke_grant
from patients.errors import (
    BecauseMissing,
    JoinUnverified,
    LeadingUnknown,
    PatientUnknown,
    ReviewUnknown,
    SamePatient,
)
from patients.family import family_of
from patients.models import (
    Grant,
    MergeReason,
    MergeReview,
    Patient,
    Person,
    Relation,
    Scope,
)
from patients.people import other_numbers, shown_once
from tests import make

pytestmark = pytest.mark.django_db


class Office:
    """A records office with some patients of its hospital."""

    def __init__(self, patients: int = 2) -> None:
        self.hospital = make.hospital()
        self.staff = make.staff(hospital=self.hospital, role=Role.RECORDS_OFFICE)
        self.patients = [make.patient(hospital=self.hospital) for _ in range(patients)]

    def open(self, one: int = 0, other: int = 1, *, staff: Staff | None = None) -> MergeReview:
        return open_merge_review(
            first=self.patients[one],
            second=self.patients[other],
            reason=MergeReason.DOCUMENT,
            evidence="同一本护照",
            staff=staff,
        )

    def join(self, review: MergeReview) -> MergeReview:
        return join_patients(
            review_id=review.pk, leading_id=review.first_id, staff=self.staff, because="本人确认"
        )

    def apart(self, review: MergeReview) -> MergeReview:
        return keep_apart(review_id=review.pk, staff=self.staff, because="不是同一人")

    def split(self, review: MergeReview) -> MergeReview:
        return split_patients(review_id=review.pk, staff=self.staff, because="认错人")

    def groups(self) -> list[object]:
        people = Person.objects.filter(patient__in=self.patients).order_by("patient__pk")
        return list(people.values_list("group_id", flat=True))

    def joined(self) -> list[object]:
        rows = Patient.objects.filter(pk__in=[one.pk for one in self.patients]).order_by("pk")
        return list(rows.values_list("joined_to_id", flat=True))


def test_a_question_asked_twice_is_one_review_with_one_task() -> None:
    office = Office()

    first, again = office.open(0, 1), office.open(1, 0)

    assert first.pk == again.pk
    assert MergeReview.objects.count() == 1
    task = Task.objects.get()
    assert (task.role, task.kind, task.status) == (Role.RECORDS_OFFICE, "merge_review", "OPEN")


def test_nobody_is_compared_with_themselves_or_over_hospitals() -> None:
    office = Office()
    office.patients.append(make.patient())

    with pytest.raises(SamePatient):
        office.open(0, 0)
    with pytest.raises(PatientUnknown):
        office.open(0, 2)

    assert not MergeReview.objects.exists()


def test_who_joins_them_is_written_down_and_the_task_is_done() -> None:
    office = Office()

    review = office.join(office.open())

    assert (review.status, review.decided_by) == ("joined", office.staff)
    assert review.decided_at == clock.now()
    assert office.joined() == [office.patients[0].pk] * 2
    task = Task.objects.get()
    assert (task.status, task.owner, task.evidence) == ("DONE", office.staff, "本人确认")


def test_a_machine_does_not_ask_again_what_was_decided_and_people_may() -> None:
    office = Office()
    decided = office.apart(office.open())

    asked = office.open()
    asked_by_people = office.open(staff=office.staff)

    assert asked.pk == decided.pk
    assert asked_by_people.pk != decided.pk
    assert asked_by_people.status == MergeReview.Status.OPEN


@pytest.mark.parametrize("attempt", ["split", "join twice", "no reason", "strange leader"])
def test_a_decision_that_cannot_be_changes_nothing(attempt: str) -> None:
    office, stranger = Office(), make.patient()
    review = office.open()
    attempts: dict[str, tuple[Callable[[], object], type[Exception]]] = {
        "split": (lambda: office.split(review), MoveRefused),
        "join twice": (lambda: office.apart(office.apart(review)), MoveRefused),
        "no reason": (
            lambda: keep_apart(review_id=review.pk, staff=office.staff, because=" "),
            BecauseMissing,
        ),
        "strange leader": (
            lambda: join_patients(
                review_id=review.pk, leading_id=stranger.pk, staff=office.staff, because="同"
            ),
            LeadingUnknown,
        ),
    }
    act, error = attempts[attempt]

    with pytest.raises(error), command():
        act()

    assert MergeReview.objects.get().status == MergeReview.Status.OPEN


def test_another_hospitals_records_office_finds_no_review() -> None:
    review = Office().open()

    with pytest.raises(ReviewUnknown):
        Office().join(review)


ENDS = {"join": "joined", "apart": "apart", "split": "split"}
PAIRS = st.tuples(st.integers(0, 4), st.integers(0, 4)).filter(lambda pair: pair[0] != pair[1])
STEPS = st.lists(st.tuples(st.sampled_from(["open", "join", "apart", "split"]), PAIRS), max_size=14)


def expected(office: Office, *, statuses: tuple[str, ...]) -> list[object]:
    """For each patient, the places of all whom reviews of these statuses lead to, step by step."""
    reviews = MergeReview.objects.filter(hospital=office.hospital, status__in=statuses)
    places = {one.pk: place for place, one in enumerate(office.patients)}
    pairs = [(places[review.first_id], places[review.second_id]) for review in reviews]
    reached = {place: {place} for place in places.values()}
    for _ in pairs:
        for one, other in pairs:
            both = reached[one] | reached[other]
            reached |= {one: both, other: both}
    return [frozenset(reached[place]) for place in sorted(reached)]


def partition(names: list[object]) -> list[object]:
    """For each, the set of those with the same name; alone where there is none."""
    return [
        frozenset({i}) if name is None else frozenset(j for j, n in enumerate(names) if n == name)
        for i, name in enumerate(names)
    ]


@settings(max_examples=10)
@given(steps=STEPS)
def test_whatever_was_decided_the_groups_are_what_the_reviews_say(
    steps: list[tuple[str, tuple[int, int]]],
) -> None:
    office = Office(patients=5)

    for verb, (one, other) in steps:
        review = office.open(one, other, staff=office.staff)
        act = {"join": office.join, "apart": office.apart, "split": office.split}.get(verb)
        if act is not None and review.can_move_to(ENDS[verb]):
            act(review)

    assert partition(office.groups()) == expected(office, statuses=MergeReview.COUNTING)
    assert partition(office.joined()) == expected(office, statuses=("joined",))


def reads(office: Office, accounts: list[Account]) -> list[object]:
    """Everything that grants open: lists, single patients, scopes, and whom a message reaches."""
    told = [may_read(one.pk, Scope.REPORTS) for one in office.patients]
    return [*told, *(read for account in accounts for read in reads_of(office, account))]


def reads_of(office: Office, account: Account) -> list[object]:
    """The same for one account."""
    lists = [
        set(patients_of(account.pk, office.hospital, scope=scope).values_list("pk", flat=True))
        for scope in (None, Scope.REPORTS)
    ]
    scopes = [has_scope(account.pk, one.pk, scope=Scope.REPORTS) for one in office.patients]
    return [*lists, *scopes, set(Inbox(account.pk).grants)]


@settings(max_examples=5)
@given(pairs=st.lists(PAIRS, max_size=6))
def test_joining_and_splitting_leaves_every_read_as_before(pairs: list[tuple[int, int]]) -> None:
    office, accounts = Office(patients=0), [make.account() for _ in range(3)]
    relations = ["self", "family", "self", "family", "self"]
    office.patients = [
        make.patient(hospital=office.hospital, account=accounts[place // 2], relation=relation)
        for place, relation in enumerate(relations)
    ]
    before = reads(office, accounts)

    reviews = {office.open(*pair).pk: office.open(*pair) for pair in pairs}
    for review in reviews.values():
        office.join(review)
    joined = reads(office, accounts)
    for review in reviews.values():
        office.split(review)

    assert (joined == before) == (not pairs)
    assert reads(office, accounts) == before


def test_a_grant_to_either_covers_both_with_its_own_scopes() -> None:
    office = Office(patients=0)
    mother, daughter = make.account(), make.account()
    office.patients = [
        make.patient(hospital=office.hospital, account=mother),
        make.patient(hospital=office.hospital, account=daughter, relation="family"),
    ]
    first, second = office.patients

    office.join(office.open())

    assert patient_for(mother, second.pk, scope=Scope.REPORTS, hospital=office.hospital) == second
    with pytest.raises(PatientUnknown):
        patient_for(daughter, first.pk, scope=Scope.REPORTS, hospital=office.hospital)
    mine = patients_of(daughter.pk, office.hospital, scope=Scope.BOOK)
    assert set(mine) == {first, second}
    assert list(shown_once(mine)) == [first]
    assert other_numbers(mine) == {first.pk: [second.number], second.pk: [first.number]}


def test_a_list_of_patients_costs_no_statement_more() -> None:
    hospital, account = make.hospital(), make.account()
    patient = make.patient(hospital=hospital, account=account)
    assert Patient.objects.get().name  # the hospital's data key is known now

    with CaptureQueriesContext(connection) as seen:
        list(patients_of(account.pk, hospital, scope=Scope.BOOK))
        patient_for(account, patient.pk, hospital=hospital)

    assert len(seen) == 3, [one["sql"] for one in seen]


def test_a_new_patient_with_the_same_details_and_another_document_is_asked_about() -> None:
    hospital = make.hospital()
    born_on = date(1990, 5, 6)
    numbers = [make.resident_id(born_on=born_on) for _ in range(3)]
    first, second, third = (
        make.patient(hospital=hospital, document_number=number, name=name, phone="13912345678")
        for number, name in zip(numbers, ["李 明", "李明", "李敏"], strict=True)
    )
    Patient.objects.update(sex="1")

    assert compare_patients() == 3
    assert compare_patients() == 0

    review = MergeReview.objects.get()
    assert (review.first, review.second) == (first, second)
    assert review.reason == MergeReason.SAME_DETAILS
    assert Person.objects.get(patient=third).group_id is None


def test_an_invented_chart_is_not_joined_with_a_real_one() -> None:
    office = Office()
    invented = make.patient(hospital=office.hospital, is_verified=False)
    review = open_merge_review(
        first=office.patients[0], second=invented, reason=MergeReason.DOCUMENT, evidence=""
    )

    with pytest.raises(JoinUnverified):
        office.join(review)

    assert not has_scope(_owner_of(invented), office.patients[0].pk, scope=Scope.REPORTS)


def _owner_of(patient: Patient) -> UUID:
    grant: Grant = Grant.objects.get(patient=patient)
    return grant.account_id


def test_whoever_may_read_through_a_joined_chart_can_be_sent_away() -> None:
    office = Office(patients=1)
    wifes, husbands = make.account(), make.account()
    first = make.patient(hospital=office.hospital, account=wifes)
    second = make.patient(
        hospital=office.hospital, account=husbands, relation=Relation.FAMILY, name="王红"
    )
    office.patients = [first, second]
    office.join(office.open())
    assert has_scope(husbands.pk, first.pk, scope=Scope.BOOK)

    (his,) = family_of(wifes.pk, office.hospital).for_me
    revoke_grant(account=wifes, hospital=office.hospital, grant_id=his.pk)

    assert not has_scope(husbands.pk, first.pk, scope=Scope.BOOK)
