"""What the pharmacy calls things when it speaks to other apps and to people."""

from collections.abc import Mapping

from pharmacy.models import Prescription

CHARGE_TITLE = "处方药费"
READY = "prescription_ready"  # templates of messages
RETURNED = "prescription_returned"
EXPIRED = "prescription_expired"
ALL_TEMPLATES = (READY, RETURNED, EXPIRED)

Status = Prescription.Status
BADGES: Mapping[str, str] = {
    Status.ISSUED: "warning",
    Status.PAID: "info",
    Status.PREPARING: "info",
    Status.READY: "success",
    Status.HANDED_OVER: "success",
    Status.RETURNED: "error",
    Status.EXPIRED: "error",
    Status.REPLACED: "",
    Status.WITHDRAWN: "error",
}
# 四查十对 (处方管理办法 37): what is looked at, and what must agree.
CHECKS = (
    ("查处方", "对科别、姓名、年龄"),
    ("查药品", "对药名、剂型、规格、数量"),
    ("查配伍禁忌", "对药品性状、用法用量"),
    ("查用药合理性", "对临床诊断"),
)
REFUSALS = {
    "common.move_refused": "处方状态已经变化，请看最新状态。",
    "pharmacy.identity_unproven": "取药码或证件后四位不符，不能发药。",
    "pharmacy.prescription_expired": "处方已过有效期，不能继续。",
    "pharmacy.window_unnamed": "请填写取药窗口。",
    "pharmacy.prescription_unknown": "没有这张处方。",
}
