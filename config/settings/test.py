"""The test suite: SQLite by default, PostgreSQL where DATABASE_URL names it."""

from config import env
from config.settings.base import *  # noqa: F403
from config.settings.base import VAR_DIR

TESTING = True
SECRET_KEY = "only-for-tests-only-for-tests-only-for-tests-0123456789"  # noqa: S105 - no secret
JOBS_SECRET = "only-for-tests-of-jobs-only-for-tests-of-jobs-0123456789"  # noqa: S105 - likewise
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
KEYS_FILE = VAR_DIR / "keys" / "test.json"
WECHAT_API_URL = "http://127.0.0.1:9"  # nobody listens there; tests name their own sandbox
WECHAT_PAY_URL = "http://127.0.0.1:9"
DOCUMENT_CHECK = ""  # only the counter verifies, unless a test opens the port
REQUESTS_A_MINUTE = {"reads": 1_000_000, "commands": 1_000_000, "visitors": 1_000_000}
SMS_URL = "http://127.0.0.1:9"
STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
Q_CLUSTER = {
    "name": "test",
    "orm": "default",
    "sync": False,
    "timeout": 60,
    "retry": 300,
    "broker_class": "common.job_broker.SignedJobs",
}

if env.text("DATABASE_URL", ""):
    DATABASES = {"default": env.postgres(env.text("DATABASE_URL"))}
    DATABASES["default"]["TEST"] = {"NAME": env.text("ZHENCHENG_TEST_DATABASE", "") or None}
else:
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    DATABASES = {"default": env.sqlite(VAR_DIR / "test.sqlite3")}
    DATABASES["default"]["TEST"] = {"NAME": VAR_DIR / "test-suite.sqlite3"}
