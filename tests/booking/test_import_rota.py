"""A weekly rota becomes patterns, sessions, slots and places."""

import csv
import shutil
from datetime import date, datetime, time, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from booking.actions.import_rota import RotaImported, import_rota
from booking.actions.publish import publish_rota
from booking.actions.publish_ahead import publish_ahead
from booking.errors import RotaNeedsDirectory
from booking.models import Channel, Place, RotaPattern, Session, Slot
from booking.rota_files import RULES_FILE, read_rota
from clinic.actions.import_directory import import_directory
from clinic.errors import DirectoryEmpty, DirectoryFileFaulty
from clinic.files import read_directory
from clinic.models import Doctor, Room
from common import clock
from hospitals.actions.decide import decide_policy
from hospitals.models import Hospital
from rehearsal.demonstration.hospital import ALONE
from tests import make
from tests.threads import race

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 2)  # the frozen morning


def hospital_with(folder: Path) -> Hospital:
    """A hospital with the folder's departments, levels and titles."""
    hospital = make.hospital()
    import_directory(hospital=hospital, directory=read_directory(folder))
    return hospital


def rota_of(hospital: Hospital, folder: Path, *, starting: date = MONDAY) -> RotaImported:
    """Import the folder's rota."""
    return import_rota(hospital=hospital, weeks=read_rota(folder), starting=starting)


def with_rules(folder: Path, *lines: str) -> Path:
    """A copy of the shipped files in which the rota has these lines."""
    copy = Path(shutil.copytree(ALONE, folder / "in"))
    header = "scheduleRuleID,scheduleRuleName,deptID,userID,rule"
    (copy / RULES_FILE).write_text("\n".join([header, *lines]), encoding="utf-8")
    return copy


def test_the_real_rota_is_six_doctors_and_fifty_three_half_days(shared_data: Path) -> None:
    hospital = hospital_with(shared_data)

    done = rota_of(hospital, shared_data)

    assert done == RotaImported(doctors_added=6, patterns_added=53)
    assert RotaPattern.objects.count() == 53
    assert {name for (name,) in Doctor.objects.values_list("department__name")} == {
        "心血管内科",
        "神经内科",
    }


def test_the_real_rota_gives_the_half_days_of_the_real_dated_schedule(shared_data: Path) -> None:
    hospital = hospital_with(shared_data)
    rota_of(hospital, shared_data, starting=date(2019, 3, 1))
    with (shared_data / "schedules/his_teaching_schedule.csv").open(encoding="utf-8") as file:
        dated = [
            (datetime.strptime(row["scheduleDate"], "%d/%m/%Y").date(), row)  # noqa: DTZ007 - a date
            for row in csv.DictReader(file)
        ]

    worked = {
        (pattern.doctor.number, pattern.weekday, pattern.begins)
        for pattern in RotaPattern.objects.select_related("doctor")
    }

    begins = {"上午": time(8, 0), "下午": time(13, 30)}
    asked = {
        (f"{int(row['userID']):04d}", day.weekday(), begins[row["scheduleNoon"]])
        for day, row in dated
    }
    assert len(dated) == 33
    assert asked <= worked


def test_the_real_rota_costs_and_limits_what_its_levels_say(shared_data: Path) -> None:
    hospital = hospital_with(shared_data)

    rota_of(hospital, shared_data)

    levels = {
        (pattern.doctor.title, pattern.level.name, pattern.level.fee_fen, pattern.places)
        for pattern in RotaPattern.objects.select_related("doctor", "level")
    }
    assert levels == {
        ("主任医师", "专家号", 100, 50),
        ("副主任医师", "专家号", 100, 50),
        ("主治医师", "普通号", 200, 8),
        ("住院医师", "普通号", 200, 8),
    }


def test_the_real_rota_twice_is_once(shared_data: Path) -> None:
    hospital = hospital_with(shared_data)
    rota_of(hospital, shared_data)

    assert rota_of(hospital, shared_data) == RotaImported(patterns_same=53)


