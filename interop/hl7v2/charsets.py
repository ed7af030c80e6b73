"""From bytes to text, by what MSH-18 declares or the sender's profile says."""

import codecs
import re
from collections.abc import Mapping
from types import MappingProxyType

from interop.hl7v2.profiles import SenderProfile
from interop.unreadable import Reason, Unreadable

CODECS: Mapping[str, str] = MappingProxyType(
    {
        "ASCII": "ascii",
        **{f"8859/{n}": f"iso8859-{n}" for n in (1, 2, 3, 4, 5, 6, 7, 8, 9, 15)},
        "UNICODE": "utf-8",
        "UNICODE UTF-8": "utf-8",
        "UTF-8": "utf-8",
        "GB 18030-2000": "gb18030",
        "GB 18030": "gb18030",
        "GB18030": "gb18030",
        "GBK": "gbk",
        "GB2312": "gb2312",
        "BIG-5": "big5",
    }
)  # HL7 table 0211, and names that Chinese senders use
WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
FIRST_LINE = re.compile(rb"[^\r\n]*")


def decode(body: bytes, *, profile: SenderProfile) -> tuple[str, str]:
    """The text without blank edges, and the codec that it was in. Raises Unreadable."""
    if body.startswith(WIDE_MARKS):
        raise Unreadable(Reason.CHARSET)
    if body.startswith(codecs.BOM_UTF8):
        body, codec = body[len(codecs.BOM_UTF8) :].strip(), "utf-8"
    else:
        body = body.strip()
        codec = _codec(body, profile=profile)
    try:
        text = body.decode(codec)
    except UnicodeDecodeError as wrong:
        raise Unreadable(Reason.CHARSET) from wrong
    if "\x00" in text:
        raise Unreadable(Reason.CONTROL_CHARACTER)
    return text, codec


def _codec(body: bytes, *, profile: SenderProfile) -> str:
    """The character set under which the header declares just that character set.

    A trail byte of GB 18030 may look like a separator, so the header cannot be split before it
    is decoded; it is tried under each known set.
    """
    if not profile.heeds_msh18:
        return profile.encoding
    match = FIRST_LINE.match(body)
    header = match[0] if match else b""
    agreeing = {codec for codec in set(CODECS.values()) if _declared(header, codec) == codec}
    if len(agreeing) == 1:
        return agreeing.pop()
    if agreeing or _declared(header, profile.encoding) != "":
        raise Unreadable(Reason.CHARSET, where="MSH-18")
    return profile.encoding


def _declared(header: bytes, codec: str) -> str | None:
    """The codec of MSH-18 when the header is read by `codec`; empty if it declares none."""
    try:
        text = header.decode(codec)
    except UnicodeDecodeError:
        return None
    separator = text[3:4]
    if text[:3] != "MSH" or not separator:
        return ""
    fields = text.split(separator)
    declared = re.split(r"[~^]", fields[17])[0].strip().upper() if len(fields) > 17 else ""
    return CODECS.get(declared) if declared else ""
