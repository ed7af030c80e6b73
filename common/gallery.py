"""Every part of the screen kit on four pages, for whoever designs a page; development only."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from common.pages import anyone, page

TAB_NAMES = ("首页 home", "预约 calendar", "就诊 route", "消息 message", "我的 person")
FRAMES = ("phone", "staff", "wall", "plain")


class SampleForm(forms.Form):
    """One field of each kind that the kit draws."""

    name = forms.CharField(label="就诊人姓名", max_length=50, help_text="与证件上的一致")
    document = forms.CharField(
        label="身份证号", max_length=18, error_messages={"required": "请填写 18 位身份证号"}
    )
    relation = forms.ChoiceField(
        label="与您的关系",
        choices=[("self", "本人"), ("child", "子女"), ("parent", "父母")],
        widget=forms.RadioSelect,
        initial="self",
    )
    visit = forms.ChoiceField(
        label="就诊类型", choices=[("first", "初诊"), ("again", "复诊")], required=False
    )
    note = forms.CharField(
        label="想告诉医生的话", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


def _tabs(current: str) -> list[dict[str, Any]]:
    """The bottom navigation with one page current."""
    named = (entry.split() for entry in TAB_NAMES)
    return [
        {
            "label": label,
            "icon": icon,
            "href": "#",
            "current": icon == current,
            "count": 2 if icon == "message" else 0,
        }
        for label, icon in named
    ]


def _phone() -> dict[str, Any]:
    """A patient's day, half over."""
    return {
        "tabs": _tabs("route"),
        "back_url": "#",
        "steps": [
            {"state": "done", "title": "预约", "time": "11月20日", "detail": "心血管内科 专家号"},
            {"state": "done", "title": "报到", "time": "09:12", "place": "门诊楼 3 层 B 区"},
            {
                "state": "now",
                "title": "候诊",
                "time": "约 15 分钟",
                "detail": "叫到您时这里会亮起，手机也会收到通知。",
                "place": "门诊楼 3 层 B 区 5 诊室",
                "href": "#",
                "action": "怎么走",
            },
            {"state": "missed", "title": "抽血", "time": "08:00", "detail": "过时未到，可重新报到"},
            {"state": "next", "title": "缴费", "detail": "医生开单以后在这里缴"},
            {"state": "next", "title": "取药"},
        ],
        "form": SampleForm(),
        "broken_form": SampleForm({"name": "王小明", "relation": "self"}, prefix="broken"),
    }


def _staff() -> dict[str, Any]:
    """A triage desk with work to do."""
    names = (("分诊台", "route", 6), ("候诊队列", "clock", 0), ("医生排班", "calendar", 0))
    more = (("检验结果", "flask", 2), ("药房", "pill", 0), ("病区", "bed", 0), ("待办", "paper", 3))
    return {
        "staff_name": "周敏",
        "staff_role": "分诊护士",
        "nav": [
            {"label": label, "icon": icon, "href": "#", "count": count, "current": icon == "route"}
            for label, icon, count in names + more
        ],
        "columns": ["号码", "就诊人", "到达", "诊室", "状态"],
        "rows": [
            ["A012", "王小明", "09:12", "5 诊室", "候诊"],
            ["A013", "欧阳静", "09:15", "5 诊室", "候诊"],
            ["A014", "买买提·艾力", "09:21", "6 诊室", "优先"],
            ["B003", "𬱖㛃", "09:24", "7 诊室", "过号"],
        ],
    }


def _wall() -> dict[str, Any]:
    """A waiting room at half past nine."""
    return {
        "now": {"ticket": "A012", "name": "王小明", "room": "5 诊室"},
        "entries": [
            {"ticket": "A013", "name": "欧*", "room": "5 诊室"},
            {"ticket": "A014", "name": "买*", "room": "6 诊室"},
            {"ticket": "B003", "name": "李*", "room": "7 诊室"},
            {"ticket": "A015", "name": "陈*", "room": "5 诊室"},
            {"ticket": "A016", "name": "赵*", "room": "6 诊室"},
        ],
    }


def _plain() -> dict[str, Any]:
    """A page on its own."""
    return {}


SAMPLES = {"phone": _phone, "staff": _staff, "wall": _wall, "plain": _plain}


@page(anyone)
def gallery(request: HttpRequest, frame: str = "phone") -> HttpResponse:
    """One frame with all parts that belong to it."""
    sample = SAMPLES.get(frame, _phone)()
    shared = {"hospital_name": "示范医院", "home_url": "#", "frames": FRAMES}
    name = frame if frame in SAMPLES else "phone"
    return render(request, f"common/gallery/{name}.html", shared | sample)


urlpatterns = [
    path("", gallery, name="kit"),
    path("<str:frame>/", gallery, name="kit-frame"),
]
