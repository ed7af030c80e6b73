"""How the OpenAPI document says who asks."""

from drf_spectacular.authentication import SessionScheme
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import build_bearer_security_scheme_object


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # its registry has no types
    """`Authorization: Token …`."""

    target_class = "accounts.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        """The header."""
        return build_bearer_security_scheme_object("Authorization", token_prefix="Token")  # noqa: S106 - a scheme


class PageScheme(SessionScheme):  # type: ignore[no-untyped-call]  # likewise
    """The session of a page, with its CSRF token."""

    target_class = "accounts.authentication.PageAuthentication"
    name = "page"
