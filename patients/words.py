"""What a patient reads when something is refused; by code, with the field it belongs to."""

from patients.document_kinds import DocumentKind
from patients.errors import DocumentLengthWrong, DocumentMalformed, DocumentOfAnotherKind
from patients.models import Document, DocumentType, Way

WORDS = {
    "patients.name_invalid": ("name", "姓名请按证件填写，不要带数字或符号。"),
    "patients.phone_invalid": ("phone", "请填写 11 位手机号。"),
    "patients.document_length": ("document_number", "身份证号是 18 位，请再数一数。"),
    "patients.document_outdated": ("document_number", "15 位号码是旧证，请填写 18 位身份证号。"),
    "patients.document_malformed": ("document_number", "前 17 位是数字，最后一位是数字或 X。"),
    "patients.document_check": ("document_number", "号码对不上，可能有一位填错了。"),
    "patients.document_kind": ("document_number", "这不是居民身份证号，请先选择证件类型。"),
    "patients.document_birth_unreal": ("document_number", "号码里的出生日期不存在。"),
    "patients.document_birth_in_future": ("document_number", "号码里的出生日期还没有到。"),
    "patients.document_too_old": ("document_number", "号码里的出生日期太早了。"),
    "patients.birth_needed": ("born_on", "请填写出生日期。"),
    "patients.birth_differs": ("born_on", "出生日期和号码里的不一样。"),
    "patients.sex_needed": ("sex", "请选择性别。"),
    "patients.nationality_needed": ("nationality", "请选择护照上的国籍。"),
    "patients.nationality_unknown": ("nationality", "请从列表里选择国籍。"),
    "patients.guardian_needed": ("relation", "不满 14 岁的孩子由监护人登记，请选“监护人”。"),
    "patients.guardian_unregistered": ("relation", "监护人要先登记本人，并且已满 18 岁。"),
    "patients.guardian_of_adult": ("relation", "已满 18 岁，请选“家属”。"),
    "patients.held_by_another": (None, "请本人带证件原件到窗口办理。"),
    "patients.details_differ": (None, "填写的内容无法核对，请带证件原件到窗口办理。"),
    "patients.already_yours": (None, "您已经添加过这个人了，关系要改请到窗口办理。"),
    "patients.self_taken": ("relation", "您已经登记过本人，请选“家属”。"),
    "patients.too_many_people": (None, "一个账号最多添加 10 个人。"),
    "patients.confirmation_needed": (
        None,
        "医院已有这个人的资料，需要本人同意：请到“家人代办”提出申请。",
    ),
    "common.too_many": (None, "操作太频繁，请过一会儿再试。"),
    "common.in_flight": (None, "正在处理，请稍后再试。"),
}
USUAL = (None, "没有办成，请稍后再试，或到窗口办理。")
RECORDS_OFFICE_WORDS = {
    "patients.unknown": "本院没有这个门诊号。",
    "patients.same_patient": "两个门诊号是同一份档案。",
    "patients.because_missing": "请写明理由。",
    "patients.death_date_wrong": "死亡日期应在出生之后、今天之前（含今天）。",
    "patients.already_deceased": "已经登记过另一个死亡日期，请先撤销。",
    "patients.death_unknown": "这位患者没有死亡登记。",
    "patients.join_unverified": "两份档案的证件都要先在窗口核验原件，才能合并。",
    "common.move_refused": "这一条已经有结论，请看最新情况。",
}
OF_FORM = frozenset({DocumentLengthWrong.code, DocumentMalformed.code, DocumentOfAnotherKind.code})
AT_COUNTER = {
    "patients.document_void": "这个证件已经作废。",
    "patients.document_taken": "这个证件在其他医院属于另一位患者，请联系病案室。",
    "patients.document_unknown": "没有找到这个证件，请重新查找。",
    "patients.birth_differs": "号码里的出生日期和档案不一致，请核对。",
    "patients.nationality_needed": "请选择护照上的国籍。",
}


def words_for(code: str, *, kind: DocumentKind) -> tuple[str | None, str]:
    """The field and the sentence for a refusal, in words of this kind of document."""
    if code in OF_FORM and kind.type != DocumentType.RESIDENT_ID:
        return "document_number", f"{kind.label}是{kind.form}，请再核对。"
    return WORDS.get(code, USUAL)


def words_at_counter(code: str) -> str:
    """The sentence for staff."""
    if code in AT_COUNTER:
        return AT_COUNTER[code]
    return (
        "证件号码不对，请核对原件后再输。"
        if code.startswith("patients.")
        else f"没有办成（{code}）。"
    )


def badge_of(document: Document) -> tuple[str, str]:
    """Kind and label of the badge: how a document was verified, or that it was not."""
    if document.status == Document.Status.VOID:
        return "error", document.get_status_display()
    if document.status == Document.Status.VERIFIED:
        return "info" if document.way == Way.MOCK else "success", document.get_way_display()
    if document.waits_for_another:
        return "warning", "待补证"
    return "warning", document.get_status_display()


PROXY_WORDS = {code: words for code, (_, words) in WORDS.items()} | {
    "patients.unknown": "医院还没有这个人的资料，请在“我的”里直接添加就诊人。",
    "patients.already_yours": "您已经可以为这个人代办，需要更多请在下面申请。",
    "patients.confirmation_needed": "医院已有这个人的资料，需要本人同意。",
    "patients.scopes_unclear": "请至少选一项，且不能超过申请的内容。",
    "patients.until_unclear": "日期已经过去，或太远了。",
    "patients.grant_unknown": "没有找到这项代办，可能已经停止。",
    "patients.own_grant_kept": "本人不能停止自己，可以在“我的资料”里注销账号。",
    "patients.grant_request_unknown": "没有找到这项申请，请刷新。",
    "patients.grant_request_over": "这项申请已经处理或过期。",
    "patients.phone_unproven": "登记的手机号是您提供的，请本人在自己手机上或到窗口确认。",
    "patients.document_not_seen": "证件号码不一致，请再核对证件。",
    "accounts.code_too_soon": "验证码刚刚发过，请等一分钟再试。",
    "accounts.code_too_many": "这个手机号今天收到的验证码太多了，请到窗口确认。",
    "accounts.code_wrong": "验证码不对或已过期，请重新获取。",
}
