"""What results call things when they speak to other apps and to people."""

from collections.abc import Mapping

from results.models import ReportVersion

READY = "report_ready"  # templates of messages
CORRECTED = "report_corrected"
WITHDRAWN = "report_withdrawn"
ALL_TEMPLATES = (READY, CORRECTED, WITHDRAWN)
TEMPLATE_OF: Mapping[str, str] = {
    ReportVersion.Status.FINAL: READY,
    ReportVersion.Status.CORRECTED: CORRECTED,
    ReportVersion.Status.WITHDRAWN: WITHDRAWN,
}

# How a value stands to its reference, as the laboratory flagged it: words, sign, kind of badge.
FLAGS = {
    "L": ("偏低", "↓", "warning"),
    "H": ("偏高", "↑", "warning"),
    "LL": ("极低", "↓↓", "error"),
    "HH": ("极高", "↑↑", "error"),
    "<": ("低于检测下限", "↓", "warning"),
    ">": ("高于检测上限", "↑", "warning"),
    "A": ("异常", "!", "warning"),
    "AA": ("严重异常", "!!", "error"),
    "POS": ("阳性", "+", "warning"),
    "WR": ("弱阳性", "±", "warning"),
    "IND": ("不确定", "?", "warning"),
}
STATUS_BADGES: Mapping[str, tuple[str, str]] = {
    ReportVersion.Status.PRELIMINARY: ("", "待审核"),
    ReportVersion.Status.FINAL: ("success", "已出报告"),
    ReportVersion.Status.CORRECTED: ("warning", "已修订"),
    ReportVersion.Status.WITHDRAWN: ("error", "已撤回"),
}
