"""The public page where anybody asks whether a paper is genuine. It never shows content."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django import forms
from django.core.cache import cache
from django.core.files.base import File
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from redis.exceptions import RedisError
from rest_framework.throttling import BaseThrottle

from accounts.throttles import is_cache_away, note_cache_away
from common import crypto
from common.errors import DomainError, TooLarge, TooMany
from common.middleware import LARGEST_PAPER_BYTES
from common.pages import anyone, page
from common.problems import status_of
from papers.actions import verify_code, verify_file
from papers.actions.verify import Verdict
from papers.codes import read_code, show_code
from papers.errors import VerifyUnavailable
from papers.models import Verification

ASKED_SECONDS = 600
MOST_ASKED = 120  # answers for one address in that time; a desk that checks a pile needs many
MOST_UNKNOWN = 20  # of them about papers that are not: somebody is guessing
LONGEST_TYPED = 60

Outcome = Verification.Outcome
WORDS: dict[str, tuple[str, str, str]] = {
    Outcome.GENUINE: ("success", "真实有效", "本院确实出具过这份文书，目前有效。"),
    Outcome.REVOKED: ("warning", "已撤销", "这份文书是本院出具的，但已撤销，请勿再使用。"),
    Outcome.ALTERED: ("error", "文件已被改动", "文件与出具时的原件不一致，请勿采信。"),
    Outcome.UNKNOWN: ("error", "查无此件", "没有查到对应的文书。请核对后再试。"),
}
REFUSALS: dict[str, str] = {
    TooLarge.code: "文件太大：最大 10 MB。",
    TooMany.code: "查询太频繁，请十分钟后再试。",
    VerifyUnavailable.code: "现在无法查询，请过一会儿再试。",
}


class AskByCode(forms.Form):
    """The code as it stands on the paper."""

    code = forms.CharField(
        label="验证码",
        max_length=LONGEST_TYPED,
        help_text="在每页页脚，20 位字母和数字，大小写和横线不限。",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )


class AskByFile(forms.Form):
    """The PDF as it was received."""

    paper = forms.FileField(
        label="PDF 文件",
        help_text="最大 10 MB。文件只用来比对，不会保存。",
        widget=forms.FileInput(attrs={"accept": "application/pdf"}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@page(anyone)
def ask(request: HttpRequest) -> HttpResponse:
    """The two ways to ask; a code leads to the answer's own address.

    Only a code that could be one becomes part of a URL: what else somebody types, an identity
    number perhaps, does not.
    """
    by_code = AskByCode(request.POST if request.method == "POST" else None)
    if by_code.is_valid():
        code = read_code(by_code.cleaned_data["code"])
        return redirect("papers:verdict", code=show_code(code) if code else "unknown")
    status = 422 if by_code.is_bound else 200
    return _asking(request, by_code=by_code, by_file=AskByFile(), status=status)


@require_safe
@page(anyone)
def verdict(request: HttpRequest, code: str) -> HttpResponse:
    """What is true of the paper with this code."""
    return _answered(request, lambda: verify_code(typed=code))


@require_POST
@page(anyone)
def compare(request: HttpRequest) -> HttpResponse:
    """What is true of the file that was brought."""
    by_file = AskByFile(request.POST, request.FILES)
    if not by_file.is_valid():
        return _asking(request, by_code=AskByCode(), by_file=by_file, status=422)
    brought: File[bytes] = by_file.cleaned_data["paper"]
    return _answered(request, lambda: _compared(brought))


def _compared(brought: "File[bytes]") -> Verdict:
    if brought.size > LARGEST_PAPER_BYTES:
        raise TooLarge(bytes=LARGEST_PAPER_BYTES)
    return verify_file(pdf=brought.read())


def _answered(request: HttpRequest, ask_it: Callable[[], Verdict]) -> HttpResponse:
    try:
        _refuse_flood(request)
        told = ask_it()
    except DomainError as refusal:
        return _asking(
            request,
            refusal=REFUSALS[refusal.code],
            status=status_of(refusal),
            by_code=AskByCode(),
            by_file=AskByFile(),
        )
    if told.paper is None:
        with suppress(VerifyUnavailable):  # the answer is true, and the next one will not be given
            _count(request, "unknown")
    kind, title, text = WORDS[told.outcome]
    context = {"paper": told.paper, "kind": kind, "title": title, "text": text}
    status = 404 if told.paper is None else 200
    return render(request, "papers/verdict.html", context, status=status)


def _asking(request: HttpRequest, *, status: int = 200, **context: Any) -> HttpResponse:
    return render(request, "papers/ask.html", context, status=status)


def _refuse_flood(request: HttpRequest) -> None:
    """Raise TooMany for an address that asks too much, or too often for what is not there.

    Codes could be guessed: while nobody counts, nobody is answered. Raises VerifyUnavailable.
    """
    with _counting():
        unknown: int = cache.get(_counter(request, "unknown"), 0)
    if _count(request, "asked") > MOST_ASKED or unknown >= MOST_UNKNOWN:
        raise TooMany(seconds=ASKED_SECONDS)


def _count(request: HttpRequest, what: str) -> int:
    counter = _counter(request, what)
    with _counting():
        cache.add(counter, 0, ASKED_SECONDS)
        try:
            return cache.incr(counter)
        except ValueError:  # it ran out between the two calls
            return 1


@contextmanager
def _counting() -> Iterator[None]:
    """Raises VerifyUnavailable while the shared cache is away."""
    if is_cache_away():
        raise VerifyUnavailable
    try:
        yield
    except RedisError:
        note_cache_away()
        raise VerifyUnavailable from None


def _counter(request: HttpRequest, what: str) -> str:
    """Where an address is counted, as NUM_PROXIES says it; the address itself is not kept."""
    address = BaseThrottle().get_ident(request)  # type: ignore[arg-type]  # reads META alone
    return f"papers-{what}-{crypto.blind_index('papers.asker', address)[:32]}"
