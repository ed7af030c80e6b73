"""The days before: signing up, looking, booking, paying, and what becomes of who does not pay."""

import time
from collections import Counter
from datetime import datetime
from functools import partial
from typing import Any

from rehearsal.day.company import Company
from rehearsal.day.edges import Door
from rehearsal.day.pace import ZONE, at
from rehearsal.day.patient import Patient
from rehearsal.day.phone import Plan

FIRST_HOUR, LATEST_HOUR = 8, 10  # slots that begin in between
CROWD_BEYOND = 3  # how many more than there are places want the popular slot
FEWEST_DOCTORS, PATIENTS_A_DOCTOR = 2, 8
CALM_SPEED = 1.0  # while people tap, a minute is a minute
SWEEPS_SECONDS = 3.0  # at least one round of every sweep
PAST_THE_HOLD = 20  # minutes; a hold is 15
REMINDED = (9, 50)  # the day before: every reminder of the morning's slots is due


def book_and_pay(company: Company, phones: list[Patient]) -> None:
    """Everything until the holds are paid, cancelled or forgotten."""
    company.together("sign up", [phone.sign_up for phone in phones])
    slots = browse(company)
    wishes = wanted_by(slots, count=len(phones))
    company.together("book", [partial(p.book, w) for p, w in zip(phones, wishes, strict=True)])
    company.together("pay", [phone.settle for phone in phones])


def let_holds_lapse(company: Company, phones: list[Patient]) -> None:
    """Time goes by; somebody taps too late, and the notice of it is lost."""
    late = [p for p in phones if p.plan is Plan.PAYS_LATE and p.appointment]
    unpaid = [*late, *(p for p in phones if p.plan is Plan.LAPSES and p.appointment)]
    company.together("open the sheet", [phone.prepare_to_pay_late for phone in late])
    ends = min(datetime.fromisoformat(p.appointment["held_until"]).timestamp() for p in unpaid)
    company.pace.jump_to(datetime.fromtimestamp(ends - 120, tz=ZONE))
    time.sleep(SWEEPS_SECONDS)  # the house asks the provider once more, and hears nothing yet
    for phone in late:  # one after the other: each switches on the loss of its own notice
        phone.pay_late()
    company.pace.jump_to(datetime.fromtimestamp(ends + PAST_THE_HOLD * 60, tz=ZONE))
    company.together("hear of the hold", [phone.hear_of_the_hold for phone in unpaid])
    cancelled = [p for p in phones if p.plan is Plan.CANCELS and p.appointment]
    company.together("money back", [phone.hear_of_money_back for phone in cancelled])


def remind(company: Company, phones: list[Patient]) -> None:
    """The day before: every phone shows the reminder."""
    company.pace.jump_to(at(company.eve, *REMINDED))
    company.together("see the reminder", [phone.see_reminder for phone in phones])


def browse(company: Company) -> list[dict[str, Any]]:
    """Every slot of the morning with a free place, as anybody may see it."""
    door = Door(company.stage.api, company.diaries)
    found: list[dict[str, Any]] = []
    for department in _departments(door):
        address = f"departments/{department['id']}/availability"
        answer = door.expect(door.get(address, params={"on": company.on.isoformat()}), 200)
        for session in answer.body["sessions"]:
            found += _slots(company, session | {"department": department["name"]})
    door.close()
    for slot in found:
        company.diaries.note("anybody", "slot seen free", slot=slot["id"], free=slot["free"])
    return found


def _departments(door: Door) -> list[dict[str, Any]]:
    """Those that can be booked."""
    rows: list[dict[str, Any]] = []
    url = "departments?bookable=1"
    while url:
        answer = door.expect(door.get(url), 200)
        rows += answer.body["results"]
        url = answer.body["next"]
    return rows


def _slots(company: Company, session: dict[str, Any]) -> list[dict[str, Any]]:
    first, last = company.morning(FIRST_HOUR), company.morning(LATEST_HOUR)
    return [
        {
            "id": slot["id"],
            "session": session["id"],
            "doctor": f"{session['doctor']} {session['department']}",
            "begins_at": datetime.fromisoformat(slot["begins_at"]).astimezone(ZONE),
            "free": slot["free"].get("online", 0),
        }
        for slot in session["slots"]
        if first <= datetime.fromisoformat(slot["begins_at"]) < last
        and slot["free"].get("online", 0)
    ]


def wanted_by(slots: list[dict[str, Any]], *, count: int) -> list[list[dict[str, Any]]]:
    """For each patient the slots to try in turn.

    As many sessions as the patients need fill together, those with most places first; all of the
    crowd wants the first slot of the first.
    """
    places: Counter[str] = Counter()
    for slot in slots:
        places[slot["session"]] += slot["free"]
    rank = {session: n for n, (session, _) in enumerate(places.most_common())}
    needed = max(FEWEST_DOCTORS, count // PATIENTS_A_DOCTOR)

    def turn(slot: dict[str, Any]) -> tuple[int, datetime, int]:
        return rank[slot["session"]] // needed, slot["begins_at"], rank[slot["session"]]

    ordered = sorted(slots, key=turn)
    popular = ordered[0]
    crowd = popular["free"] + CROWD_BEYOND
    seats = [slot for slot in ordered[1:] for _ in range(slot["free"])]
    wishes = []
    for n in range(count):
        start = 0 if n < crowd else n - crowd
        turns = seats[start:] + seats[:start]
        rest = list({slot["id"]: slot for slot in turns}.values())
        wishes.append([popular, *rest] if n < crowd else [*rest, popular])
    return wishes
