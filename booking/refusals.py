"""Booking's refusals in plain words, for the phone."""

RULES = {
    "a_day": "同一天最多预约 {most} 次。",
    "same_department_a_day": "同一天同一科室只能预约 {most} 次。",
    "same_department_in_seven_days": "同一科室七天内最多预约 {most} 次。",
}
WORDS = {
    "booking.slot_unknown": "没有这个时段，请返回重选。",
    "booking.slot_closed": "这个时段已经截止预约。",
    "booking.slot_too_far": "这一天还没有开放预约。",
    "booking.slot_full": "这个时段刚刚约满，请选其他时段。",
    "booking.already_booked": "这位就诊人已经约了这一场。",
    "booking.unverified_limit": "证件还没有核验，只能先约一次。请带证件原件到窗口核验。",
    "booking.appointment_unknown": "没有找到这个预约。",
    "booking.too_late_to_cancel": "已经过了可以取消的时间，请联系医院。",
    "patients.deceased": "这位就诊人不能预约，如登记有误，请到病案室核实。",
    "common.move_refused": "状态已经变化，请看最新情况。",
}


def words_for_limit(facts: dict[str, object]) -> str:
    """Which limit was reached, in words."""
    rule = RULES.get(str(facts.get("rule")), "已达到预约次数上限。")
    return rule.format(most=facts.get("most"))
