"""The mini-program's server API, through wechatpy with its traps closed.

Its own retry recurses without limit, its token call has no time-out and retires other processes'
tokens; so: stable tokens kept in the shared cache, a time-out on every call, one retry of ours.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import requests
from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError
from wechatpy import WeChatClient
from wechatpy.client.api import WeChatWxa
from wechatpy.exceptions import WeChatClientException
from wechatpy.session import SessionStorage

from hospitals.models import MiniProgram

log = logging.getLogger(__name__)
TOKEN_TROUBLE = frozenset({40001, 40014, 42001})  # not the latest, malformed, expired
LATER = frozenset({45009, 45011, 43108})  # rate limits, and one openid called twice at once
BUSY = -1
CHANGEOVER_SECONDS = 300  # a stable token's successor appears so long before its end


class ProviderRefused(Exception):
    """WeChat said no, for a reason that repeating does not cure: `code` is its errcode."""

    def __init__(self, code: int) -> None:
        super().__init__(str(code))
        self.code = code


class ProviderUnreachable(Exception):
    """No answer that settles it. `may_have_acted` is False where WeChat surely did nothing."""

    def __init__(self, *, may_have_acted: bool) -> None:
        super().__init__("may have acted" if may_have_acted else "did nothing")
        self.may_have_acted = may_have_acted


@dataclass(frozen=True)
class WeChatSession:
    """Whose phone a login code came from. The session key is not kept."""

    openid: str
    unionid: str


@dataclass(frozen=True)
class WeChatPhone:
    """A phone number that WeChat vouches for."""

    number: str
    country_code: str


class CacheStorage(SessionStorage):  # type: ignore[misc]  # wechatpy has no types
    """wechatpy's memory in the shared cache, so that all processes use one token.

    While the cache is away it remembers nothing: stable tokens may be asked for again and again,
    and a message that surely was not sent must not end as one that nobody knows about.
    """

    def get(self, key: str, default: Any = None) -> Any:
        """The value, unless its time is over."""
        try:
            return cache.get(f"wechat:{key}", default)
        except RedisError:
            log.warning("the shared cache is away")
            return default

    def set(self, key: str, value: Any, ttl: int | None = None) -> None:  # noqa: PLR0917 - wechatpy's
        """Keep the value for `ttl` seconds."""
        with suppress(RedisError):
            cache.set(f"wechat:{key}", value, timeout=ttl)

    def delete(self, key: str) -> None:
        """Forget the value."""
        with suppress(RedisError):
            cache.delete(f"wechat:{key}")


class _Wxa(WeChatWxa):  # type: ignore[misc]  # wechatpy has no types
    """The mini-program's calls that wechatpy lacks, or makes with a token they do not need."""

    @property
    def API_BASE_URL(self) -> str:  # noqa: N802 - wechatpy's name
        return f"{settings.WECHAT_API_URL}/"

    def code_to_session(self, js_code: str) -> Any:
        query = {
            "appid": self.appid,
            "secret": self.secret,
            "js_code": js_code,
            "grant_type": "authorization_code",
            "access_token": None,  # left out: the call proves itself by the secret
        }
        return self._get("sns/jscode2session", params=query)

    def phone_number(self, code: str) -> Any:
        return self._post("wxa/business/getuserphonenumber", data={"code": code})

    def subscribe_send(self, message: dict[str, object]) -> Any:
        return self._post("cgi-bin/message/subscribe/send", data=message)


