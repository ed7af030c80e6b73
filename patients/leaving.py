"""What stands in the way of closing an account, and what stays when it is closed (注销)."""

from datetime import date
from uuid import UUID

from accounts.models import Account
from common import clock
from patients.models import AccountClosing, Grant, Patient, Relation
from patients.news import Kept, kept_records, reasons_to_stay

SPOKEN_FOR = (Relation.SELF, Relation.GUARDIAN)


def reasons_of(account: Account) -> list[str]:
    """Codes of what is still to happen through the account; none: it can be closed."""
    return sorted({code for answer in reasons_to_stay.ask(account) for code in answer})


def spoken_for(account: Account) -> list[UUID]:
    """The patients whose business is the account's: its own, and its wards' (被监护人)."""
    grants = Grant.objects.valid(clock.now()).of_account(account.pk)
    return list(grants.filter(relation__in=SPOKEN_FOR).values_list("patient_id", flat=True))


def own_patients(account: Account) -> list[Patient]:
    """Who the account is, in each hospital."""
    grants = Grant.objects.valid(clock.now()).of_account(account.pk).selves()
    return [
        grant.patient for grant in grants.select_related("patient__hospital").order_by("patient_id")
    ]


def kept_of(patient: Patient) -> list[Kept]:
    """What the law keeps of the patient; what is kept longest stands first."""
    rows = [one for answer in kept_records.ask(patient) for one in answer]
    return sorted(rows, key=lambda one: (one.until, one.title), reverse=True)


def years_after(day: date, years: int) -> date:
    """The same day so many years later; a leap day becomes 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def open_closing(account: Account) -> AccountClosing | None:
    """The closing that was asked for and can be taken back, if there is one."""
    return AccountClosing.objects.asked().filter(account=account).first()
