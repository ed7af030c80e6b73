"""The acts of the day, one after the other."""

from collections import defaultdict
from datetime import timedelta
from functools import partial

import psycopg

from rehearsal.day import eve
from rehearsal.day.company import Company, Late
from rehearsal.day.ears import Ears
from rehearsal.day.patient import Patient
from rehearsal.day.people import make_people
from rehearsal.day.phone import Plan
from rehearsal.day.staff import Doctor, Member, Nurse, Pharmacist
from rehearsal.day.stage import CODE
from rehearsal.day.systems import Systems
from rehearsal.readers.database_of_the_day import still_moving

PLANS = (Plan.TAPS_TWICE, Plan.CANCELS, Plan.LAPSES, Plan.PAYS_LATE)
IN_EIGHT = 8  # of so many patients four behave in a way of their own
DAY_SPEED = 10.0
BEFORE = timedelta(minutes=28)  # the hospital lets people check in half an hour early


def play(company: Company, *, patients: int, seed: int) -> None:
    """Everything that happens."""
    phones = make_phones(company, patients, seed=seed)
    eve.book_and_pay(company, phones)
    eve.let_holds_lapse(company, phones)
    coming = [p for p in phones if p.comes and p.appointment]
    give_needs(coming)
    eve.remind(company, coming)
    ears = Ears(company.stage.live, company.stage.origin, company.diaries)
    try:
        the_day(company, coming, ears=ears)
        the_morning_after(company, coming)
    finally:
        ears.stop()
    company.together("read again", [p.read_result_again for p in coming if p.report_id])
    company.together("read the inbox", [phone.read_inbox for phone in phones])
    settle_down(company)


def settle_down(company: Company) -> None:
    """The sweeps have nothing left to do, or the time for them is over, which the readers see."""
    with psycopg.connect(company.stage.database_url, autocommit=True) as connection:

        def is_quiet() -> bool:
            left = still_moving(
                lambda query: connection.execute(query).fetchall(), now=company.pace.now()
            )
            return left == 0

        company.show("settle down", 0, 1)
        try:
            company.until("quiet", is_quiet, seconds=45)
        except Late:
            company.diaries.note_surprise("the sweeps still had work after 45 s")
        company.show("settle down", 1, 1)


def make_phones(company: Company, count: int, *, seed: int) -> list[Patient]:
    """Patients with plans."""
    people = make_people(count, seed=seed)
    registered = company.stage.credentials["people"]
    return [
        Patient(
            number=n,
            who=f"patient-{n:03d}",
            openid=registered[n]["openid"],
            identity=people[n],
            plan=PLANS[n % IN_EIGHT] if n % IN_EIGHT < len(PLANS) else Plan.COMES,
            company=company,
        )
        for n in range(count)
    ]


def give_needs(coming: list[Patient]) -> None:
    """What becomes of whom: a test, drugs, a bed, a missed call, a record to take home."""
    for n, phone in enumerate(coming):
        phone.needs_test = n % 2 == 0
        phone.needs_correction = n % 4 == 0
        phone.needs_drugs = n % 3 != 2
        phone.needs_bed = n % 6 == 1
        phone.needs_record = n % 3 == 0
        phone.misses_call = n % 5 == 2


def the_day(company: Company, coming: list[Patient], *, ears: Ears) -> None:
    """From the first check-in to the drugs."""
    company.pace.go(DAY_SPEED)
    company.pace.jump_to(company.morning(7, 32))
    company.together("listen", [partial(phone.listen, ears) for phone in coming])
    for begins_at in sorted({phone.slot["begins_at"] for phone in coming}):
        company.pace.jump_to(begins_at - BEFORE)
        now = [p.check_in for p in coming if p.slot["begins_at"] == begins_at]
        company.together(f"check in for {begins_at:%H:%M}", now)
    systems = Systems(company, company.stage.fhir_key)
    doctors = employ_doctors(company, coming, systems=systems)
    hang_walls(company, doctors, ears=ears)
    pharmacist = Pharmacist("pharmacist", company)
    pharmacist.sign_in()
    pharmacist.follow(pharmacist.door.open(pharmacist.counter), ears)
    company.together("be seen", [doctor.work for doctor in doctors])
    tested = [p for p in coming if p.needs_test and p.order_number]
    by_phone = {id(p): d for d in doctors for p in d.expected.values()}
    company.together(
        "have tests", [partial(have_test, p, systems, doctor=by_phone[id(p)]) for p in tested]
    )
    company.together(
        "collect drugs",
        [partial(collect_drugs, p, pharmacist) for p in coming if p.has_prescription],
    )
    seen = [p for p in coming if p.is_seen]
    company.together("take records", [p.take_record_home for p in seen if p.needs_record])
    lie_down(company, [p for p in seen if p.needs_bed])


