"""A real hospital. Whatever belongs to a demonstration is refused at the boot."""

from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from config import env
from config.settings.base import *  # noqa: F403
from config.settings.base import (
    CACHE_PATIENCE,
    DOCUMENT_CHECK,
    DOCUMENT_CHECK_URL,
    SMS_URL,
    WECHAT_API_URL,
    WECHAT_PAY_URL,
)

OFFICIAL_HOSTS = frozenset(
    {"api.weixin.qq.com", "api2.weixin.qq.com", "api.mch.weixin.qq.com", "api2.mch.weixin.qq.com"}
)
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

# Each SMS platform has a protocol of its own; whoever adds one here has taught `accounts.sms` to
# speak it. None ships, so without a line here no text message leaves a real hospital.
SMS_HOSTS: frozenset[str] = frozenset()

SECRET_KEY = env.text("ZHENCHENG_SECRET_KEY")
JOBS_SECRET = env.text("ZHENCHENG_JOBS_SECRET")
ALLOWED_HOSTS = env.listed("ZHENCHENG_HOSTS")
DATABASES = {"default": env.postgres(env.text("DATABASE_URL"))}
REDIS_URL = env.text("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": CACHE_PATIENCE,
    }
}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL]},
    }
}
KEYS_FILE = Path(env.text("ZHENCHENG_KEYS_FILE"))
PUBLIC_URL = env.text("ZHENCHENG_PUBLIC_URL")
PAPERS_SIGNING_KEY = Path(env.text("ZHENCHENG_PAPERS_SIGNING_KEY"))
PAPERS_SIGNING_CERTIFICATE = Path(env.text("ZHENCHENG_PAPERS_SIGNING_CERTIFICATE"))
PAPERS_DEMONSTRATION_SEAL = False
SHELL_PAY_URL = ""
SIGN_IN_PROVIDERS_ON_LOOPBACK = False
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


def refuse_strange_sms() -> None:
    """Stop the boot where text messages would leave to an address that nobody has listed."""
    parts = urlsplit(SMS_URL)
    if SMS_URL and (parts.scheme != "https" or parts.hostname not in SMS_HOSTS):
        raise ImproperlyConfigured("ZHENCHENG_SMS_URL is not an address of SMS_HOSTS.")


def refuse_demonstration() -> None:
    """Stop the boot where anything belongs to a demonstration or a test."""
    for name, url in (("WECHAT_API_URL", WECHAT_API_URL), ("WECHAT_PAY_URL", WECHAT_PAY_URL)):
        parts = urlsplit(url)
        if parts.scheme != "https" or parts.hostname not in OFFICIAL_HOSTS:
            raise ImproperlyConfigured(f"ZHENCHENG_{name} is not an official address.")
    if env.text("ZHENCHENG_CLOCK_FILE", ""):
        raise ImproperlyConfigured("The clock cannot be moved in production.")
    if len(SECRET_KEY) < 50 or "development" in SECRET_KEY:
        raise ImproperlyConfigured("ZHENCHENG_SECRET_KEY must be 50 characters of chance or more.")
    if len(JOBS_SECRET) < 50 or JOBS_SECRET == SECRET_KEY:
        raise ImproperlyConfigured("ZHENCHENG_JOBS_SECRET must be 50 characters of its own.")
    if not PUBLIC_URL.startswith("https://"):
        raise ImproperlyConfigured("ZHENCHENG_PUBLIC_URL must begin with https://.")
    if not ALLOWED_HOSTS:
        raise ImproperlyConfigured("ZHENCHENG_HOSTS names no host.")


def refuse_mock_check() -> None:
    """Stop the boot where documents would be verified by the sandbox's mock."""
    if DOCUMENT_CHECK == "mock" or urlsplit(DOCUMENT_CHECK_URL).hostname in LOOPBACK:
        raise ImproperlyConfigured("ZHENCHENG_DOCUMENT_CHECK is the sandbox's mock.")


refuse_demonstration()
refuse_mock_check()
refuse_strange_sms()
