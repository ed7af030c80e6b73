"""The hospital learns that a person has died, or that it was a mistake."""

from datetime import date

from accounts.models import Staff
from common import clock
from common.commands import action, write
from patients.errors import AlreadyDeceased, BecauseMissing, DeathDateWrong, DeathUnknown
from patients.models import Death, DeathSource, Patient, Person
from patients.news import after_death
from patients.people import lock_groups_of, one_with


@action
def mark_deceased(
    *, patient: Patient, died_on: date, source: DeathSource, staff: Staff | None = None
) -> Death:
    """The person is deceased in every hospital: nothing is booked for them, nothing sent.

    With them everybody who was joined with the patient. What they had booked is given back and
    what was paid owed back, by those who hear `after_death`. The same again changes nothing.
    Raises DeathDateWrong, AlreadyDeceased (on another date), InFlight.
    """
    if not patient.born_on <= died_on <= clock.today():
        raise DeathDateWrong(patient_id=patient.pk)
    lock_groups_of(patient)
    known = _death_of(patient)
    if known is not None and known.died_on != died_on:
        raise AlreadyDeceased(patient_id=patient.pk)
    if known is not None:
        return known

    now = clock.now()
    same = list(one_with(patient.pk).filter(person__deceased_at=None).order_by("pk"))
    deaths = {
        one.pk: Death(
            hospital_id=one.hospital_id,
            patient=one,
            person_id=one.person_id,
            died_on=died_on,
            source=source,
            marked_at=now,
            marked_by=staff,
        )
        for one in same
    }
    for death in deaths.values():
        write(death)
    people = frozenset(one.person_id for one in same)
    Person.objects.filter(pk__in=people).update(deceased_at=now)
    after_death.tell(people)
    return deaths[patient.pk]


@action
def undo_deceased(*, patient: Patient, staff: Staff, because: str) -> Death:
    """It was a mistake: the person can be booked for and told again. What was released stays so.

    Raises DeathUnknown, BecauseMissing, InFlight.
    """
    lock_groups_of(patient)
    death = _death_of(patient)
    if death is None:
        raise DeathUnknown(patient_id=patient.pk)
    if not because.strip():
        raise BecauseMissing

    same = one_with(patient.pk).values("person_id")
    for one in Death.objects.filter(person__in=same, undone_at=None):
        one.undone_at, one.undone_by, one.undone_because = clock.now(), staff, because.strip()
        one.save(update_fields=["undone_at", "undone_by", "undone_because"])
        Person.objects.filter(pk=one.person_id).update(deceased_at=None)
    return Death.objects.get(pk=death.pk)


def _death_of(patient: Patient) -> Death | None:
    return Death.objects.filter(person_id=patient.person_id, undone_at=None).first()
