"""Settings, all of them from the environment; `docs/operations.md` lists the variables.

Outside a container the `leadhub` command records what its embedded servers need in LEADHUB_HOME, and
`leadhub.embedded.environment` reads it back, so that every command of one installation sees the same servers.
"""

import os
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONCE, NONE, SELF

from leadhub.embedded.environment import read_environment

BASE_DIR = Path(__file__).resolve().parent.parent
ENVIRONMENT = read_environment()


def env(name: str, default: str = "") -> str:
    """Return a variable of the process, else of the installation's home, else the default."""
    return os.environ.get(name) or ENVIRONMENT.get(name) or default


def env_list(name: str) -> list[str]:
    """Return the words of a variable, parted by commas or blanks."""
    return env(name).replace(",", " ").split()


DEBUG = env("LEADHUB_DEBUG") == "1"
INSECURE_SECRET_KEY = "insecure-until-the-environment-says-otherwise"  # noqa: S105 (refused when serving)
SECRET_KEY = env("LEADHUB_SECRET_KEY", INSECURE_SECRET_KEY)
SECRET_KEY_FALLBACKS = env_list("LEADHUB_SECRET_KEY_FALLBACKS")
# What is sealed in the database (leadhub.lib.sealing) is sealed by the first and opened by any.
ENCRYPTION_KEYS = [*env_list("LEADHUB_ENCRYPTION_KEYS"), SECRET_KEY, *SECRET_KEY_FALLBACKS]
PUBLIC_URL = env("LEADHUB_PUBLIC_URL", "http://localhost:8000").rstrip("/")
# The origin of the event streams. `{host}` stands for the host that the browser asked (`leadhub up` has two ports).
LIVE_URL = env("LIVE_URL", PUBLIC_URL).rstrip("/")
ALLOWED_HOSTS = [host for host in env("LEADHUB_ALLOWED_HOSTS", "*").split(",") if host]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env("LEADHUB_BEHIND_PROXY") == "1" else None
TRUSTED_PROXIES = 1 if env("LEADHUB_BEHIND_PROXY") == "1" else 0
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https://")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "template_partials",
    "leadhub.tenancy",
    "leadhub.accounts",
    "leadhub.leads",
    "leadhub.work",
    "leadhub.delivery",
    "leadhub.live",
    "leadhub.web",
    "capture",
    "scoring",
    "routing",
    "nurture",
    "reporting",
    "leadhub.line",
    "leadhub.webhooks",
    "leadhub.desk",
    "leadhub.demo",
]

MIDDLEWARE = [
    "leadhub.health.middleware.HealthMiddleware",
    "leadhub.web.nul.RefuseNul",
    "leadhub.web.large_posts.FewLargePosts",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "leadhub.urls"
WSGI_APPLICATION = "leadhub.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "leadhub.web.context.shell",
            ],
            "builtins": ["leadhub.web.templatetags.leadhub"],
        },
    }
]

# The app's role on `default`; the owner's, for migrations and tests only, on `owner` (ADR 3).
_CONNECTION: dict[str, Any] = {"CONN_MAX_AGE": 3600, "CONN_HEALTH_CHECKS": True}


def database(name: str, default: str) -> dict[str, Any]:
    """Read a database URL into Django's settings."""
    return {**dj_database_url.parse(env(name, default)), **_CONNECTION}


DATABASES: dict[str, dict[str, Any]] = {"default": database("DATABASE_URL", "postgres://leadhub_app@localhost/leadhub")}
if env("DATABASE_OWNER_URL"):
    DATABASES["owner"] = database("DATABASE_OWNER_URL", "")
    DATABASES["default"]["TEST"] = {"MIRROR": "owner"}
# A transaction-pooling PgBouncer carries no server-side cursors, nor options of a connection (leadhub.tenancy.bounds).
BEHIND_PGBOUNCER = env("LEADHUB_PGBOUNCER") == "1"
for _database in DATABASES.values():
    _database["DISABLE_SERVER_SIDE_CURSORS"] = BEHIND_PGBOUNCER
# How long one statement may take (leadhub.tenancy.bounds): in web and live, and in workers.
STATEMENT_SECONDS = float(env("LEADHUB_STATEMENT_TIMEOUT", "30"))
JOB_STATEMENT_SECONDS = float(env("LEADHUB_JOB_STATEMENT_TIMEOUT", "600"))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env("REDIS_URL", "redis://localhost:6379/0")
# Redis is a cache and a doorbell: nobody waits for it longer than this.
REDIS_TIMEOUT_SECONDS = 0.1
CACHES = {"default": {"BACKEND": "leadhub.lib.cache.FailOpenRedisCache", "LOCATION": REDIS_URL, "KEY_PREFIX": "json"}}
SESSION_ENGINE = "django.contrib.sessions.backends.db"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "leadhub.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_FORMS = {
    "login": "leadhub.accounts.login_forms.LoginForm",
    "reset_password": "leadhub.delivery.reset_links.ResetPasswordForm",
    "add_email": "leadhub.accounts.login_forms.AddEmailForm",
}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"  # `create_login` vouches for invited and founding addresses
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True  # of a new password, address, or two-step log-in, in case it was somebody else
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # nobody signs up here: a stranger is not written to
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_RATE_LIMITS = {"login_failed": "30/m/ip,5/5m/key", "reset_password": "20/m/ip,5/m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES  # else all users share the proxy's rate limit
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # an open browser is not enough to take a log-in over by another address
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "LeadHub"
MFA_ADAPTER = "leadhub.accounts.second_steps.SecondStepAdapter"

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = env("LEADHUB_STATIC_ROOT", str(BASE_DIR / "staticfiles"))
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

# Once a browser has come by https it never asks by http again.
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if PUBLIC_URL.startswith("https://") else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF, LIVE_URL.replace("{host}", "*")],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
        "form-action": [SELF],
    }
}

