"""Making what a registration with WeChat would hand out. Run again, it keeps what exists."""

import secrets
from dataclasses import replace
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from sandbox.credentials import (
    App,
    Credentials,
    Merchant,
    MessageTemplate,
    Person,
    Provider,
    SmsAccount,
)

PEOPLE = ("张建国", "李秀英", "王小梅", "欧阳𬱖", "㛃晓雯", "刘子轩", "陈桂兰", "阿依古丽·买买提")

# Key, title, and each field with the label the phone shows before it.
TEMPLATES: tuple[tuple[str, str, dict[str, str]], ...] = (
    (
        "appointment_confirmed",
        "预约挂号成功通知",
        {
            "thing1": "就诊科室",
            "time2": "就诊时间",
            "character_string3": "就诊序号",
            "thing4": "温馨提示",
        },
    ),
    (
        "visit_reminder",
        "就诊提醒",
        {"thing1": "就诊科室", "time2": "就诊时间", "thing3": "温馨提示"},
    ),
    ("report_ready", "报告完成通知", {"thing1": "提示", "time2": "完成时间"}),
    ("prescription_ready", "取药提醒", {"thing1": "取药窗口", "time2": "配好时间"}),
    ("your_turn", "排队叫号通知", {"character_string1": "排队号码", "thing2": "就诊地点"}),
    ("refund_done", "退款到账通知", {"amount1": "退款金额", "thing2": "退款说明"}),
    ("bed_notice", "入院床位通知", {"thing1": "病区", "time2": "报到时间", "thing3": "温馨提示"}),
    ("balance_notice", "住院余额提醒", {"amount1": "当前余额", "thing2": "温馨提示"}),
)

SMS_SIGN = "诊程演示医院"
SMS_TEMPLATES: dict[str, str] = {
    "CODE_GRANT": (
        "{name}申请为您代办就诊，同意请把验证码{code}告诉对方，5分钟内有效。不认识请勿告知。"
    ),
    "CODE_PROOF": "您的验证码{code}，5分钟内有效，用于{purpose}。请勿告知任何人。",
}


def make_keys(*, home: Path, port: int, product: str) -> Credentials:
    """credentials.json and provider.json exist and are complete; nothing that existed changed."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    provider, credentials = _existing(home)
    base_url = f"http://127.0.0.1:{port}"
    if provider is None:
        provider = Provider(_pem(_rsa_key()), product)
    if credentials is None:
        app = App("wx" + secrets.token_hex(8), secrets.token_hex(16), "诊程（演示）")
        credentials = Credentials(
            base_url=base_url,
            apps=[app],
            merchants=[_merchant(app, provider)],
            phone_secret=secrets.token_urlsafe(24),
            people=[],
            message_templates=[],
        )
    credentials = replace(
        credentials,
        base_url=base_url,
        people=_people(credentials.people),
        message_templates=_templates(credentials.message_templates),
        sms_accounts=_sms_accounts(credentials.sms_accounts),
    )
    replace(provider, product=product).write(home)
    credentials.write(home)
    return credentials


def _existing(home: Path) -> tuple[Provider | None, Credentials | None]:
    try:
        provider = Provider.read(home)
    except FileNotFoundError:
        return None, None
    try:
        return provider, Credentials.read(home)
    except FileNotFoundError:
        return provider, None


def _merchant(app: App, provider: Provider) -> Merchant:
    return Merchant(
        mchid="19" + _digits(8),
        serial_no=secrets.token_hex(20).upper(),
        private_key_pem=_pem(_rsa_key()),
        public_key_id="PUB_KEY_ID_01" + _digits(30),
        public_key_pem=public_pem(provider.platform_private_key_pem),
        apiv3_key=secrets.token_hex(16),
        app_id=app.app_id,
        name="诊程演示医院",
    )


def _people(known: list[Person]) -> list[Person]:
    names = {person.name for person in known}
    fresh = [
        Person("o" + secrets.token_urlsafe(20)[:27], name, f"1990000{number:04d}")
        for number, name in enumerate(PEOPLE, start=1)
        if name not in names
    ]
    return known + fresh


def _templates(known: list[MessageTemplate]) -> list[MessageTemplate]:
    keys = {template.key for template in known}
    fresh = [
        MessageTemplate(secrets.token_urlsafe(32), key, title, list(labels), labels)
        for key, title, labels in TEMPLATES
        if key not in keys
    ]
    return known + fresh


def _sms_accounts(known: list[SmsAccount]) -> list[SmsAccount]:
    if known:
        return [replace(known[0], templates=SMS_TEMPLATES), *known[1:]]
    key_id = "SMS" + secrets.token_hex(8).upper()
    return [SmsAccount(key_id, secrets.token_hex(20), SMS_SIGN, SMS_TEMPLATES)]


def public_pem(private_key_pem: str) -> str:
    """The public half of a private key, as PEM."""
    key = load_pem_private_key(private_key_pem.encode("ascii"), password=None)
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return public.decode("ascii")


def _rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _pem(key: rsa.RSAPrivateKey) -> str:
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return pem.decode("ascii")


def _digits(count: int) -> str:
    return "".join(secrets.choice("0123456789") for _ in range(count))
