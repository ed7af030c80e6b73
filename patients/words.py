"""What a patient reads when something is refused; by code, with the field it belongs to."""

WORDS = {
    "patients.name_invalid": ("name", "姓名请按证件填写，不要带数字或符号。"),
    "patients.phone_invalid": ("phone", "请填写 11 位手机号。"),
    "patients.document_length": ("document_number", "身份证号是 18 位，请再数一数。"),
    "patients.document_outdated": ("document_number", "15 位号码是旧证，请填写 18 位身份证号。"),
    "patients.document_malformed": ("document_number", "前 17 位是数字，最后一位是数字或 X。"),
    "patients.document_check": ("document_number", "号码对不上，可能有一位填错了。"),
    "patients.document_kind": ("document_number", "这不是居民身份证号，其他证件请到窗口登记。"),
    "patients.document_birth_unreal": ("document_number", "号码里的出生日期不存在。"),
    "patients.document_birth_in_future": ("document_number", "号码里的出生日期还没有到。"),
    "patients.document_too_old": ("document_number", "号码里的出生日期太早了。"),
    "patients.held_by_another": (None, "请本人带身份证到窗口办理。"),
    "patients.details_differ": (None, "填写的内容无法核对，请带身份证到窗口办理。"),
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
