"""Settings: safe defaults, everything that differs between installations from the environment.

Without any variable this is a development installation on the embedded database. Production sets at least
SVET_ENV=production, SVET_SECRET_KEY and SVET_HOSTS; see docs/operations.md.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import structlog
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from svet.config import environment, public

BASE_DIR = Path(__file__).resolve().parents[2]
VAR_DIR = Path(os.environ.get("SVET_VAR", BASE_DIR / "var"))
PRODUCTION = os.environ.get("SVET_ENV", "development") == "production"

DEBUG = environment.flag("SVET_DEBUG", default=False)
SECRET_KEY = os.environ.get("SVET_SECRET_KEY", "")
if not SECRET_KEY:
    if PRODUCTION:
        raise ImproperlyConfigured("SVET_SECRET_KEY must be set in production")
    SECRET_KEY = "development-only-" + "x" * 50
ALLOWED_HOSTS = environment.items("SVET_HOSTS", "localhost,127.0.0.1,[::1],testserver")
CSRF_TRUSTED_ORIGINS = environment.items("SVET_ORIGINS")

INSTALLED_APPS = [
    "svet.config.reference.ReferenceConfig",
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
    "allauth.usersessions",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "django_cotton",
    "django_htmx",
    "csp",
    "svet.surfaces.editor",  # before Wagtail: some of its templates are ours
    "wagtail.users",
    "wagtail.documents",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "wagtail.contrib.typed_table_block",
    "svet.infra",
    "svet.domains.access",
    "svet.domains.customers",
    "svet.domains.supply",
    "svet.domains.tariffs",
    "svet.domains.notifications",
    "svet.domains.accounts",
    "svet.domains.cases",
    "svet.domains.metering",
    "svet.domains.ledger",
    "svet.domains.houses",
    "svet.domains.benefits",
    "svet.domains.billing",
    "svet.domains.payments",
    "svet.domains.debts",
    "svet.domains.offices",
    "svet.domains.content",
    "svet.domains.visits",
    "svet.flows",
    "svet.surfaces.web",
    "svet.surfaces.paper",
    "svet.surfaces.website",
    "svet.surfaces.cabinet",
    "svet.surfaces.desk",
    "svet.surfaces.hall",
    "svet.surfaces.gates",
    "svet.surfaces.console",
]

MIDDLEWARE = [
    "svet.surfaces.web.middleware.RequestContextMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "svet.surfaces.web.kept_pages.KeptPagesMiddleware",
    "svet.surfaces.web.middleware.StrangersGZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "svet.surfaces.web.middleware.ActorMiddleware",
    "svet.surfaces.web.middleware.DoorsMiddleware",
    "svet.surfaces.web.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "svet.config.urls"
WSGI_APPLICATION = "svet.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "svet" / "surfaces" / "web" / "templates"],  # before those of the libraries
        "APP_DIRS": False,
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "svet.surfaces.web.context_processors.site",
            ],
            "builtins": ["django_cotton.templatetags.cotton", "svet.surfaces.web.templatetags.svet"],
        },
    }
]

# Database: the embedded server unless DATABASE_URL names another. Pool size covers the threads of one worker.
POOL_SIZE = int(os.environ.get("SVET_POOL", "8"))
DATABASE_URL = os.environ.get("DATABASE_URL", "")
_database: dict[str, object] = (
    environment.database(DATABASE_URL)
    if DATABASE_URL
    else {
        "NAME": os.environ.get("SVET_DB_NAME", "svet"),
        "USER": "",
        "PASSWORD": "",
        "HOST": "",
        "PORT": "",
        "OPTIONS": {},
    }
)
# Only cursors of `infra.planned` prepare: after so many times a statement is planned once per connection.
_options = {"prepare_threshold": 2} | dict(_database["OPTIONS"])  # type: ignore[call-overload]
if "test" not in sys.argv and "pytest" not in sys.modules:
    _options["pool"] = {"min_size": 1, "max_size": POOL_SIZE, "timeout": 10}
DATABASES = {
    "default": {
        **_database,
        "ENGINE": "svet.infra.database",
        "EMBEDDED_DATA": "" if DATABASE_URL else str(VAR_DIR / "postgres"),
        "EMBEDDED_DATABASE": _database["NAME"],
        "OPTIONS": _options,
        "CONN_MAX_AGE": 0,
        "TEST": {
            "NAME": os.environ.get("SVET_TEST_DB", "test_svet"),
            "TEMPLATE": os.environ.get("SVET_TEST_TEMPLATE") or None,
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "infra_cache"},
    "pages": {  # of each process; whether a page is fresh all ask of the database (decision 0010)
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "TIMEOUT": 3600,
        "OPTIONS": {"MAX_ENTRIES": 400},
    },
}

# People and their sessions.
AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}  # whoever is meant is found by flows/entry.py: account, phone, e-mail
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "svet.surfaces.web.sign_in.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "svet.surfaces.web.sign_in.SignInForm",
    "reauthenticate": "svet.surfaces.web.sign_in.PasswordAgainForm",
}
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
PUBLIC_URL_NAMES = public.NAMES
KEPT_PAGES = public.KEPT
MFA_ADAPTER = "svet.surfaces.web.sign_in.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
MFA_TOTP_ISSUER = "Svet"
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "add_webauthn": "svet.surfaces.web.security.PasskeyForm",
    "authenticate_webauthn": "svet.surfaces.web.security.PasskeyStepForm",
    "login_webauthn": "svet.surfaces.web.security.PasskeyLoginForm",
    "reauthenticate_webauthn": "svet.surfaces.web.security.PasskeyAgainForm",
    "authenticate": "svet.surfaces.web.sign_in.CodeForm",
    "activate_totp": "svet.surfaces.web.sign_in.SetUpForm",
    "reauthenticate": "svet.surfaces.web.sign_in.CodeAgainForm",
}
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

# Messages to people: letters by SMTP, SMS by Kannel. Without them a development installation prints to the console.
EMAIL_HOST = os.environ.get("SVET_EMAIL_HOST", "")
_printed = "django.core.mail.backends.console.EmailBackend"
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend" if EMAIL_HOST else _printed
EMAIL_READY = bool(EMAIL_HOST) or not PRODUCTION
EMAIL_PORT = int(os.environ.get("SVET_EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("SVET_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("SVET_EMAIL_PASSWORD", "")
EMAIL_USE_TLS = environment.flag("SVET_EMAIL_STARTTLS", default=False)
EMAIL_USE_SSL = environment.flag("SVET_EMAIL_TLS", default=False)
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = os.environ.get("SVET_EMAIL_FROM", "svet@localhost")
TILL_WITHOUT_DEVICE = environment.flag("SVET_TILL_WITHOUT_DEVICE", default=not PRODUCTION)
UNUSED_FILES_DAYS = max(1, int(os.environ.get("SVET_UNUSED_FILES_DAYS", "30")))
FISCAL_TAXATION = os.environ.get("SVET_FISCAL_TAXATION", "osn")
FISCAL_VAT = os.environ.get("SVET_FISCAL_VAT", "22")
SMS_URL = os.environ.get("SVET_SMS_URL", "")
SMS_USER = os.environ.get("SVET_SMS_USER", "")
SMS_PASSWORD = os.environ.get("SVET_SMS_PASSWORD", "")
SMS_FROM = os.environ.get("SVET_SMS_FROM", "")
SMS_REPORT_BASE = os.environ.get("SVET_SMS_REPORT_BASE", "http://127.0.0.1:8000")
# Where people find the site, for links in messages; after how long applicants are asked about an answer.
SITE_URL = os.environ.get("SVET_SITE_URL", "http://127.0.0.1:8000").rstrip("/")
ASK_RATING_AFTER_HOURS = max(1, int(os.environ.get("SVET_ASK_RATING_AFTER_HOURS", "24")))
ASK_SOLVED_AFTER_DAYS = max(1, int(os.environ.get("SVET_ASK_SOLVED_AFTER_DAYS", "21")))
MAIL_HOST = os.environ.get("SVET_MAIL_HOST", "")
MAIL_TLS = environment.flag("SVET_MAIL_TLS", default=True)
MAIL_PORT = int(os.environ.get("SVET_MAIL_PORT", "993" if MAIL_TLS else "143"))
MAIL_USER = os.environ.get("SVET_MAIL_USER", "")
MAIL_PASSWORD = os.environ.get("SVET_MAIL_PASSWORD", "")
MAIL_FOLDER = os.environ.get("SVET_MAIL_FOLDER", "INBOX")
MAIL_OWN_ADDRESSES = environment.items("SVET_MAIL_OWN_ADDRESSES", "")
MAIL_AUTHSERV = os.environ.get("SVET_MAIL_AUTHSERV", "")
MAIL_MOST_BYTES = 60 * 1024 * 1024

SMS_NUMBER = os.environ.get("SVET_SMS_NUMBER", "")
SMS_SECRET_NAME = "SVET_SMS_IN_PASSWORD"  # noqa: S105 (the name of it: with it Kannel brings what people send)
SMS_NETWORKS = environment.items("SVET_SMS_NETWORKS", "127.0.0.1/32,::1/128")

# The state portal ГИС ЖКХ: off without an address. Who we are there is checked at the start.
GIS_URL = os.environ.get("SVET_GIS_URL", "")
GIS_ORGANIZATION = environment.guid("SVET_GIS_ORGANIZATION", needed=bool(GIS_URL))
GIS_ANSWERER = environment.guid("SVET_GIS_ANSWERER", needed=bool(GIS_URL))
GIS_OPERATOR_SIGNS = environment.flag("SVET_GIS_OPERATOR_SIGNS", default=False)
GIS_LOGIN = os.environ.get("SVET_GIS_LOGIN", "")
GIS_SIGN_PROGRAM = os.environ.get("SVET_GIS_SIGN_PROGRAM", "")
GIS_SIGN_KEY = os.environ.get("SVET_GIS_SIGN_KEY", "")
GIS_SIGN_CERTIFICATE = os.environ.get("SVET_GIS_SIGN_CERTIFICATE", "")
GIS_POLL_MINUTES = max(1, int(os.environ.get("SVET_GIS_POLL_MINUTES", "15")))

# Transport and headers. Production is behind TLS; development is plain localhost.
SECURE_SSL_REDIRECT = PRODUCTION and environment.flag("SVET_SSL_REDIRECT", default=True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if environment.flag("SVET_PROXY", default=False) else None
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if SECURE_PROXY_SSL_HEADER else 0
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^gates/sms/"]
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 30 * 1024 * 1024

# Language, time, files.
LANGUAGE_CODE = "ru"
LANGUAGES = [("ru", "Русский")]
TIME_ZONE = "Europe/Moscow"
USE_TZ = True
USE_I18N = True
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "svet.infra.file_storage.DatabaseStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION

# The pages that editors write. Wagtail has no sign-in, no people and no files of its own here: see surfaces/editor.
WAGTAIL_SITE_NAME = "Свет"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAIL_FINISH_WORKFLOW_ACTION = "svet.infra.approval.publish_approved"
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database", "SEARCH_CONFIG": "russian"}}
WAGTAILDOCS_DOCUMENT_MODEL = "content.SiteFile"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "svet.surfaces.editor.forms.DocumentForm"
WAGTAILDOCS_EXTENSIONS = ["pdf", "jpg", "jpeg", "png"]
WAGTAILDOCS_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILDOCS_PRIVATE_COLLECTION_OPTIONS = {"SHARED_PASSWORD": False}
WAGTAIL_PRIVATE_PAGE_OPTIONS = {"SHARED_PASSWORD": False, "LOGIN": False, "GROUPS": False}
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = WAGTAILUSERS_PASSWORD_ENABLED = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None  # a page of ours makes no request outside
WAGTAIL_ENABLE_UPDATE_CHECK = WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAIL_AUTOSAVE_INTERVAL = 0

# Background jobs: modules called `jobs` in the installed apps declare them.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_IMPORT_PATHS = ["svet.config.schedule"]

# Logs: one line each with the request's id; JSON in production.
_shared = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso"),
]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "svet": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": _shared,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(ensure_ascii=False)
                if PRODUCTION
                else structlog.dev.ConsoleRenderer(colors=False),
            ],
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "svet"}},
    "root": {
        "handlers": ["stderr"],
        "level": os.environ.get("SVET_LOG_LEVEL", "WARNING" if not PRODUCTION else "INFO"),
    },
    "loggers": {
        "svet": {"level": os.environ.get("SVET_LOG_LEVEL", "INFO")},
        "httpx": {"level": "WARNING"},  # its lines hold whole addresses, and those of an SMS its text
    },
}