class MiniProgramClient(WeChatClient):  # type: ignore[misc]  # wechatpy has no types
    """One hospital's mini-program at WeChat."""

    wxa = _Wxa()

    def __init__(self, app_id: str, secret: str) -> None:
        super().__init__(
            app_id,
            secret,
            session=CacheStorage(),
            timeout=settings.PROVIDER_TIMEOUT_SECONDS,
            auto_retry=False,
        )

    @property
    def access_token(self) -> str:
        """The shared token, asked for where there is none."""
        kept = self.session.get(self.access_token_key)
        return str(kept or self.fetch_access_token()["access_token"])

    def fetch_access_token(self) -> dict[str, Any]:
        """Ask for the stable token and share it until its changeover."""
        try:
            answer = self._told(
                self._http.post(
                    f"{settings.WECHAT_API_URL}/cgi-bin/stable_token",
                    json={
                        "grant_type": "client_credential",
                        "appid": self.appid,
                        "secret": self.secret,
                    },
                    timeout=self.timeout,
                )
            )
        except requests.RequestException:
            raise ProviderUnreachable(may_have_acted=False) from None
        lasts = int(answer.get("expires_in", 0)) - CHANGEOVER_SECONDS
        if lasts > 0:
            self.session.set(self.access_token_key, answer["access_token"], lasts)
        return answer

    @staticmethod
    def _told(response: requests.Response) -> dict[str, Any]:
        response.raise_for_status()
        answer = response.json()
        if not isinstance(answer, dict):
            raise ProviderUnreachable(may_have_acted=False)
        if "access_token" not in answer:
            raise _trouble_of(answer.get("errcode"), may_have_acted=False)
        return answer

    def session_of_code(self, code: str) -> WeChatSession:
        """Whose phone wx.login's code came from. Raises ProviderRefused, ProviderUnreachable."""
        answer = self._ask(lambda: self.wxa.code_to_session(code))
        openid = answer.get("openid")
        if not isinstance(openid, str) or not openid:
            raise ProviderUnreachable(may_have_acted=True)
        return WeChatSession(openid=openid, unionid=str(answer.get("unionid") or ""))

    def phone_of_code(self, code: str) -> WeChatPhone:
        """The number behind the phone button's code. Raises as `session_of_code`."""
        told = self._ask(lambda: self.wxa.phone_number(code)).get("phone_info")
        if not isinstance(told, dict) or "purePhoneNumber" not in told:
            raise ProviderUnreachable(may_have_acted=True)
        return WeChatPhone(
            number=str(told["purePhoneNumber"]), country_code=str(told.get("countryCode", ""))
        )

    def send_subscribe_message(
        self,
        *,
        openid: str,
        template_id: str,
        fields: Mapping[str, str],
        page: str = "",
        state: str = "formal",
    ) -> str:
        """Send one subscription message and return WeChat's id of it, if it gives one.

        Raises ProviderRefused (43101: no consent left), and ProviderUnreachable, whose
        `may_have_acted` says whether the message may be on the phone all the same.
        """
        message: dict[str, object] = {
            "touser": openid,
            "template_id": template_id,
            "data": {name: {"value": value} for name, value in fields.items()},
            "miniprogram_state": state,
            "lang": "zh_CN",
            **({"page": page} if page else {}),
        }
        return str(self._ask(lambda: self.wxa.subscribe_send(message)).get("msgid", ""))

    def _ask(self, call: Callable[[], Any]) -> dict[str, Any]:
        """The answer. A token that WeChat no longer takes is replaced once, and only once."""
        used = self.session.get(self.access_token_key)
        try:
            return self._answer(call)
        except ProviderRefused as refusal:
            if refusal.code not in TOKEN_TROUBLE:
                raise
        if self.session.get(self.access_token_key) in {used, None}:
            self.session.delete(self.access_token_key)
            self.fetch_access_token()
        return self._answer(call)

    @staticmethod
    def _answer(call: Callable[[], Any]) -> dict[str, Any]:
        """One call. Errors leave without their cause: its text would hold secrets and codes."""
        try:
            answer = call()
        except WeChatClientException as trouble:
            raise _trouble_of(trouble.errcode, may_have_acted=True) from None
        except requests.RequestException as trouble:
            raise ProviderUnreachable(may_have_acted=not _never_arrived(trouble)) from None
        if not isinstance(answer, dict):
            raise ProviderUnreachable(may_have_acted=True)
        return answer


def _never_arrived(trouble: requests.RequestException) -> bool:
    """True where no connection came about, so nothing can have been done."""
    reason = getattr(trouble.args[0], "reason", None) if trouble.args else None
    no_line = isinstance(reason, NewConnectionError | ConnectTimeoutError)
    return no_line or isinstance(trouble, requests.ConnectTimeout | requests.exceptions.SSLError)


def _trouble_of(errcode: int | None, *, may_have_acted: bool) -> Exception:
    """What an errcode means to us; None is an HTTP error."""
    if errcode is None or errcode == BUSY:
        return ProviderUnreachable(may_have_acted=may_have_acted)
    if errcode in LATER:
        return ProviderUnreachable(may_have_acted=False)
    return ProviderRefused(errcode)


_clients = threading.local()


def wechat_of(mini_program: MiniProgram) -> MiniProgramClient:
    """This thread's client for the mini-program; its connections are kept open."""
    known: dict[tuple[str, str], MiniProgramClient] = _clients.__dict__.setdefault("known", {})
    key = (mini_program.app_id, mini_program.secret)
    if key not in known:
        known[key] = MiniProgramClient(*key)
    return known[key]
