"""What inpatient calls things when it speaks to other apps and to people."""

from inpatient.models import Deposit

WARD = "ward"  # a stream's kind, and the care relation of who works there
BALANCE_RETURNED = "deposit_balance"  # the reason of a refund
STAY_WITHDRAWN = "admission_withdrawn"

ADMITTED = "admitted"  # templates of messages
DAILY_LIST = "daily_list"
DISCHARGED = "discharged"

TITLES = {  # what the bill and the payment sheet say, without any person
    Deposit.Kind.DEPOSIT: "住院预交金",
    Deposit.Kind.BALANCE: "出院补缴",
}

REFUSALS = {
    "common.move_refused": "情况有变，请看现在的状态。",
    "inpatient.admission_unknown": "没有找到这次住院。",
    "inpatient.not_their_doctor": "这位患者现在不由您接诊，不能开住院证。",
    "inpatient.ward_unknown": "没有这个病区。",
    "inpatient.already_asked": "患者已有住院证或正在住院。",
    "inpatient.date_gone": "入院日期已经过去。",
    "inpatient.identity_differs": "姓名或证件号后四位不符，请再次核对患者身份。",
    "inpatient.wristband_differs": "腕带不是这位患者的，请核对后再扫。",
    "inpatient.bed_unknown": "本病区没有这张床。",
    "inpatient.bed_taken": "这张床刚被占用，请另选一张。",
    "inpatient.not_on_ward": "患者不在院，不能办理。",
    "inpatient.deposit_too_large": "金额超过本院一次收取的预交金上限。",
    "inpatient.date_outside_stay": "日期不在住院期间内。",
    "inpatient.price_unknown": "价目表里没有这个编码。",
    "inpatient.line_unknown": "没有找到这条记账。",
    "inpatient.line_differs": "这个单号已经记过别的内容。",
    "inpatient.line_reversed": "这条记账已经冲销，或本身就是冲销。",
    "inpatient.bill_changed": "账单刚有变化，请和家属重新核对后再确认。",
    "inpatient.balance_due": "预交金不够，请家属先补缴差额。",
    "inpatient.nothing_due": "预交金足够，不需要补缴。",
}
