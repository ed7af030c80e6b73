"""Reading a call's fields; each refusal names the field that is wrong."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from sandbox.pay.refusals import parameter_wrong

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
LARGEST_FEN = 10**9  # ten million yuan, far above any order of a hospital


def required_text(
    body: Mapping[str, object], field: str, *, longest: int, pattern: str = ".+"
) -> str:
    """A string that is there and fits. Raises PayRefusal."""
    value = body.get(field)
    if not isinstance(value, str) or not value:
        raise parameter_wrong(field, "缺少必填的字符串")
    if len(value) > longest or re.fullmatch(pattern, value, re.DOTALL) is None:
        raise parameter_wrong(field, "长度或字符不符合要求")
    return value


def optional_text(body: Mapping[str, object], field: str, *, longest: int) -> str:
    """A string that fits, or ''. Raises PayRefusal."""
    if field not in body:
        return ""
    return required_text(body, field, longest=longest)


def required_object(body: Mapping[str, object], field: str) -> Mapping[str, object]:
    """A JSON object. Raises PayRefusal."""
    value = body.get(field)
    if not isinstance(value, Mapping):
        raise parameter_wrong(field, "缺少必填的对象")
    return value


def required_fen(amount: Mapping[str, object], field: str) -> int:
    """Whole fen, at least one. Raises PayRefusal."""
    value = amount.get(field)
    if isinstance(value, bool) or not isinstance(value, int):
        raise parameter_wrong(f"amount.{field}", "必须是整数（分）")
    if not 1 <= value <= LARGEST_FEN:
        raise parameter_wrong(f"amount.{field}", "金额超出范围")
    return value


def currency(amount: Mapping[str, object], *, is_required: bool) -> None:
    """The currency is CNY. Raises PayRefusal."""
    value = amount.get("currency", None if is_required else "CNY")
    if value != "CNY":
        raise parameter_wrong("amount.currency", "只支持CNY")


def notify_url(body: Mapping[str, object], *, is_required: bool) -> str:
    """Where notices go: no query, and here only this machine. Raises PayRefusal."""
    if not is_required and "notify_url" not in body:
        return ""
    url = required_text(body, "notify_url", longest=255, pattern=r"[\x21-\x7e]+")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as trouble:
        raise parameter_wrong("notify_url", "不是有效的地址") from trouble
    if parts.scheme not in {"http", "https"} or parts.query or parts.fragment or "?" in url:
        raise parameter_wrong("notify_url", "必须是不带参数的http(s)地址")
    if host not in LOOPBACK:
        raise parameter_wrong("notify_url", "模拟环境只通知本机")
    return url
