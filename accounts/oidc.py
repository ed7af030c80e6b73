"""OpenID Connect as a client: discovery, the code, the ID token. No rows; each call has a time-out.

RFC 6749 with PKCE (7636); OpenID Connect Core 3.1.
"""

import base64
import hashlib
import secrets
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
from django.conf import settings
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from accounts.errors import ProviderRefusedSignIn, ProviderUnavailable
from accounts.models import SignInProvider
from common import clock

ALGORITHMS = ["RS256", "PS256", "ES256"]  # signatures by a published key; never "none" or HMAC
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
LEEWAY_SECONDS = 60  # between two clocks
LARGEST_ANSWER = 256 * 1024


@dataclass(frozen=True)
class Pending:
    """What a sign-in under way must find again when the person comes back."""

    state: str
    nonce: str
    verifier: str
    onward: str

    @classmethod
    def fresh(cls, onward: str) -> "Pending":
        """Three secrets nobody can guess."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        return cls(state=state, nonce=nonce, verifier=verifier, onward=onward)

    @property
    def challenge(self) -> str:
        """What the provider sees of the verifier before the code is redeemed."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    def as_dict(self) -> dict[str, str]:
        """For the session."""
        return asdict(self)


def is_allowed_address(url: str) -> bool:
    """https; on loopback also http, where this installation is no real hospital's."""
    parts = urlsplit(url)
    if parts.hostname in LOOPBACK:
        return bool(settings.SIGN_IN_PROVIDERS_ON_LOOPBACK)
    return parts.scheme == "https" and bool(parts.hostname)


def described(provider: SignInProvider) -> dict[str, str]:
    """Where the provider's addresses are. Raises ProviderUnavailable, ProviderRefusedSignIn."""
    base = provider.issuer.rstrip("/")
    told = _json("GET", f"{base}/.well-known/openid-configuration")
    names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    if told.get("issuer") != provider.issuer:
        raise ProviderRefusedSignIn(because="issuer")
    addresses = {name: str(told.get(name, "")) for name in names}
    if not all(is_allowed_address(address) for address in addresses.values()):
        raise ProviderRefusedSignIn(because="address")
    return addresses


def address_to_ask(provider: SignInProvider, *, pending: Pending, back: str) -> str:
    """Where the browser goes to prove who sits there."""
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": back,
        "scope": "openid",
        "state": pending.state,
        "nonce": pending.nonce,
        "code_challenge": pending.challenge,
        "code_challenge_method": "S256",
    }
    where = described(provider)["authorization_endpoint"]
    return f"{where}{'&' if '?' in where else '?'}{urlencode(asked)}"


def claims_for(
    provider: SignInProvider, *, code: str, pending: Pending, back: str
) -> dict[str, Any]:
    """Who the provider says it is, proved by its signature.

    Raises ProviderUnavailable, ProviderRefusedSignIn.
    """
    addresses = described(provider)
    told = _json(
        "POST",
        addresses["token_endpoint"],
        data={
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "code_verifier": pending.verifier,
        },
        auth=httpx.BasicAuth(provider.client_id, provider.client_secret),
    )
    keys = _json("GET", addresses["jwks_uri"])
    return checked_claims(provider, str(told.get("id_token", "")), keys=keys, nonce=pending.nonce)


def checked_claims(
    provider: SignInProvider, token: str, *, keys: dict[str, Any], nonce: str
) -> dict[str, Any]:
    """The claims of a token that is theirs, for us, of now, and of this sign-in.

    Raises ProviderRefusedSignIn.
    """
    registry = jwt.JWTClaimsRegistry(
        now=int(clock.real_now().timestamp()),
        leeway=LEEWAY_SECONDS,
        iss={"essential": True, "value": provider.issuer},
        aud={"essential": True, "value": provider.client_id},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    try:
        found = jwt.decode(token, KeySet.import_key_set(keys), algorithms=ALGORITHMS)  # type: ignore[arg-type]  # what the provider published
        registry.validate(found.claims)
    except (JoseError, ValueError, TypeError, KeyError) as trouble:
        raise ProviderRefusedSignIn(because=type(trouble).__name__) from None
    parties = found.claims["aud"]
    if (
        isinstance(parties, list)
        and len(parties) > 1
        and found.claims.get("azp") != provider.client_id
    ):
        raise ProviderRefusedSignIn(because="azp")
    return dict(found.claims)


def had_two_factors(provider: SignInProvider, claims: dict[str, Any]) -> bool:
    """Whether acr or amr holds a value that the hospital counts as two factors."""
    methods = claims.get("amr")
    told = {claims.get("acr"), *(methods if isinstance(methods, list) else [])}
    return not told.isdisjoint(provider.strong_values)


def _json(method: str, url: str, **said: Any) -> dict[str, Any]:
    """One call and its JSON object. Errors leave without their cause: it would hold secrets."""
    if not is_allowed_address(url):
        raise ProviderRefusedSignIn(because="address")
    try:
        with httpx.Client(timeout=settings.PROVIDER_TIMEOUT_SECONDS, trust_env=False) as client:
            answer = client.request(method, url, **said)
    except httpx.HTTPError:
        raise ProviderUnavailable from None
    if answer.status_code >= 500:
        raise ProviderUnavailable
    try:
        told = answer.json() if len(answer.content) <= LARGEST_ANSWER else None
    except ValueError:
        told = None
    if answer.status_code != 200 or not isinstance(told, dict):
        raise ProviderRefusedSignIn(because=f"http {answer.status_code}")
    return told
