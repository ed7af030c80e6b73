"""What the demonstration hospital asks its patients to agree to, purpose by purpose."""

from hospitals.models import Hospital
from patients.actions.consent import publish_consent_text
from patients.models import ConsentPurpose

TEXTS = {
    ConsentPurpose.REMINDERS: (
        "我们会通过微信服务通知提醒您就诊、检查和取药。提醒里不写诊断和结果。",
        "不再发送微信提醒，消息仍在小程序的“消息”里；停诊等必须通知到的事仍会通知。",
    ),
    ConsentPurpose.PROXY: (
        "您可以让家人为您预约、缴费、看候诊，也可以让他们看报告和住院情况。由您选择哪些、到哪天为止。",
        "所有家人的代办立即停止，没有回复的申请作废。",
    ),
}


def write_consents(hospital: Hospital) -> int:
    """These are the hospital's newest words; how many purposes they cover."""
    for purpose, (body, what_stops) in TEXTS.items():
        publish_consent_text(hospital=hospital, purpose=purpose, body=body, what_stops=what_stops)
    return len(TEXTS)
