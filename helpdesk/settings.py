"""Settings, read once from the environment (or from `var/runtime.env`, which the embedded services write)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import structlog
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from helpdesk.runtime.logs import discreet

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("HELPDESK_DATA_DIR", BASE_DIR / "var"))


def _read_runtime_env() -> None:
    """What the running embedded services say about themselves; the environment stands over it."""
    path = DATA_DIR / "runtime.env"
    if "DATABASE_URL" in os.environ or not path.is_file():
        return
    for line in path.read_text().splitlines():
        name, separator, value = line.partition("=")
        if separator and not name.startswith("#"):
            os.environ.setdefault(name.strip(), value.strip())


_read_runtime_env()


def env(name: str, default: str = "") -> str:
    """A setting from the environment."""
    return os.environ.get(name, default)


def env_flag(name: str, *, default: bool) -> bool:
    """A yes-or-no setting: 1, true, yes, on."""
    return env(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


def database(url: str) -> dict[str, Any]:
    """Django's settings for `postgresql://user:password@host:port/name?option=value`."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL must start with postgresql://.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or 5432),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,  # PgBouncer in transaction mode
        "OPTIONS": {"connect_timeout": 5, "application_name": "helpdesk"},
    }


DEBUG = env_flag("HELPDESK_DEBUG", default=False)
DATABASE_URL = env("DATABASE_URL", "postgresql://helpdesk_app@127.0.0.1:5432/helpdesk")
#: Where the services are not configured, commands that need them say so in one sentence.
HAS_SERVICES = "DATABASE_URL" in os.environ
#: The role that owns the tables; only `migrate` uses it.
DATABASE_OWNER_URL = env("DATABASE_OWNER_URL", DATABASE_URL)
REDIS_URL = env("REDIS_URL", "redis://127.0.0.1:6379/0")
REDIS_PREFIX = env("REDIS_PREFIX", "helpdesk:")
SECRET_KEY = env(
    "SECRET_KEY", "" if HAS_SERVICES else "commands-that-need-no-services-sign-nothing-" + "x" * 20
)
ENCRYPTION_KEYS = [key for key in env("HELPDESK_ENCRYPTION_KEYS").split(",") if key]

SCHEME = env("HELPDESK_SCHEME", "http")
BASE_DOMAIN = env("HELPDESK_BASE_DOMAIN", "localhost")
PORT = int(env("PORT", "8000"))
SHOW_PORT = env_flag("HELPDESK_SHOW_PORT", default=True)
BARE_HOSTS = {BASE_DOMAIN, "127.0.0.1", "localhost", "[::1]"}
#: Hosts are organizations: an unknown one gets a page that says so, and nothing else.
ALLOWED_HOSTS = ["*"]
CSRF_TRUSTED_ORIGINS = [origin for origin in env("HELPDESK_TRUSTED_ORIGINS").split(",") if origin]
WEB_THREADS = int(env("HELPDESK_WEB_THREADS", "4"))

#: The installation's own stop: no organization's AI runs while it is set.
AI_STOPPED = env_flag("HELPDESK_AI_STOPPED", default=False)
#: The only hosts that an AI service may be at; HELPDESK_AI_ALLOWED_HOSTS replaces the list.
AI_ALLOWED_HOSTS = env("HELPDESK_AI_ALLOWED_HOSTS", "api.openai.com,api.mistral.ai,openrouter.ai").split(",")
#: Private networks that a host typed by a person may still be in (CIDR, comma-separated): closed networks, tests.
OUTWARD_OPEN_NETWORKS = [network for network in env("HELPDESK_OUTWARD_OPEN_NETWORKS").split(",") if network]
#: A file that the backup job touches when it is done; the weekly security check reads its time.
BACKUP_STAMP = env("HELPDESK_BACKUP_STAMP")
UNDO_SECONDS = int(env("HELPDESK_UNDO_SECONDS", "10"))
#: Off where the database is behind a pooler that knows no prepared statements.
PREPARED_STATEMENTS = env_flag("HELPDESK_PREPARED_STATEMENTS", default=True)
#: How long the desk's counts may be remembered when no ticket changes; 0 counts at each page.
COUNTS_SECONDS = int(env("HELPDESK_COUNTS_SECONDS", "30"))

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.admin",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "anymail",
    "csp",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "guardian",
    "rest_framework",
    "helpdesk.runtime",
    "helpdesk.tenancy",
    "helpdesk.people",
    "helpdesk.live",
    "helpdesk.admin",
    "helpdesk.portal",
    "helpdesk.api",
    "governance",
    "tickets",
    "aiassist",
    "helpdesk.privacy",  # last: its ready() loads every room's declarations
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "helpdesk.tenancy.middleware.OrganizationMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "helpdesk.people.middleware.MembershipMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "helpdesk.people.second_factor.SecondFactorMiddleware",
    "helpdesk.people.agreement_first.AgreementMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "helpdesk.urls"
WSGI_APPLICATION = "helpdesk.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "helpdesk.people.context.desk",
                "tickets.context.desk_frame",
            ],
        },
    }
]

