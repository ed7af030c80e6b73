"""The hospital's mini-program and merchant, as the sandbox registered them."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from hospitals.models import Hospital, Merchant, MiniProgram, SmsSender
from notifications.actions.write_template import write_template
from rehearsal.demonstration.templates import TEMPLATES

MERCHANT = ("serial_no", "private_key_pem", "apiv3_key", "public_key_id", "public_key_pem")


def read_credentials(file: Path) -> dict[str, Any]:
    """What the provider handed out; nothing where nobody has registered yet."""
    if not file.exists():
        return {}
    told: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return told


def register_provider(hospital: Hospital, credentials: dict[str, Any]) -> list[str]:
    """The hospital's mini-programs, merchants and SMS sender are these. Returns their ids."""
    programs = {}
    for app in credentials.get("apps", []):
        programs[app["app_id"]], _ = MiniProgram.objects.update_or_create(
            app_id=app["app_id"], defaults={"hospital": hospital, "secret": app["secret"]}
        )
    for sender in credentials.get("sms_accounts", [])[:1]:
        SmsSender.objects.update_or_create(
            hospital=hospital,
            defaults={
                "key_id": sender["key_id"],
                "secret": sender["secret"],
                "sign_name": sender["sign_name"],
            },
        )
    merchants = credentials.get("merchants", [])
    for merchant in merchants:
        Merchant.objects.update_or_create(
            mchid=merchant["mchid"],
            defaults={
                "hospital": hospital,
                "mini_program": programs[merchant["app_id"]],
                **{name: merchant[name] for name in MERCHANT},
            },
        )
    return [*programs, *(merchant["mchid"] for merchant in merchants)]


def write_templates(hospital: Hospital, credentials: dict[str, Any]) -> int:
    """Everything the hospital says, with the provider's template ids where it has them."""
    ids = {one["key"]: one["template_id"] for one in credentials.get("message_templates", [])}
    for said in TEMPLATES:
        template_id = ids.get(said.wechat, "")
        write_template(
            hospital=hospital,
            code=said.code,
            title=said.title,
            grade=said.grade,
            scope=said.scope,
            body=said.body,
            wechat_template_id=template_id,
            fields=dict(said.fields) if template_id else {},
            page=said.page.format(code=hospital.code),
            is_sensitive=said.is_sensitive,
        )
    return len(TEMPLATES)


def phone_url(credentials: dict[str, Any]) -> str:
    """Where the phones are, with the secret that opens them."""
    if not credentials:
        return ""
    query = urlencode({"key": credentials["phone_secret"]})
    return f"{credentials['base_url']}/phone/enter?{query}"
