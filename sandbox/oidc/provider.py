"""One provider: discovery, authorization code with PKCE, signed ID tokens; and what goes wrong."""

import asyncio
import base64
import hashlib
import secrets
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

ALGORITHM = "RS256"
GOOD_FOR_SECONDS = 300
SLOW_SECONDS = 3.0

FAULTS = {
    "bad_signature": "the ID token is signed by a key that the provider does not publish",
    "wrong_nonce": "the ID token answers another sign-in",
    "expired": "the ID token was good until an hour ago",
    "wrong_audience": "the ID token is for another client",
    "wrong_issuer": "the ID token is somebody else's",
    "slow": f"the token call waits {SLOW_SECONDS} s",
    "http_500": "the token call answers 500",
}


@dataclass
class OidcProvider:
    """Who is signed in there, which clients it knows, and the fault that is on."""

    client_id: str = "zhencheng"
    client_secret: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    issuer: str = ""  # known once it listens
    claims: dict[str, Any] = field(default_factory=dict)  # of the person at its keyboard
    fault: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def app(self) -> Starlette:
        """Its addresses."""
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self.describe),
                Route("/authorize", self.authorize),
                Route("/token", self.redeem, methods=["POST"]),
                Route("/keys", self.keys),
            ]
        )

    async def describe(self, _: Request) -> Response:
        """GET /.well-known/openid-configuration."""
        return JSONResponse(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "id_token_signing_alg_values_supported": [ALGORITHM],
            }
        )

    async def keys(self, _: Request) -> Response:
        """GET /keys: the public half."""
        return JSONResponse(KeySet([self.key]).as_dict(private=False))

    async def authorize(self, request: Request) -> Response:
        """GET /authorize: the person is signed in already, and comes back with a code."""
        asked = dict(request.query_params)
        if asked.get("client_id") != self.client_id or asked.get("code_challenge_method") != "S256":
            return JSONResponse({"error": "invalid_request"}, status_code=400)
        code = secrets.token_urlsafe(24)
        self.codes[code] = asked
        back = urlencode({"code": code, "state": asked.get("state", "")})
        return RedirectResponse(f"{asked['redirect_uri']}?{back}", status_code=302)

    async def redeem(self, request: Request) -> Response:
        """POST /token: a code, once, by the client that holds secret and verifier."""
        said = {name: str(value) for name, value in (await request.form()).items()}
        if self.fault == "slow":
            await asyncio.sleep(SLOW_SECONDS)
        if self.fault == "http_500":
            return Response(status_code=500)
        asked = self.codes.pop(said.get("code", ""), None)
        wanted = f"{self.client_id}:{self.client_secret}".encode()
        given = request.headers.get("authorization", "")
        if given != f"Basic {base64.b64encode(wanted).decode()}":
            return JSONResponse({"error": "invalid_client"}, status_code=401)
        if asked is None or not _proves(asked, said):
            return JSONResponse({"error": "invalid_grant"}, status_code=400)
        return JSONResponse(
            {
                "access_token": secrets.token_urlsafe(16),
                "token_type": "Bearer",
                "id_token": self.id_token(asked.get("nonce", "")),
            }
        )

    def id_token(self, nonce: str) -> str:
        """Who it is, signed; or what the fault makes of it."""
        now = int(time.time()) - (7200 if self.fault == "expired" else 0)
        claims = {
            "iss": "https://else.example" if self.fault == "wrong_issuer" else self.issuer,
            "aud": "another" if self.fault == "wrong_audience" else self.client_id,
            "iat": now,
            "exp": now + GOOD_FOR_SECONDS,
            "nonce": "another" if self.fault == "wrong_nonce" else nonce,
            "sub": "a-subject",
            **self.claims,
        }
        key = self.key
        if self.fault == "bad_signature":
            key = RSAKey.generate_key(2048, {"kid": "one"})
        return jwt.encode({"alg": ALGORITHM, "kid": "one"}, claims, key)


def _proves(asked: dict[str, str], said: dict[str, str]) -> bool:
    """PKCE (RFC 7636), and the same address to come back to."""
    digest = hashlib.sha256(said.get("code_verifier", "").encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return (
        challenge == asked.get("code_challenge")
        and said.get("redirect_uri") == asked.get("redirect_uri")
        and said.get("grant_type") == "authorization_code"
    )