def test_fourteen_signs_are_mornings_and_afternoons_from_monday(tmp_path: Path) -> None:
    folder = with_rules(tmp_path, "1,门诊,1,7,10000000000001")

    rota_of(hospital_with(folder), folder)

    shown = RotaPattern.objects.order_by("weekday").values_list("weekday", "begins", "ends")
    assert list(shown) == [(0, time(8, 0), time(12, 0)), (6, time(13, 30), time(17, 30))]


def test_several_rules_of_a_doctor_are_one_week(tmp_path: Path) -> None:
    folder = with_rules(
        tmp_path, "1,甲,1,7,11000000000000", "2,乙,1,7,10000000000001", "3,丙,1,7,11000000000000"
    )

    assert rota_of(hospital_with(folder), folder).patterns_added == 3


def test_doctors_have_the_same_names_each_time_and_no_two_the_same(tmp_path: Path) -> None:
    lines = [f"{n},门诊,1,{n},10000000000000" for n in range(1, 201)]
    folder = with_rules(tmp_path, *lines)

    rota_of(hospital_with(folder), folder)
    rota_of(hospital_with(folder), folder)

    one, other = (
        list(Doctor.objects.filter(hospital=hospital).order_by("number").values_list("name"))
        for hospital in Hospital.objects.all()
    )
    assert one == other
    assert len(set(one)) == 200


def test_each_doctor_has_a_room(tmp_path: Path) -> None:
    folder = with_rules(tmp_path, "1,甲,1,7,10000000000000", "2,乙,2,8,10000000000000")

    rota_of(hospital_with(folder), folder)

    assert Room.objects.count() == 2
    assert RotaPattern.objects.values("room").distinct().count() == 2


def test_a_later_rota_ends_the_earlier_one_the_day_before(tmp_path: Path) -> None:
    folder = with_rules(tmp_path, "1,甲,1,7,10000000000000")
    hospital = hospital_with(folder)
    rota_of(hospital, folder)
    later = with_rules(tmp_path / "later", "1,甲,1,7,01000000000000")

    done = rota_of(hospital, later, starting=MONDAY + timedelta(days=14))

    assert (done.patterns_added, done.patterns_ended) == (1, 1)
    days = [MONDAY + timedelta(days=7 * week) for week in range(4)]
    assert publish_rota(hospital=hospital, days=days) == 4
    begun = [clock.local(one.begins_at).time() for one in Session.objects.order_by("begins_at")]
    assert begun == [time(8, 0), time(8, 0), time(13, 30), time(13, 30)]


def test_a_half_day_that_is_no_longer_worked_is_not_published_again(tmp_path: Path) -> None:
    folder = with_rules(tmp_path, "1,甲,1,7,11000000000000")
    hospital = hospital_with(folder)
    rota_of(hospital, folder)
    fewer = with_rules(tmp_path / "fewer", "1,甲,1,7,10000000000000")

    done = rota_of(hospital, fewer)

    assert (done.patterns_same, done.patterns_ended) == (1, 1)
    assert publish_rota(hospital=hospital, days=[MONDAY]) == 1


def test_a_rota_without_its_directory_is_refused_and_makes_nobody(tmp_path: Path) -> None:
    hospital = make.hospital()

    with pytest.raises(RotaNeedsDirectory) as refused:
        rota_of(hospital, with_rules(tmp_path, "1,甲,1,7,10000000000000"))

    assert refused.value.facts["missing"] == ["department HXNK", "level zjh", "level pth", "titles"]
    assert not Doctor.objects.exists()