def employ_doctors(company: Company, coming: list[Patient], *, systems: Systems) -> list[Doctor]:
    """The doctors of the sessions that are attended, signed in."""
    by_session: dict[str, list[Patient]] = defaultdict(list)
    for phone in coming:
        if phone.ticket_id:
            by_session[phone.slot["session"]].append(phone)
    doctors = []
    for session, phones in by_session.items():
        username = next(
            name
            for name, login in company.stage.logins.items()
            if login["who"].endswith(phones[0].slot["doctor"]) and name.startswith("doctor-")
        )
        expected = {phone.ticket_id: phone for phone in phones}
        doctors.append(
            Doctor(username, company, session=session, systems=systems, expected=expected)
        )
    company.together("doctors sign in", [doctor.sign_in for doctor in doctors])
    return doctors


def hang_walls(company: Company, doctors: list[Doctor], *, ears: Ears) -> None:
    """A screen for each session, opened by the triage desk."""
    wall = Member("triage", company)
    wall.sign_in()
    for doctor in doctors:
        wall.follow(wall.door.open(f"/wall/{CODE}/{doctor.session}/"), ears)


def have_test(phone: Patient, systems: Systems, *, doctor: Doctor) -> None:
    """Pay, be tested, read; a corrected version replaces it, and a late old one does not."""
    phone.pay_for("order", step="test paid")
    now = phone.company.pace.now()
    systems.result(phone, status="F", issued_at=now)
    phone.read_result(status="final")
    doctor.read_results(phone)
    if phone.needs_correction:
        systems.result(phone, status="C", issued_at=now + timedelta(minutes=5))
        phone.read_result(status="corrected")
        systems.result(phone, status="P", issued_at=now - timedelta(minutes=5))
        phone.read_result(status="corrected")


def collect_drugs(phone: Patient, pharmacist: Pharmacist) -> None:
    """Pay, wait, collect."""
    charge = phone.pay_for("prescription", step="drugs paid")
    with pharmacist.busy:
        pharmacist.prepare(phone, charge["subject_id"])
    code = phone.pickup_code()
    with pharmacist.busy:
        pharmacist.hand_over(phone, charge["subject_id"], code)


def lie_down(company: Company, phones: list[Patient]) -> None:
    """Admission, deposit, the first line of the day."""
    nurse = Nurse("nurse", company)
    nurse.sign_in()

    def one(phone: Patient) -> None:
        stay = company.until("the stay", phone.stay)["id"]
        phone.stay_id = stay
        phone.band = nurse.admit(phone, stay)
        nurse.ask_deposit(stay)
        phone.pay_for("deposit", step="deposit paid")
        nurse.charge(stay)

    for phone in phones:
        company.together("lie down", [partial(one, phone)])


def the_morning_after(company: Company, coming: list[Patient]) -> None:
    """Who lay down goes home, and what is left of the deposit comes back."""
    company.pace.jump_to(company.morning(8) + timedelta(days=1))
    nurse = Nurse("nurse", company)
    nurse.sign_in()
    staying = [p for p in coming if p.band]
    for phone in staying:
        company.together("go home", [partial(nurse.discharge, phone, phone.stay_id, phone.band)])
    company.together("balance back", [phone.hear_of_balance for phone in staying])
