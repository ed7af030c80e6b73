"""Production's processes and databases, with providers on loopback and generated keys."""

from config import env
from config.settings.base import *  # noqa: F403
from config.settings.base import CACHE_PATIENCE, REST_FRAMEWORK, VAR_DIR

SECRET_KEY = env.text("ZHENCHENG_SECRET_KEY")
JOBS_SECRET = env.secret("ZHENCHENG_JOBS_SECRET", VAR_DIR / "keys" / "jobs-secret")
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
DATABASES = {"default": env.postgres(env.text("DATABASE_URL"))}
REDIS_URL = env.text("REDIS_URL", "redis://127.0.0.1:6379/0")
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
DOCUMENT_CHECK = env.text("ZHENCHENG_DOCUMENT_CHECK", "mock")
# A whole town comes from one address, and its doctors work faster than the clock on the wall.
REQUESTS_A_MINUTE = {"reads": 10_000_000, "commands": 10_000_000, "visitors": 10_000_000}
SHOWN_BANNER = "演练环境，不是真实医院"
REST_FRAMEWORK = {**REST_FRAMEWORK}
