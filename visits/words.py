"""What staff and patients read about reading: refusals, tasks, what was shown and why."""

from notifications.models import Task
from visits.actions.break_glass import TO_REVIEW
from visits.actions.review import ESCALATED, FOLLOW_UP
from visits.actions.watch import LOOK_AT_FINDING

REFUSALS = {
    "visits.reason_too_short": "请写明查阅理由，至少 10 个字。",
    "visits.not_for_this_role": "您的岗位没有正在办理的事项，不能查阅。",
    "visits.too_many_misses": "查找不到的次数太多，请核对号码，一小时后再试。",
    "visits.own_reading": "不能复核自己的查阅。",
    "visits.person_not_found": "本院没有使用这个号码的患者。",
    "visits.staff_not_found": "本院没有这个工号。",
    "patients.unknown": "本院没有这位患者。",
    "patients.read_quota": "今天查阅的人数已到上限，需要时请管理或审计人员临时增加。",
    "common.move_refused": "已经有人复核过了。",
    "common.key_missing": "表单不完整，请刷新页面后再试。",
}
TASK_TITLES = {
    TO_REVIEW: "复核紧急查阅（在“查阅审计”中办理）",
    ESCALATED: "紧急查阅超期未复核，请督促审计",
    FOLLOW_UP: "查阅被判定不合理，请跟进处理",
    LOOK_AT_FINDING: "核查异常查阅（在“查阅审计”中办理）",
}
SHOWN = {
    "access log": "查阅记录",
    "admission": "住院证",
    "appointments": "预约",
    "cards": "就诊卡",
    "charges": "缴费项目",
    "day": "今日安排",
    "grant request": "代办申请",
    "identity": "身份证件",
    "merge_review": "疑似重复档案的身份信息",
    "merge_reviews": "疑似重复档案的身份信息",
    "patient": "身份信息",
    "person": "身份信息",
    "prescription": "处方",
    "queue": "候诊信息",
    "received message": "系统消息内容",
    "record": "就诊概况",
    "report": "检查检验报告",
    "stay": "住院信息",
    "task": "待办事项中的姓名和电话",
    "visit": "一次就诊",
    "visit record": "就诊记录",
    "visits": "就诊列表",
}
REASONS = {
    "answer sender": "答复系统消息发送方",
    "audit": "查阅审计",
    "break-glass": "紧急查阅，已说明理由",
    "check content": "核对申请、报告或处方",
    "check patient": "核对患者身份",
    "card cashier": "收费处读卡",
    "card check_in": "分诊台读卡",
    "card door": "病区门口读卡",
    "card pick_up": "药房读卡",
    "card window": "窗口读卡",
    "check_in_desk": "分诊台签到",
    "death": "死亡登记",
    "desk": "窗口代办确认",
    "family": "家属代办",
    "identity check": "核验身份证件",
    "merge review": "核对是否同一人",
    "open visit": "正在本科室就诊",
    "pharmacy": "药房调配处方",
    "records request": "病案复印申请",
    "task": "为患者办理事项",
    "today's queue": "今天在该医生处候诊",
    "todays_queue": "今天在该医生处候诊",
    "ward": "正在病区住院",
    "window": "患者在窗口办理",
}
OTHER_SHOWN, OTHER_REASON = "其他内容", "诊疗需要"


def title_of_task(task: Task) -> str:
    """What the task asks for."""
    return TASK_TITLES[task.kind]


def shown_words(shown: str) -> str:
    """What a line says was shown, in Chinese."""
    return SHOWN.get(shown, OTHER_SHOWN)


def reason_words(reason: str) -> str:
    """Why, in Chinese."""
    return REASONS.get(reason, OTHER_REASON)
