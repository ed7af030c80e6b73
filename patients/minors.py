"""What a patient's age changes: who registers a child, and from when results are their own.

PIPL 28 and 31 (domain 4.12): all data of a child under 14 is sensitive, and a guardian (监护人)
consents for them. From the 14th birthday to the 18th results are private: whom the
young person has not confirmed no longer reads them.
"""

from datetime import date

from patients.documents import years_between

GUARDED_UNTIL_YEARS = 14  # PIPL 31: under 14 the guardian consents
PRIVATE_UNTIL_YEARS = 18  # Civil Code 17: from 18 on a person is of age


def is_under_14(born_on: date, on: date) -> bool:
    """True of a child whom only a guardian registers and consents for, on this day."""
    return years_between(born_on, on) < GUARDED_UNTIL_YEARS


def are_results_private(born_on: date, on: date) -> bool:
    """True from the 14th birthday until the 18th: results are the young person's own.

    What was granted to family or guardian before the 14th birthday shows no more results until
    the person confirms it.
    """
    return GUARDED_UNTIL_YEARS <= years_between(born_on, on) < PRIVATE_UNTIL_YEARS


def is_under_18(born_on: date, on: date) -> bool:
    """True of somebody who has a guardian (未成年人), and is nobody's."""
    return years_between(born_on, on) < PRIVATE_UNTIL_YEARS


def fourteenth_birthday(born_on: date) -> date:
    """The day from which results are the person's own; born on 29 February, 1 March."""
    try:
        return born_on.replace(year=born_on.year + GUARDED_UNTIL_YEARS)
    except ValueError:
        return date(born_on.year + GUARDED_UNTIL_YEARS, 3, 1)
