"""What every way to run shares. The environment is read here, once."""

from pathlib import Path

from config import env

BASE_DIR = Path(__file__).resolve().parents[2]
VAR_DIR = env.path("ZHENCHENG_VAR", BASE_DIR / "var")

DEBUG = False
SECRET_KEY = ""
ALLOWED_HOSTS: list[str] = []

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_q",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "channels",
    "common",
    "hospitals",
    "accounts",
    "patients",
    "clinic",
    "cards",
    "papers",
    "notifications",
    "payments",
    "booking",
    "visits",
    "queueing",
    "results",
    "pharmacy",
    "inpatient",
    "journey",
    "records",
    "interop",
    "rehearsal",
    "config",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "common.middleware.ContentSecurityPolicy",
    "accounts.refusals.NoteRefusals",
    "common.middleware.BoundedBody",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "accounts.authentication.PageAccounts",
    "accounts.at_device.DeviceSessions",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "visits.middleware.AskForReason",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "common.pages.screen_context",
            ],
        },
    }
]

DATABASES: dict[str, dict[str, object]] = {"default": env.sqlite(VAR_DIR / "db.sqlite3")}
AUTH_USER_MODEL = "accounts.Account"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
WHITENOISE_USE_FINDERS = True  # the apps' own files, without a copy that can grow old

SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_HTTPONLY = False  # htmx sends it back in a header
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
LOGIN_URL = "/staff/sign-in/"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username"]},
    },
]

CACHES: dict[str, dict[str, object]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "common_cache",
    }
}

CACHE_PATIENCE = {"socket_timeout": 1.0, "socket_connect_timeout": 1.0}  # Redis that hangs

CHANNEL_LAYERS: dict[str, dict[str, object]] = {
    "default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}
}
LIVE_WATCH_SECONDS = 8.0  # how old "they may follow" grows where nothing happens; asked each second
LIVE_POLL_SECONDS = 0.1  # how often a web process without Redis looks for new events

Q_CLUSTER = {
    "name": "zhencheng",
    "orm": "default",
    "workers": 1,
    "timeout": 60,
    "retry": 300,
    "max_attempts": 3,
    "ack_failures": True,
    "catch_up": False,
    "save_limit": -1,
    "queue_limit": 10,
    "bulk": 5,
    "poll": 0.5,
    "broker_class": "common.job_broker.SignedJobs",
    "cached": 60,  # results: a minute in the cache, never pickled into a table
}
JOBS_SECRET = ""  # signs the rows of jobs; not SECRET_KEY, so that one leak is not two

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["common.http.StrictJSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.authentication.TokenAuthentication"],
    "DEFAULT_THROTTLE_CLASSES": ["accounts.throttles.EveryRequest"],
    "EXCEPTION_HANDLER": "common.problems.answer_problem",
    "DEFAULT_PAGINATION_CLASS": "common.pagination.NewestFirst",
    "PAGE_SIZE": 20,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "NUM_PROXIES": env.whole("ZHENCHENG_PROXIES", 0),  # how many of ours name the caller's address
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}

REQUESTS_A_MINUTE = {  # what no person does by hand; an address may be a whole hospital's
    "reads": env.whole("ZHENCHENG_READS_A_MINUTE", 600),
    "commands": env.whole("ZHENCHENG_COMMANDS_A_MINUTE", 300),
    "visitors": env.whole("ZHENCHENG_VISITORS_A_MINUTE", 12_000),
}

SPECTACULAR_SETTINGS = {
    "TITLE": "诊程 Zhencheng",
    "DESCRIPTION": "The whole way of a patient through a hospital.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {  # choices that several outputs share need one name
        "PaymentStatusEnum": "payments.models.PaymentOrder.Status",
        "ReportStatusEnum": "results.models.ReportVersion.Status",
    },
}

KNOX_TOKEN_MODEL = "accounts.Token"  # noqa: S105 - a table
MIGRATION_MODULES = {"knox": None}  # its own table would only stand beside ours, and be empty
REST_KNOX = {"TOKEN_TTL": None, "AUTO_REFRESH": False}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"ids": {"()": "common.logs.IdsOnly"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "ids"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
}

KEYS_FILE = env.path("ZHENCHENG_KEYS_FILE", VAR_DIR / "keys" / "master.json")
KEY_PROVIDER = env.text("ZHENCHENG_KEY_PROVIDER", "common.crypto_provider.FileKeys")
CLOCK_FILE = env.text("ZHENCHENG_CLOCK_FILE", "")  # rehearsal alone may move the clock
WECHAT_API_URL = env.text("ZHENCHENG_WECHAT_API_URL", "https://api.weixin.qq.com")
WECHAT_PAY_URL = env.text("ZHENCHENG_WECHAT_PAY_URL", "https://api.mch.weixin.qq.com")
SMS_URL = env.text("ZHENCHENG_SMS_URL", "")  # the SMS platform; without one no code can be sent
PUBLIC_URL = env.text("ZHENCHENG_PUBLIC_URL", "http://127.0.0.1:8000")
SHELL_PAY_URL = env.text("ZHENCHENG_SHELL_PAY_URL", "")  # the payment sheet outside WeChat
PROVIDER_TIMEOUT_SECONDS = 5.0
SIGN_IN_PROVIDERS_ON_LOOPBACK = True  # a stand-in; production refuses it
DOCUMENT_CHECK = env.text("ZHENCHENG_DOCUMENT_CHECK", "")  # a name of patients.checking.PROVIDERS
DOCUMENT_CHECK_URL = env.text("ZHENCHENG_DOCUMENT_CHECK_URL", "")
MLLP_HOST = env.text("ZHENCHENG_MLLP_HOST", "127.0.0.1")  # where HL7 v2 senders connect
MLLP_PORT = env.whole("ZHENCHENG_MLLP_PORT", 2575)
PAPERS_EXTRA_FONTS = env.listed("ZHENCHENG_PAPERS_EXTRA_FONTS")
PAPERS_SIGNING_KEY = env.path("ZHENCHENG_PAPERS_SIGNING_KEY", VAR_DIR / "keys" / "seal-key.pem")
PAPERS_SIGNING_CERTIFICATE = env.path(
    "ZHENCHENG_PAPERS_SIGNING_CERTIFICATE", VAR_DIR / "keys" / "seal-certificate.pem"
)
PAPERS_CHAIN_CERTIFICATES = env.listed("ZHENCHENG_PAPERS_CHAIN_CERTIFICATES")
PAPERS_RETIRED_CERTIFICATES = env.listed("ZHENCHENG_PAPERS_RETIRED_CERTIFICATES")
PAPERS_DEMONSTRATION_SEAL = True
DEMONSTRATION_FILE = ""  # logins that the first page shows; development alone has them
SHOWN_BANNER = ""  # a line at the top of every page: what kind of installation this is
