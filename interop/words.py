"""The list of received messages (收到的消息) in plain words: kinds, reasons, next steps."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from interop.unreadable import Reason


@dataclass(frozen=True, slots=True)
class Words:
    """Why a message could not be applied, and what a person does next."""

    why: str
    next_step: str


KIND_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "ORM^O01": "申请",
        "OML^O21": "检验申请",
        "ORU^R01": "检验检查报告",
        "MedicationRequest": "处方",
    }
)
ASK_SENDER = "请发送方的工程师按对接文档改正后重发；收到新消息后，这一条可以不处理。"
ASK_US = "请信息科核对双方约定的代码；约定更新后点“重新处理”。"
ASK_VENDOR = "请把原因代码和消息编号告诉信息科；问题解决后点“重新处理”。"

UNREADABLE: Mapping[Reason, Words] = MappingProxyType(
    {
        Reason.EMPTY: Words("消息是空的", ASK_SENDER),
        Reason.NO_HEADER: Words("缺少消息头 (MSH)", ASK_SENDER),
        Reason.DELIMITERS: Words("消息头里的分隔符不能用", ASK_SENDER),
        Reason.CHARSET: Words("文字编码不明，或与声明的不一致", ASK_US),
        Reason.CONTROL_CHARACTER: Words("含有不允许的控制字符", ASK_SENDER),
        Reason.BROKEN_LINE: Words("有一行不完整，可能在传输中断开", ASK_SENDER),
        Reason.BATCH: Words("一次发来了多条消息，只能逐条接收", ASK_SENDER),
        Reason.NO_KIND: Words("没有写明消息类型", ASK_SENDER),
        Reason.NO_CONTROL_ID: Words("没有消息编号", ASK_SENDER),
        Reason.TOO_LONG: Words("消息头里的内容超过标准长度", ASK_SENDER),
        Reason.OTHER_KIND: Words("内容与消息类型不符", ASK_SENDER),
        Reason.MISPLACED_SEGMENT: Words("消息里的段落顺序不对", ASK_SENDER),
        Reason.NO_PATIENT: Words("没有写明是哪位患者", ASK_SENDER),
        Reason.SEVERAL_PATIENTS: Words("一条消息里有多位患者", ASK_SENDER),
        Reason.NO_ORDER: Words("消息里没有申请或报告", ASK_SENDER),
        Reason.NO_NUMBER: Words("没有申请单号", ASK_SENDER),
        Reason.NUMBERS_DIFFER: Words("同一项的两处单号不一致", ASK_SENDER),
        Reason.NO_CODE: Words("没有项目代码和名称", ASK_SENDER),
        Reason.DETAIL: Words(
            "申请的内容种类还不支持", "请按原流程在医院系统里办理，这一条可以不处理。"
        ),
        Reason.TIME: Words("有一处时间写得不对", ASK_SENDER),
        Reason.NUMBER: Words("应是数字的结果不是数字", ASK_SENDER),
        Reason.VALUE_TYPE: Words("结果的类型还不能显示", "请在原系统查看这份结果，并告诉信息科。"),
        Reason.STATUS: Words("报告状态的代码没有约定过", ASK_US),
        Reason.FLAG: Words("异常标志的代码没有约定过", ASK_US),
        Reason.SEX: Words("性别的代码没有约定过", ASK_US),
        Reason.JSON: Words("不是完整的 JSON 内容", ASK_SENDER),
        Reason.RESOURCE: Words("不是处方", ASK_SENDER),
        Reason.ELEMENT: Words("有一处内容的格式不对", ASK_SENDER),
        Reason.ELEMENT_MISSING: Words("缺少必须有的内容", ASK_SENDER),
        Reason.REFERENCE: Words("引用的内容不在消息里", ASK_SENDER),
        Reason.MODIFIER: Words("带有会改变含义的附加说明", "请与开方医生核对，按原流程办理。"),
    }
)
CHECK_PERSON = "点“查看消息”核对患者；患者建档或更正后点“重新处理”。"
CHECK_VISIT = "请确认患者是否已签到或在院；办好后点“重新处理”。"
CHECK_ORDER = "请与申请科室核对单号和项目；以哪个为准由医生决定。"
CHECK_DOCTOR = "请与开方医生核对；医生重新开方后，这一条可以不处理。"
SET_PRICE = "请物价人员在价目里补上；补好后点“重新处理”。"

REFUSED: Mapping[str, Words] = MappingProxyType(
    {
        "interop.control_id_reused": Words(
            "消息编号用过，但内容不同", "请发送方确认哪一条有效；有效的点“重新处理”。"
        ),
        "interop.other_sender": Words(
            "消息里写的系统不是这个地址约定的系统", "请信息科确认来源可信，再点“重新处理”。"
        ),
        "interop.kind_unsupported": Words("这种消息还不支持", "不需要办理的，点“不处理”。"),
        "interop.broke_off": Words("多次处理都中断了", ASK_VENDOR),
        "interop.patient_not_found": Words("本院没有这个号码的患者", CHECK_PERSON),
        "interop.patient_differs": Words("号码或出生日期与患者档案不一致", CHECK_PERSON),
        "interop.control_unsupported": Words(
            "申请的操作还不支持", "请按原流程在医院系统里办理，这一条可以不处理。"
        ),
        "interop.result_cancelled": Words(
            "检验科不做这一项了", "请与检验科核对，由收费处决定是否退费。"
        ),
        "interop.prescription_not_ordered": Words("还不是正式处方", CHECK_DOCTOR),
        "visits.visit_unknown": Words("找不到这次就诊", CHECK_VISIT),
        "visits.no_open_visit": Words("患者现在没有进行中的就诊", CHECK_VISIT),
        "visits.order_unknown": Words("找不到对应的申请", CHECK_ORDER),
        "visits.order_differs": Words("同一单号已有另一份申请", CHECK_ORDER),
        "visits.price_unknown": Words("价目里没有这个项目", SET_PRICE),
        "visits.order_unpaid": Words("这项申请还没有缴费", "请患者缴费；缴费后点“重新处理”。"),
        "visits.value_too_long": Words("有一处内容太长，不能完整保存", ASK_SENDER),
        "results.report_unknown": Words("找不到这份报告", CHECK_ORDER),
        "results.report_differs": Words("同一报告号属于另一位患者", CHECK_ORDER),
        "pharmacy.prescription_unknown": Words("找不到这张处方", CHECK_DOCTOR),
        "pharmacy.prescription_differs": Words("同一版处方的内容前后不一致", CHECK_DOCTOR),
        "pharmacy.prescription_unfit": Words("处方没有药品，或数量不能发药", CHECK_DOCTOR),
        "pharmacy.prescription_expired": Words("收到时处方已过有效期", CHECK_DOCTOR),
        "pharmacy.already_handed_over": Words(
            "药已经发给患者，处方才有改动", "请药师联系患者和开方医生。"
        ),
        "pharmacy.drug_price_unknown": Words("价目里没有这种药", SET_PRICE),
        "payments.charge_not_open": Words(
            "对应的费用已经结清或关闭", "请收费处核对这笔费用，再决定是否重新处理。"
        ),
        "payments.charge_not_paid": Words(
            "对应的费用还没有付清", "请患者缴费；缴费后点“重新处理”。"
        ),
        "payments.refund_too_large": Words(
            "这笔费用没有可退的金额", "请收费处核对这笔费用，再决定是否重新处理。"
        ),
        "common.move_refused": Words(
            "申请的状态已经变化，不能再这样改", "请与申请科室核对；不需要办理的，点“不处理”。"
        ),
    }
)


def words_for(code: str) -> Words:
    """The words for a reason code; one without words of its own is shown, with whom to ask."""
    if code in REFUSED:
        return REFUSED[code]
    unreadable = {f"interop.{reason}": words for reason, words in UNREADABLE.items()}
    return unreadable.get(code) or Words(f"没有处理成（{code}）", ASK_VENDOR)


def kind_words(kind: str) -> str:
    """What sort of message it is; unknown sorts keep their own name."""
    known = KIND_WORDS.get(kind)
    if known:
        return known
    return kind or "看不出类型"