DATABASES: dict[str, Any] = {"default": database(DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES: dict[str, Any] = {
    "default": {
        "BACKEND": "helpdesk.live.cache.SoftRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": REDIS_PREFIX + "cache",
        "OPTIONS": {"socket_timeout": 0.5, "socket_connect_timeout": 0.5},
    }
}

# Sign-in
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
    "guardian.backends.ObjectPermissionBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
ANONYMOUS_USER_NAME = None  # guardian would make a user of this name
ACCOUNT_ADAPTER = "helpdesk.people.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # people arrive by an invitation to their address
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # nobody gets mail about an account they do not have
ACCOUNT_FORMS = {
    "login": "helpdesk.people.forms.SignInForm",
    "change_password": "helpdesk.people.forms.NewPasswordForm",
    "reset_password_from_key": "helpdesk.people.forms.MailedPasswordForm",
    "reauthenticate": "helpdesk.people.forms.AgainForm",
    "reset_password": "helpdesk.people.forms.MembersResetPasswordForm",
}
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "10/m/ip,3/h/key",
}
ACCOUNT_SESSION_REMEMBER = True
MFA_ADAPTER = "helpdesk.people.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # the address is proved by the invitation, not by allauth's own mail
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = SCHEME == "http"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = reverse_lazy("account_login")

# Sessions: in the database, so that a stopped Valkey signs nobody out.
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SCHEME == "https"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "django.views.csrf.csrf_failure"
SECURE_SSL_REDIRECT = False  # the proxy in front does it
SILENCED_SYSTEM_CHECKS = ["security.W008"]  # which asks for that redirect
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SCHEME == "https" else None
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if SCHEME == "https" else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SCHEME == "https"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

_CSP: dict[str, Any] = {
    "default-src": [SELF],
    "script-src": [SELF],
    "style-src": [SELF],
    "img-src": [SELF, "data:"],
    "font-src": [SELF],
    "connect-src": [SELF],
    "object-src": [NONE],
    "base-uri": [SELF],
    "form-action": [SELF],
    "frame-ancestors": [NONE],
}
CONTENT_SECURITY_POLICY = {"DIRECTIVES": _CSP}

# Words and time
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("de", _("German")), ("fr", _("French")), ("es", _("Spanish"))]
FORMAT_MODULE_PATH = "helpdesk.formats"
LOCALE_PATHS = [BASE_DIR / "helpdesk" / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True

# Files
STATIC_URL = "/static/"
STATIC_ROOT = Path(env("HELPDESK_STATIC_ROOT", str(DATA_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = Path(env("HELPDESK_MEDIA_ROOT", str(DATA_DIR / "media")))
STORAGES: dict[str, Any] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = DEBUG
DATA_UPLOAD_MAX_MEMORY_SIZE = 30 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
MAX_ATTACHMENT_BYTES = 25 * 1024 * 1024

# Mail: a local outbox until EMAIL_URL names a server: smtp://user:password@host:port, smtps:// or smtp+tls:// for TLS.
OUTBOX_DIR = DATA_DIR / "outbox"
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = str(OUTBOX_DIR)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env("HELPDESK_FROM_EMAIL", f"helpdesk@{BASE_DOMAIN}")
if EMAIL_URL := env("EMAIL_URL"):
    _mail = urlsplit(EMAIL_URL)
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = _mail.hostname or "localhost", _mail.port or 25
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
    EMAIL_USE_SSL = _mail.scheme == "smtps"
    EMAIL_USE_TLS = _mail.scheme == "smtp+tls"
#: The page that shows the local outbox exists only while mail goes there.
SHOW_OUTBOX = not EMAIL_URL

# "Set up your own shop" on the bare host: open where somebody tries the product out, else only if it is said.
SIGNUP_OPEN = env("HELPDESK_SIGNUP", "open" if BASE_DOMAIN == "localhost" else "closed") == "open"
#: Prove the address by mail first, wherever mail can be sent.
SIGNUP_CONFIRM = env_flag("HELPDESK_SIGNUP_CONFIRM", default=bool(EMAIL_URL))
#: Who runs this installation: the other party of the processing agreement that owners accept.
OPERATOR_NAME = env("HELPDESK_OPERATOR_NAME", f"the operator of {BASE_DOMAIN}")
OPERATOR_CONTACT = env("HELPDESK_OPERATOR_CONTACT", DEFAULT_FROM_EMAIL)
#: A text file with the operator's own agreement; without one, the text that comes with the product.
AGREEMENT_FILE = env("HELPDESK_AGREEMENT_FILE")

# Celery
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_ROUTES = {"aiassist.*": {"queue": "ai"}, "tickets.mail.*": {"queue": "mail"}}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "unacked_restore_interval": 1,
    "global_keyprefix": REDIS_PREFIX,
    "socket_timeout": 5,
    "socket_connect_timeout": 1,
}
CELERY_BEAT_SCHEDULE = {
    "sweep-mail": {"task": "tickets.mail.sweep_all", "schedule": 15.0, "options": {"expires": 15}},
    "fetch-mailboxes": {"task": "tickets.mail.fetch_all", "schedule": 10.0, "options": {"expires": 10}},
    "sweep-outcomes": {"task": "aiassist.sweep_all", "schedule": 20.0, "options": {"expires": 20}},
    "start-rules": {"task": "governance.start_due_all", "schedule": 300.0, "options": {"expires": 280}},
    "remind-dates": {"task": "governance.remind_all", "schedule": 21_600.0, "options": {"expires": 20_000}},
    "look-at-ourselves": {
        "task": "governance.look_all",
        "schedule": 3600.0,
        "options": {"expires": 3000},
    },
    "check-records": {
        "task": "governance.check_record_all",
        "schedule": 86_400.0,
        "options": {"expires": 80_000},
    },
    "warn-of-budgets": {
        "task": "governance.warn_of_budget_all",
        "schedule": 900.0,
        "options": {"expires": 800},
    },
    "anchor-ledgers": {"task": "governance.anchor_all", "schedule": 3600.0, "options": {"expires": 3000}},
    "sweep-old-outcomes": {
        "task": "aiassist.sweep_all",
        "schedule": 86_400.0,
        "kwargs": {"days": 400},
        "options": {"expires": 80_000},
    },
    "audit-pairs": {"task": "aiassist.audit_pairs_all", "schedule": 86_400.0, "options": {"expires": 80_000}},
    "forget-ai-texts": {"task": "aiassist.forget_all", "schedule": 86_400.0, "options": {"expires": 80_000}},
    "learn": {"task": "aiassist.learn_all", "schedule": 86_400.0, "options": {"expires": 80_000}},
    "settle-instructions": {"task": "aiassist.settle_all", "schedule": 3600.0, "options": {"expires": 3000}},
    "wake-tickets": {"task": "tickets.time.wake_all", "schedule": 60.0, "options": {"expires": 60}},
    "retime-tickets": {"task": "tickets.time.retime_all", "schedule": 3600.0, "options": {"expires": 3000}},
    "tidy-files": {"task": "tickets.files.tidy_all", "schedule": 86_400.0, "options": {"expires": 80_000}},
    "ask-opinions": {
        "task": "tickets.survey.ask_all",
        "schedule": 86_400.0,
        "options": {"expires": 80_000},
    },
    "delete-finished": {
        "task": "tickets.keeping.all",
        "schedule": 86_400.0,
        "options": {"expires": 80_000},
    },
    "sweep-imports": {
        "task": "tickets.knowledge.sweep_all",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "sweep-leaving": {"task": "privacy.sweep_leaving", "schedule": 60.0, "options": {"expires": 60}},
    "mail-notices": {"task": "tickets.notices.mail_all", "schedule": 60.0, "options": {"expires": 60}},
    "weekly-mails": {"task": "people.weekly_all", "schedule": 900.0, "options": {"expires": 800}},
    "learn-topics": {"task": "aiassist.learn_topics_all", "schedule": 3_600.0, "options": {"expires": 3_000}},
    "refresh-passages": {"task": "aiassist.index_all", "schedule": 60.0, "options": {"expires": 60}},
}
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "celerybeat-schedule")

# API
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "helpdesk.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["helpdesk.api.permissions.IsMember"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "helpdesk.api.pagination.NewestFirst",
    "EXCEPTION_HANDLER": "helpdesk.api.errors.problem",
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.UserRateThrottle",
        "rest_framework.throttling.AnonRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {"user": "600/min", "anon": "30/min"},
    "PAGE_SIZE": 50,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Helpdesk API",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
}

# Admin theme
UNFOLD = {
    "SITE_TITLE": _("Rules and records"),
    "SITE_HEADER": _("Rules and records"),
    "SITE_URL": "/",
    "SITE_SYMBOL": "balance",
    "SHOW_VIEW_ON_SITE": True,
    "SHOW_HISTORY": True,
    "ENVIRONMENT": None,
    "DASHBOARD_CALLBACK": "governance.dashboard.home",
    "STYLES": ["/static/css/admin.css"],
    "SIDEBAR": {
        "show_search": False,  # it finds names of pages that stand beside it
        "show_all_applications": False,
        "navigation": "helpdesk.admin.menu.navigation",
    },
}

# Logs: structured, with ids and never with personal data.
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        discreet,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "lines": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processor": structlog.dev.ConsoleRenderer(colors=False)
            if DEBUG
            else structlog.processors.JSONRenderer(),
            "foreign_pre_chain": [
                structlog.stdlib.add_log_level,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.processors.format_exc_info,
                discreet,
            ],
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["stderr"], "level": env("HELPDESK_LOG_LEVEL", "INFO")},
    "loggers": {"django.request": {"level": "ERROR"}, "celery.worker.strategy": {"level": "WARNING"}},
}

if HAS_SERVICES and not SECRET_KEY:
    raise ImproperlyConfigured("SECRET_KEY is not set. Set it to at least 50 random characters.")
if HAS_SERVICES and not ENCRYPTION_KEYS:
    raise ImproperlyConfigured(
        "HELPDESK_ENCRYPTION_KEYS is not set. Set it to a key from: "
        'python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'
    )
