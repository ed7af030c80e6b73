"""`make run`: one machine, SQLite, the sandbox beside it."""

from config import env
from config.settings.base import *  # noqa: F403
from config.settings.base import VAR_DIR

DEBUG = env.whole("ZHENCHENG_DEBUG", 0) == 1
SECRET_KEY = env.text("ZHENCHENG_SECRET_KEY", "development-only-and-never-in-production-0123456789")
JOBS_SECRET = env.secret("ZHENCHENG_JOBS_SECRET", VAR_DIR / "keys" / "jobs-secret")
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
WECHAT_API_URL = env.text("ZHENCHENG_WECHAT_API_URL", "http://127.0.0.1:8790")
WECHAT_PAY_URL = env.text("ZHENCHENG_WECHAT_PAY_URL", "http://127.0.0.1:8790")
SMS_URL = env.text("ZHENCHENG_SMS_URL", "http://127.0.0.1:8790")
SHELL_PAY_URL = env.text("ZHENCHENG_SHELL_PAY_URL", "http://127.0.0.1:8790/phone/pay")
DOCUMENT_CHECK = env.text("ZHENCHENG_DOCUMENT_CHECK", "mock")
DOCUMENT_CHECK_URL = env.text("ZHENCHENG_DOCUMENT_CHECK_URL", "http://127.0.0.1:8790")
DEMONSTRATION_FILE = str(VAR_DIR / "demonstration.json")
SHOWN_BANNER = "演示环境，请勿填写真实信息"

if env.text("DATABASE_URL", ""):
    DATABASES = {"default": env.postgres(env.text("DATABASE_URL"))}
    # An ASGI server keeps a connection for every thread it ever used (stack 1): close each time.
    DATABASES["default"]["CONN_MAX_AGE"] = 0
else:
    VAR_DIR.mkdir(parents=True, exist_ok=True)
