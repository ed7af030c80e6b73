"""Which persons count together, and which patients are shown as one.

Two persons under a merge review (疑似重复) count together until somebody decides, and after they
were joined. The group is named by its largest key: whoever locks a person and then the group's
name never goes backwards, though the group may have grown while they waited.
"""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import F, Q, Subquery

from common.errors import InFlight
from common.locking import RowQuerySet
from patients.models import MergeReview, Patient, Person

Pair = tuple[UUID, UUID]


def lock_person_of(patient: Patient) -> Person:
    """The patient's person, locked so that nobody they count with can book meanwhile.

    One statement; one more for a person who counts together with another.
    """
    person = Person.objects.locked().get(pk=patient.person_id)
    if person.group_id is not None and person.group_id != person.pk:
        Person.objects.locked().get(pk=person.group_id)
    return person


def counted_with(person: Person) -> Q:
    """The condition on rows with a `person` that count for this locked person."""
    if person.group_id is None:
        return Q(person_id=person.pk)
    return Q(person_id__in=Person.objects.filter(group_id=person.group_id).values("pk"))


def lock_groups_of(*patients: Patient) -> frozenset[UUID]:
    """Every person who counts together with one of these, locked by key; their keys.

    Comes before any other lock on a person. Raises InFlight where a group grew meanwhile.
    """
    people = {patient.person_id for patient in patients}
    keys = _groups_of(people)
    list(Person.objects.filter(pk__in=keys).locked())
    if not _groups_of(people) <= keys:
        raise InFlight
    return keys


def _groups_of(people: Collection[UUID]) -> frozenset[UUID]:
    rows = Person.objects.filter(pk__in=people)
    groups = set(rows.exclude(group=None).values_list("group_id", flat=True))
    together = Person.objects.filter(Q(pk__in=people) | Q(group_id__in=groups))
    return frozenset(together.values_list("pk", flat=True))


def regroup(people: Collection[UUID]) -> None:
    """Count together who is under review together. `people` are whole groups, locked."""
    pairs = (
        MergeReview.objects.counting()
        .filter(first__person__in=people, second__person__in=people)
        .values_list("first__person_id", "second__person_id")
    )
    for group in components(people, pairs):
        name = max(group) if len(group) > 1 else None
        Person.objects.filter(pk__in=group).update(group_id=name)


def rejoin(people: Collection[UUID], *, hospital_id: UUID) -> None:
    """Show as one whoever was joined in the hospital; the newest decision names the leading one.

    `people` are whole groups, locked.
    """
    here = Patient.objects.filter(hospital_id=hospital_id, person__in=people)
    keys = frozenset(here.values_list("pk", flat=True))
    reviews = list(
        MergeReview.objects.joined().filter(first__in=keys).order_by("-decided_at", "-pk")
    )
    for group in components(keys, map(_pair, reviews)):
        newest = next((one.leading_id for one in reviews if one.first_id in group), None)
        Patient.objects.filter(pk__in=group).update(joined_to_id=newest)


def _pair(review: MergeReview) -> Pair:
    return (review.first_id, review.second_id)


def components(keys: Iterable[UUID], pairs: Iterable[Pair]) -> list[frozenset[UUID]]:
    """The keys in sets that hang together by the pairs."""
    sets = {key: {key} for key in keys}
    for one, other in pairs:
        if sets[one] is not sets[other]:
            sets[one] |= sets[other]
            for key in sets[other]:
                sets[key] = sets[one]
    return list({frozenset(found) for found in sets.values()})


def one_with(patient_id: UUID) -> RowQuerySet[Patient]:
    """The patient, and whoever was joined with them."""
    leading = Patient.objects.filter(pk=patient_id).values("joined_to_id")
    return Patient.objects.filter(Q(pk=patient_id) | Q(joined_to_id=Subquery(leading)))


def joined_with(patient_ids: Collection[UUID]) -> RowQuerySet[Patient]:
    """These patients, and whoever was joined with one of them."""
    leading = Patient.objects.filter(pk__in=patient_ids).exclude(joined_to=None)
    named = Q(joined_to_id__in=leading.values("joined_to_id"))
    return Patient.objects.filter(Q(pk__in=patient_ids) | named)


def shown_once(patients: RowQuerySet[Patient]) -> RowQuerySet[Patient]:
    """Of patients who were joined, the leading one alone."""
    return patients.filter(Q(joined_to=None) | Q(joined_to=F("pk")))


def other_numbers(patients: Iterable[Patient]) -> dict[UUID, list[str]]:
    """The other patient numbers of each of these who was joined with somebody, the leading first.

    One query, and none where nobody was joined.
    """
    joined = {one.pk: one.joined_to_id for one in patients if one.joined_to_id is not None}
    if not joined:
        return {}
    rows = Patient.objects.filter(joined_to__in=set(joined.values())).order_by("pk")
    known = list(rows.values_list("joined_to_id", "pk", "number"))
    known.sort(key=lambda row: row[0] != row[1])
    return {
        one: [number for group, key, number in known if group == leading and key != one]
        for one, leading in joined.items()
    }


def is_deceased(patient: Patient) -> bool:
    """Whether the patient's person is marked deceased, by whichever hospital."""
    return Person.objects.filter(pk=patient.person_id, deceased_at__isnull=False).exists()
