"""WeChat's data types: what fits, what is cut, and what cannot be said at all."""

from typing import Any

import pytest

from notifications.errors import TemplateWrong
from notifications.models import Template
from notifications.wechat_fields import fitted
from sandbox.wechat.fields import obeys
from tests import make

FITTED = [
    ("thing1", "呼吸内科", "呼吸内科"),
    ("thing1", "二" * 20, "二" * 20),
    ("thing1", "二" * 21, "二" * 19 + "…"),
    ("thing20", "请带好\n证件\t和\u2028医保卡", "请带好 证件 和 医保卡"),
    ("thing1", "𬱖" * 11, "𬱖" * 9 + "…"),
    ("character_string3", "A-012", "A-012"),
    ("character_string3", "A" * 40, "A" * 32),
    ("number1", "12.5", "12.5"),
    ("letter1", "A" * 33, "A" * 32),
    ("symbol1", "!?!?!?", "!?!?!"),
    ("time2", "2026-03-02 08:30", "2026-03-02 08:30"),
    ("time2", "2026年3月2日 08:30~09:00", "2026年3月2日 08:30~09:00"),
    ("time2", "08:30", "08:30"),
    ("date1", "2026-03-02", "2026-03-02"),
    ("date1", "2026年3月2日", "2026年3月2日"),
    ("amount1", "¥12.50", "¥12.50"),
    ("amount1", "12.50元", "12.50元"),
    ("phone_number1", "010-12345678", "010-12345678"),
    ("car_number1", "京A12345", "京A12345"),
    ("name1", "阿依古丽买买提江阿卜杜拉", "阿依古丽买买提江阿卜"),
    ("name1", "欧阳𬱖", "欧阳𬱖"),
    ("phrase1", "待就诊", "待就诊"),
    ("phrase1", "待就诊（二楼）", "待就诊二楼"),
    ("phrase1", "请尽快前来就诊", "请尽快前来"),
]
IMPOSSIBLE = [
    ("thing1", ""),
    ("thing1", "\n"),
    ("character_string3", "甲一"),
    ("number1", "十二"),
    ("number1", "1" * 33),
    ("letter1", "A1"),
    ("time2", "明天"),
    ("time2", "2026-03-02"),
    ("time2", "25:00"),
    ("date1", "08:30"),
    ("amount1", "12345678901"),
    ("phone_number1", "call"),
    ("phrase1", "ok"),
    ("unknown1", "x"),
    ("thing", "x"),
]
REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"fields": {"nothing1": "department"}}, "nothing1", "type unknown"),
    ({"fields": {"thing1": ""}}, "thing1", "empty"),
    ({"fields": {"thing1": "two words"}}, "thing1", "fact name"),
    ({"fields": {"phrase1": "=六个汉字太长"}}, "phrase1", "value"),
    ({"fields": {}, "wechat_template_id": "t"}, "fields", "empty"),
    ({"is_sensitive": True, "fields": {"thing1": "diagnosis"}}, "thing1", "sensitive"),
    ({"body": "{department"}, "body", "braces"),
    ({"body": "{department.name}"}, "body", "fact names"),
    ({"body": "{department!r}"}, "body", "fact names"),
    ({"body": "{}"}, "body", "fact names"),
    ({"page": "/m/messages/"}, "page", "without leading slash"),
    ({"page": "https://elsewhere/"}, "page", "without leading slash"),
]


@pytest.mark.parametrize(("key", "value", "sent"), FITTED)
def test_a_value_is_sent_as_its_field_can_hold_it(key: str, value: str, sent: str) -> None:
    assert fitted(key, value) == sent
    assert obeys(key, sent)


@pytest.mark.parametrize(("key", "value"), IMPOSSIBLE)
def test_a_value_of_which_no_part_is_true_is_not_sent(key: str, value: str) -> None:
    assert fitted(key, value) is None


@pytest.mark.django_db
@pytest.mark.parametrize(("said", "field", "rule"), REFUSED)
def test_a_template_that_breaks_a_rule_is_not_saved(
    said: dict[str, Any], field: str, rule: str
) -> None:
    hospital = make.hospital()

    with pytest.raises(TemplateWrong) as refusal:
        make.template(hospital=hospital, **said)

    assert (refusal.value.facts["field"], refusal.value.facts["rule"]) == (field, rule)
    assert not Template.objects.exists()


@pytest.mark.django_db
def test_a_sensitive_template_may_say_that_there_is_something_and_where() -> None:
    fields = {"thing1": "=您有一份新的报告", "time2": "told_at", "thing3": "hospital"}

    template = make.template(
        hospital=make.hospital(), is_sensitive=True, body="{diagnosis}", fields=fields
    )

    assert template.told({"diagnosis": "肺炎"}) == "肺炎"
    assert template.wechat_values(
        {"diagnosis": "肺炎", "told_at": "2026-03-02 08:30", "hospital": "第一医院"}
    ) == {"thing1": "您有一份新的报告", "time2": "2026-03-02 08:30", "thing3": "第一医院"}


@pytest.mark.django_db
def test_writing_a_template_again_changes_it() -> None:
    hospital = make.hospital()
    make.template(hospital=hospital, title="预约成功")

    make.template(hospital=hospital, title="预约成功通知")

    assert Template.objects.get().title == "预约成功通知"
