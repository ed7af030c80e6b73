"""What queueing calls things when it speaks to people."""

from accounts.models import Role

AT_QUEUES = (Role.DOCTOR, Role.NURSE, Role.TRIAGE)  # who may see a queue

TURN_NEAR = "turn_near"  # templates of messages
YOUR_TURN = "your_turn"

REASONS = {
    "late": "迟到，排在本小时之后",
    "missed": "过号，按规则后移",
    "returned": "有过号的患者重新排队",
    "earlier_slot": "有较早时段的患者签到",
    "emergency": "有危急患者优先就诊",
    "elderly": "有高龄患者优先就诊",
    "pregnant": "有孕妇优先就诊",
    "soldier": "有军人优先就诊",
    "disabled": "有残疾患者优先就诊",
}

REFUSALS = {
    "booking.appointment_unknown": "没有找到这个预约。",
    "common.move_refused": "情况有变，请看现在的状态。",
    "queueing.queue_unknown": "还没有患者签到。",
    "queueing.ticket_unknown": "没有找到这个号。",
    "queueing.not_your_queue": "这是其他医生的诊室。",
    "queueing.too_early": "还没有到签到时间。",
    "queueing.too_late": "本次出诊已经结束，请到分诊台。",
    "queueing.not_paid": "挂号费还没有支付。",
    "queueing.not_expected": "这个预约不能签到。",
    "queueing.nobody_waits": "现在没有候诊的患者。",
    "queueing.room_occupied": "诊室里还有患者，请先结束或过号。",
}