EMAIL_BACKEND = "leadhub.delivery.channels.smtp.KeptSmtpBackend"
EMAIL_HOST = env("SMTP_HOST", "localhost")
EMAIL_PORT = int(env("SMTP_PORT", "1025"))
EMAIL_HOST_USER = env("SMTP_USER")
EMAIL_HOST_PASSWORD = env("SMTP_PASSWORD")
EMAIL_USE_TLS = env("SMTP_TLS") == "1"
EMAIL_TIMEOUT = 20
# The maildir of the local mail sink, where one takes all mail: its inbox page is then part of the product.
MAIL_FOLDER = env("LEADHUB_MAIL_FOLDER")
DEFAULT_FROM_EMAIL = env("LEADHUB_MAIL_FROM", "LeadHub <no-reply@leadhub.localhost>")
# How many mails of sequences one organization may write in a day; 0: any number. Its own rules may say less.
MAILS_A_DAY = int(env("LEADHUB_MAILS_A_DAY", "0"))
# The servers whose Authentication-Results (RFC 8601) are believed, by the name that they give themselves there.
MAIL_AUTHENTICATED_BY = [name.lower() for name in env_list("LEADHUB_MAIL_AUTHENTICATED_BY")]

# Needed to read /metrics when it is set; unset, /metrics answers only what came through no proxy.
METRICS_TOKEN = env("LEADHUB_METRICS_TOKEN")

# Hosts that outgoing calls (leadhub.lib.http_client) may reach though they are private, and by http.
PRIVATE_HOSTS = frozenset(name.casefold() for name in env_list("LEADHUB_PRIVATE_HOSTS"))

FORM_RATE = env("LEADHUB_FORM_RATE", "60/m")
API_RATE = env("LEADHUB_API_RATE", "600/m")
FORM_MAX_BYTES = 256 * 1024
DOWNLOADS_AT_ONCE = int(env("LEADHUB_DOWNLOADS_AT_ONCE", "2"))
UPLOADS_AT_ONCE = int(env("LEADHUB_UPLOADS_AT_ONCE", "1"))
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "leadhub.web.uploads.BoundedFileUploadHandler",
]

REST_FRAMEWORK = {
    "EXCEPTION_HANDLER": "leadhub.api.problems.handle_exception",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["leadhub.api.parsing.DeepJSONParser", "rest_framework.parsers.FormParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "leadhub.api.schema.GuardedSchema",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "LeadHub",
    "VERSION": "1",
    "DESCRIPTION": "Create, read and work leads. Send `Authorization: Bearer lh_…` with every call. "
    "A POST with an `Idempotency-Key` may be repeated. Errors are problem details (RFC 9457).",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": [],
    "SERVE_AUTHENTICATION": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "leadhub.api.schema.describe_what_is_shared",
    ],
    "ENUM_NAME_OVERRIDES": {
        "Disposition": "leadhub.leads.models.DispositionCode",
        "Intent": "leadhub.leads.models.Intent",
        "LeadStage": "leadhub.leads.models.Stage",
        "DealStage": "leadhub.leads.models.OpportunityStage",
        "AssignmentState": "routing.models.Assignment.State",
        "AssignmentReason": "routing.models.Assignment.Reason",
        "RejectReason": "routing.models.Assignment.RejectReason",
        "VersionState": "leadhub.leads.versions.VersionState",
        "EventKind": "leadhub.leads.models.EventKind",
        "SequenceSwitch": "leadhub.api.nurture_shapes.SWITCHES",
        "SequenceState": "nurture.models.Sequence.State",
        "EnrollmentState": "nurture.models.Enrollment.State",
        "EnrollmentOrigin": "nurture.models.Enrollment.Origin",
        "StepKind": "nurture.models.Step.Kind",
        "TaskKind": "leadhub.leads.models.TaskKind",
        "PlannedKind": "leadhub.api.tasks.PLANNED",
        "WebhookState": "leadhub.webhooks.models.Endpoint.State",
        "WebhookSwitch": "leadhub.api.webhook_shapes.STATES",
        "DeliveryState": "leadhub.delivery.models.Delivery.State",
        "WebhookEventType": "leadhub.webhooks.event_types.EventType",
        "MoveKind": "nurture.models.EnrollmentMove.Kind",
    },
}
