"""What the provider and the product agreed on, and the part only the provider knows."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

CREDENTIALS = "credentials.json"  # the product's loader reads this file
PROVIDER = "provider.json"  # only the sandbox reads this one


@dataclass(frozen=True)
class App:
    """A mini-program (小程序)."""

    app_id: str
    secret: str
    name: str


@dataclass(frozen=True)
class Merchant:
    """A merchant of WeChat Pay (商户), as its owner must know it."""

    mchid: str
    serial_no: str
    private_key_pem: str
    public_key_id: str
    public_key_pem: str
    apiv3_key: str
    app_id: str
    name: str


@dataclass(frozen=True)
class Person:
    """Somebody with WeChat on a phone."""

    openid: str
    name: str
    phone: str


@dataclass(frozen=True)
class MessageTemplate:
    """A subscription message's template (订阅消息模板): which typed fields it has."""

    template_id: str
    key: str
    title: str
    fields: list[str]
    labels: dict[str, str]


@dataclass(frozen=True)
class SmsAccount:
    """A sender of the SMS platform: its key, its registered signature and its templates."""

    key_id: str
    secret: str
    sign_name: str
    templates: dict[str, str]  # code: text with {places}


@dataclass(frozen=True)
class Credentials:
    """All of credentials.json."""

    base_url: str
    apps: list[App]
    merchants: list[Merchant]
    phone_secret: str
    people: list[Person]
    message_templates: list[MessageTemplate]
    sms_accounts: list[SmsAccount] = field(default_factory=list)

    @classmethod
    def read(cls, home: Path) -> "Credentials":
        """Raises FileNotFoundError while `keys` has not run."""
        told = json.loads((home / CREDENTIALS).read_text(encoding="utf-8"))
        return cls(
            base_url=told["base_url"],
            apps=[App(**one) for one in told["apps"]],
            merchants=[Merchant(**one) for one in told["merchants"]],
            phone_secret=told["phone_secret"],
            people=[Person(**one) for one in told["people"]],
            message_templates=[MessageTemplate(**one) for one in told["message_templates"]],
            sms_accounts=[SmsAccount(**one) for one in told.get("sms_accounts", [])],
        )

    def write(self, home: Path) -> None:
        """The file holds this, readable by its owner only."""
        write_secret_json(home / CREDENTIALS, asdict(self))

    def app(self, app_id: str) -> App | None:
        """The mini-program with this id."""
        return next((app for app in self.apps if app.app_id == app_id), None)

    def person(self, openid: str) -> Person | None:
        """The person with this openid."""
        return next((person for person in self.people if person.openid == openid), None)

    def sms_account(self, key_id: str) -> SmsAccount | None:
        """The SMS sender with this key."""
        return next((one for one in self.sms_accounts if one.key_id == key_id), None)

    def template(self, template_id: str) -> MessageTemplate | None:
        """The message template with this id."""
        return next((one for one in self.message_templates if one.template_id == template_id), None)


@dataclass(frozen=True)
class Provider:
    """All of provider.json: WeChat Pay's own private key, and where the product lives."""

    platform_private_key_pem: str
    product: str

    @classmethod
    def read(cls, home: Path) -> "Provider":
        """Raises FileNotFoundError while `keys` has not run."""
        told = json.loads((home / PROVIDER).read_text(encoding="utf-8"))
        return cls(**told)

    def write(self, home: Path) -> None:
        """The file holds this, readable by its owner only."""
        write_secret_json(home / PROVIDER, asdict(self))


def write_secret_json(path: Path, value: object) -> None:
    """The file appears whole or not at all, with mode 0600 from its first byte."""
    fresh = path.with_name(path.name + ".fresh")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    fresh.replace(path)