@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        ("2,乙,1,8,1111111110000", "rule", "wrong_form"),
        ("2,乙,1,8,11111111100002", "rule", "wrong_form"),
        ("2,乙,1,x,11111111100000", "userID", "not_a_whole_number"),
        ("2,乙,77,8,11111111100000", "deptID", "unknown_department"),
        ("2,乙,2,7,11111111100000", "deptID", "another_department_before"),
        ("1,乙,1,8,11111111100000", "scheduleRuleID", "stands_twice"),
    ],
)
def test_a_faulty_rule_is_refused_where_it_stands(
    tmp_path: Path, line: str, column: str, reason: str
) -> None:
    folder = with_rules(tmp_path, "1,甲,1,7,10000000000000", line)

    with pytest.raises(DirectoryFileFaulty) as refused:
        read_rota(folder)

    assert refused.value.facts["faults"] == [{"line": 3, "column": column, "reason": reason}]


def test_a_folder_without_a_rota_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DirectoryEmpty):
        read_rota(tmp_path)


def test_the_commands_import_and_publish_and_say_so() -> None:
    hospital = hospital_with(ALONE)
    out = StringIO()

    where = ("--hospital", hospital.code)
    call_command(
        "import_rota", *where, "--from", str(ALONE), "--starting", "2026-03-02", stdout=out
    )
    call_command("publish_rota", *where, "--days", "7", stdout=out)

    half_days = RotaPattern.objects.count()
    assert out.getvalue().splitlines() == [
        "医生: 8 added",
        f"排班规则: {half_days} added, 0 changed, 0 the same, 0 ended",
        f"出诊: {half_days} published",
    ]
    assert Session.objects.count() == half_days


def test_the_command_tells_a_faulty_rota_by_line(tmp_path: Path) -> None:
    folder = with_rules(tmp_path, "1,甲,1,7,1")
    hospital = hospital_with(folder)

    with pytest.raises(CommandError, match=r"schedulerule\.csv:2: rule: wrong_form"):
        call_command(
            "import_rota", "--hospital", hospital.code, "--from", str(folder),
            "--starting", "2026-03-02",
        )  # fmt: skip


def test_a_published_half_day_has_slots_of_thirty_minutes_and_all_its_places(
    tmp_path: Path,
) -> None:
    folder = with_rules(tmp_path, "1,甲,1,1,10000000000000")
    hospital = hospital_with(folder)
    rota_of(hospital, folder)

    publish_rota(hospital=hospital, days=[MONDAY])

    assert Slot.objects.count() == 8
    assert {one.ends_at - one.begins_at for one in Slot.objects.all()} == {timedelta(minutes=30)}
    assert Place.objects.count() == 16
    assert Place.objects.filter(channel=Channel.ONLINE).count() == 13  # four of five (S4-12)


def test_the_timer_keeps_every_hospital_published_to_its_horizon() -> None:
    near, far = hospital_with(ALONE), hospital_with(ALONE)
    decide_policy(hospital=near, effective_on=MONDAY, horizon_days=1)
    for hospital in (near, far):
        rota_of(hospital, ALONE)

    fresh = publish_ahead()

    assert fresh == Session.objects.count()
    assert Session.objects.filter(hospital=near).latest("on").on == MONDAY + timedelta(days=1)
    assert Session.objects.filter(hospital=far).latest("on").on == MONDAY + timedelta(days=14)


def test_the_timer_finds_the_next_day_when_it_comes() -> None:
    rota_of(hospital_with(ALONE), ALONE)
    publish_ahead()
    published = Session.objects.count()
    again = publish_ahead()

    clock.shift(timedelta(days=1))

    assert again == 0
    assert publish_ahead() == Session.objects.count() - published > 0


@pytest.mark.pg
@pytest.mark.django_db(transaction=True)
def test_two_timers_at_once_publish_each_session_once() -> None:
    rota_of(hospital_with(ALONE), ALONE)

    fresh = race([publish_ahead] * 4)

    assert all(isinstance(one, int) for one in fresh)
    assert sum(one for one in fresh if isinstance(one, int)) == Session.objects.count() > 0
