"""What the demonstration hospital says, one entry for each occasion; later apps add theirs here.

The facts of each are those that the app answers to `notifications.words.words_for`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from notifications.models import Grade
from patients.models import Scope

MESSAGES = "m/{code}/messages/"


@dataclass(frozen=True)
class Said:
    """A template (模板): `wechat` names the subscription message at the provider, if it has one."""

    code: str
    title: str
    grade: Grade
    scope: Scope
    body: str  # with {fact} names
    wechat: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)  # WeChat's key → fact or "=fixed text"
    page: str = ""  # where a tap leads; "{code}" is the hospital's
    is_sensitive: bool = False


TEMPLATES: tuple[Said, ...] = (
    Said(
        code="record_opened",
        title="有人查阅了您的信息",
        grade=Grade.G2,
        scope=Scope.REPORTS,
        body="{hospital}的工作人员在{told_at}说明理由后查阅了您的信息，详情请看“谁看过我的病历”。",
        page="m/{code}/me/access/",
        is_sensitive=True,
    ),
    Said(
        code="appointment_booked",
        title="预约成功",
        grade=Grade.G2,
        scope=Scope.BOOK,
        body=(
            "{hospital}{department}（{doctor_title}，{level}），{time}，第{number}号，{room}。"
            "如不能来，请在{cancel_until}前取消。"
        ),
        page=MESSAGES,
        wechat="appointment_confirmed",
        fields={
            "thing1": "department",
            "time2": "time",
            "character_string3": "number",
            "thing4": "=请提前三十分钟到院签到",
        },
    ),
    Said(
        code="appointment_reminder",
        title="就诊提醒",
        grade=Grade.G2,
        scope=Scope.BOOK,
        body="请于{time}到{hospital}{department}就诊，第{number}号，{room}。请提前三十分钟签到。",
        wechat="visit_reminder",
        fields={"thing1": "department", "time2": "time", "thing3": "=请提前三十分钟到院签到"},
        page=MESSAGES,
    ),
    Said(
        code="appointment_displaced",
        title="停诊通知",
        grade=Grade.G1,
        scope=Scope.BOOK,
        body="{hospital}{department}{time}的门诊已停诊，挂号费将全额退回，请改约其他时间。",
        wechat="visit_reminder",
        fields={"thing1": "department", "time2": "time", "thing3": "=已停诊，费用将全额退回"},
        page=MESSAGES,
    ),
    Said(
        code="turn_near",
        title="即将就诊",
        grade=Grade.G2,
        scope=Scope.QUEUE,
        body="{department}{ticket}号，前面还有{ahead}人，请到{place}候诊。",
        wechat="your_turn",
        fields={"character_string1": "ticket", "thing2": "=快到您了，请到诊区候诊"},
        page="m/{code}/visits/today/",
    ),
    Said(
        code="your_turn",
        title="请就诊",
        grade=Grade.G2,
        scope=Scope.QUEUE,
        body="{department}{ticket}号，请到{room}就诊（{place}）。",
        wechat="your_turn",
        fields={"character_string1": "ticket", "thing2": "room"},
        page="m/{code}/visits/today/",
    ),
    Said(
        code="report_ready",
        title="报告已出",
        grade=Grade.G2,
        scope=Scope.REPORTS,
        body="{hospital}有一份新报告，{issued_at}发布，请在小程序中查看。",
        wechat="report_ready",
        fields={"thing1": "=有新报告，请点开查看", "time2": "issued_at"},
        page="m/{code}/reports/",
    ),
    Said(
        code="report_corrected",
        title="报告已修订",
        grade=Grade.G1,
        scope=Scope.REPORTS,
        body="{hospital}的一份报告已修订，{issued_at}发布，请以新报告为准。",
        wechat="report_ready",
        fields={"thing1": "=报告已修订，请以新报告为准", "time2": "issued_at"},
        page="m/{code}/reports/",
    ),
    Said(
        code="report_withdrawn",
        title="报告已撤回",
        grade=Grade.G1,
        scope=Scope.REPORTS,
        body="{hospital}于{issued_at}撤回了一份报告，请勿再使用，详情请问医生。",
        wechat="report_ready",
        fields={"thing1": "=报告已撤回，请勿再使用", "time2": "issued_at"},
        page="m/{code}/reports/",
    ),
    Said(
        code="prescription_ready",
        title="可以取药",
        grade=Grade.G2,
        scope=Scope.QUEUE,
        body="药已配好，请到{window}取药，取药码{pickup_code}，{valid_until}前有效。",
        page="m/{code}/prescriptions/",
    ),
    Said(
        code="prescription_returned",
        title="处方退回",
        grade=Grade.G2,
        scope=Scope.QUEUE,
        body="药师已将处方退回医生修改（{reason}），请稍候。",
        page="m/{code}/prescriptions/",
    ),
    Said(
        code="prescription_expired",
        title="处方失效",
        grade=Grade.G2,
        scope=Scope.QUEUE,
        body="处方已过有效期，不能再取药，如仍需用药请再就诊。",
        page="m/{code}/prescriptions/",
    ),
    Said(
        code="admitted",
        title="已入院",
        grade=Grade.G2,
        scope=Scope.INPATIENT,
        body="已于{time}入住{hospital}{ward}{bed}。",
        wechat="bed_notice",
        fields={"thing1": "ward", "time2": "time", "thing3": "=已入院，有事请按铃叫护士"},
        page="m/{code}/stay/",
    ),
    Said(
        code="daily_list",
        title="住院一日清单",
        grade=Grade.G3,
        scope=Scope.INPATIENT,
        body="{date}费用{day_total}，住院以来共{total}，预交金余额{left}。",
        page="m/{code}/stay/",
    ),
    Said(
        code="discharged",
        title="已出院",
        grade=Grade.G2,
        scope=Scope.INPATIENT,
        body="已于{time}出院，共{total}，已付{paid}，退回{returned}。",
        page="m/{code}/stay/",
    ),
)
