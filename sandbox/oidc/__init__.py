"""A hospital's own sign-in service (统一身份认证), by OpenID Connect: a stand-in with faults."""
