"""Every setting of the site, read from the environment and from `.env`.

A wrong or missing value stops the start, in words. Settings for TLS follow the scheme of SITE_URL.
The README's table says what each variable is for.
"""

import os
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from mesosite import normal_form
from mesosite.http.headers import security_headers
from mesosite.http.proxies import networks
from mesosite.logs import logging_for
from mesosite.pages.published_folders import (
    EDITED,
    content_of,
    is_name,
    published_folders,
)
from mesosite.pages.published_folders import (
    NOT_PUBLISHED as WHY_NOT,
)
from mesosite.secret_files import kept_in, read_keys, read_url

BASE_DIR = Path(__file__).resolve().parent.parent
# Only their owner can read the database, mails and copies, whatever the folder allows. A published
# folder that a web server shall read is copied to it.
os.umask(0o077)
env = environ.Env()
env.read_env(BASE_DIR / ".env")


def is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def kept_secret(variable: str, filename: str, size: int) -> str:
    """The variable's value, or else `size` random bytes, made on the first run. Raises OSError."""
    return env.str(variable, default="") or kept_in(VAR_DIR / filename, size)


def number(variable: str, default: int, maximum: int) -> int:
    """A whole number from 1 to `maximum`."""
    text = env.str(variable, default="").strip() or str(default)
    if not text.isdecimal() or not 1 <= int(text) <= maximum:
        raise ImproperlyConfigured(f"{variable} is a whole number from 1 to {maximum}.")
    return int(text)


def content_dir() -> Path:
    """The copy that the publishing which is served was made of, where there is one.

    Editing commands, `make dev` and a start that publishes anew read the files themselves.
    """
    copy = content_of(PUBLISHED_DIR)
    if copy.is_dir() and not (DEBUG or env.bool(EDITED, default=False)):
        return copy
    return Path(env.str("CONTENT_DIR", default=str(BASE_DIR / "content"))).resolve()


def published_name() -> str:
    """The name of the publishing that is served: PUBLISHED, or the newest one, or "none"."""
    folders = published_folders(VAR_DIR / "published")
    name = env.str("PUBLISHED", default="") or (folders[-1].name if folders else "none")
    if not is_name(name):
        raise ImproperlyConfigured(
            "PUBLISHED is the name of a folder, of letters, digits, dots and hyphens, such as v1."
        )
    return name


DEBUG = env.bool("DEBUG", default=False)
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var"))).resolve()
PORT, WEB_WORKERS = number("PORT", 8000, 65535), number("WEB_WORKERS", 2, 256)
try:
    VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    SECRET_KEY = kept_secret("SECRET_KEY", "secret_key", 50)
    _data_keys = kept_secret("DATA_KEYS", "data_keys", 32)
except OSError as error:
    raise ImproperlyConfigured(
        f"VAR_DIR is {VAR_DIR}, which cannot be used: {os.strerror(error.errno or 0)}. "
        "It must be a folder in which this user may write."
    ) from None
PUBLISHED_DIR = VAR_DIR / "published" / published_name()
CONTENT_DIR = content_dir()
NOT_PUBLISHED = env.str(WHY_NOT, default="")
NO_PAGES = bool(NOT_PUBLISHED) and not content_of(PUBLISHED_DIR).is_dir()
if len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("SECRET_KEY is too short: use at least 50 characters.")
DATA_KEYS = read_keys(_data_keys)

# --- Where the site lives -------------------------------------------------------------------
SITE_URL = (env.str("SITE_URL", default="") or f"http://127.0.0.1:{PORT}").rstrip("/")
try:
    SITE_URL = normal_form.site_url(SITE_URL)
except ValueError:
    raise ImproperlyConfigured(f"SITE_URL is {SITE_URL}, which no browser can open.") from None
SITE_SCHEME, SITE_HOST = urlsplit(SITE_URL).scheme, urlsplit(SITE_URL).hostname or ""
SECURE = SITE_SCHEME == "https"
if not SITE_HOST or SITE_SCHEME not in ("http", "https"):
    raise ImproperlyConfigured("SITE_URL is the site's address, such as https://scars.example.")
if not SECURE and not is_loopback(SITE_HOST):
    raise ImproperlyConfigured(
        "SITE_URL starts with http://, which sends what patients write in the open. "
        "Only this machine's own address (127.0.0.1 or localhost) may: use https://."
    )
if SECURE and DEBUG:
    raise ImproperlyConfigured("DEBUG shows what patients write: turn it off, or SITE_URL's https.")
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=[SITE_HOST] if SECURE else [SITE_HOST, "localhost", "127.0.0.1"]
)
TRUSTED_PROXIES = networks(env.list("TRUSTED_PROXIES", default=[]))
SECOND_FACTOR = env.bool("SECOND_FACTOR", default=True)
if SECURE and not SECOND_FACTOR:
    raise ImproperlyConfigured(
        "SECOND_FACTOR is off, so that a password alone opens the inbox: turn it on, "
        "or SITE_URL's https off."
    )

# --- The application ------------------------------------------------------------------------
INSTALLED_APPS = [
    "mesosite.pages",
    "mesosite.enquiries",
    "mesosite.inbox",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "phonenumber_field",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "mesosite.http.strict_input.StrictInputMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "mesosite.inbox.access.LoginMiddleware",
    "mesosite.inbox.access.StaffMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
if NO_PAGES:
    MIDDLEWARE.insert(0, "mesosite.pages.unpublished.NoPagesMiddleware")
if DEBUG:
    INSTALLED_APPS.append("django_browser_reload")
    MIDDLEWARE[:0] = [
        "django_browser_reload.middleware.BrowserReloadMiddleware",
        "mesosite.pages.middleware.ContentProblemsMiddleware",
    ]
ROOT_URLCONF = "mesosite.urls"
WSGI_APPLICATION = "mesosite.wsgi.application"
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
                "mesosite.pages.context_processors.site_context",
            ],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = ["forms"]
CRISPY_TEMPLATE_PACK = "forms"
CRISPY_FAIL_SILENTLY = False
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Data -----------------------------------------------------------------------------------
_sqlite = f"sqlite:///{VAR_DIR / 'db.sqlite3'}"
DATABASES: dict[str, dict[str, Any]] = {
    "default": read_url(env, "DATABASE_URL", _sqlite, env.db_url_config)
}
DATABASES["default"] |= {
    "ATOMIC_REQUESTS": False,
    "CONN_MAX_AGE": 600,  # seconds; opening one takes as long as a query
    "CONN_HEALTH_CHECKS": True,
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # No WAL: SQLite before 3.51.3 can corrupt it, and Debian 12 ships 3.40.1.
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 5,
        "transaction_mode": "IMMEDIATE",
        "init_command": (
            "PRAGMA journal_mode=DELETE; PRAGMA synchronous=EXTRA; PRAGMA secure_delete=ON;"
        ),
    }
else:  # a server that is gone must not delay a patient
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Mail: written to files until EMAIL_URL is set --------------------------------------------
_mail = read_url(env, "EMAIL_URL", "filemail://", env.email_url_config)
EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
EMAIL_FILE_PATH = str(VAR_DIR / "mail")
EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_HOST"], _mail["EMAIL_PORT"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"], _mail["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.get("EMAIL_USE_TLS", False), _mail.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 20
CLINIC_EMAIL = env.str("CLINIC_EMAIL", default="").strip()
try:
    CLINIC_EMAIL = CLINIC_EMAIL and normal_form.email(CLINIC_EMAIL)
except normal_form.AddressError:
    raise ImproperlyConfigured(
        "CLINIC_EMAIL is one address, such as desk@clinic.example."
    ) from None
DEFAULT_FROM_EMAIL = CLINIC_EMAIL or f"no-reply@{SITE_HOST}"

# --- Staff login ------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "mesosite.inbox.login.passwords.VarietyValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "inbox:list"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "mesosite.inbox.allauth_adapters.StaffAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # a code of 30 seconds before or after is right too
MFA_FORMS = {
    "authenticate": "mesosite.inbox.login.forms.AuthenticateForm",
    "reauthenticate": "mesosite.inbox.login.forms.ReauthenticateForm",
    "activate_totp": "mesosite.inbox.login.forms.ActivateTOTPForm",
    "add_webauthn": "mesosite.inbox.login.forms.AddWebAuthnForm",
    "authenticate_webauthn": "mesosite.inbox.login.forms.AuthenticateWebAuthnForm",
    "login_webauthn": "mesosite.inbox.login.forms.LoginWebAuthnForm",
    "reauthenticate_webauthn": "mesosite.inbox.login.forms.ReauthenticateWebAuthnForm",
}
# allauth would count in Django's cache, which forgets, and which each process has for itself:
# mesosite.inbox.login.limits counts in the database. Nothing else uses a cache.
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False
CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
MFA_ADAPTER = "mesosite.inbox.allauth_adapters.SecondFactorAdapter"
SESSION_ENGINE = "mesosite.http.sessions"
# NIST SP 800-63B, AAL2: a new login after 12 hours at the latest. A session that
# nobody uses is covered before: `idle_minutes` of clinic.yaml, `inbox/cover.py`.
SESSION_COOKIE_AGE = 10 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# --- Security ---------------------------------------------------------------------------------
SECURITY_HEADERS = security_headers(SECURE)
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
_prefix = "__Host-" if SECURE else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{_prefix}session", f"{_prefix}csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "mesosite.inbox.errors.csrf_failure"
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
# A text of 2,000 characters is asked for. One of 150,000, each up to 6 bytes urlencoded (9 in Asian
# scripts), is refused in the form, with all of it; only a larger one is refused as a whole.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 300
SILENCED_SYSTEM_CHECKS = [
    "security.W002",  # SECURITY_HEADERS has X-Frame-Options and frame-ancestors
    "security.W005",  # whether subdomains are https too is the domain owner's to say
    "security.W021",  # so is the browsers' preload list, which cannot be left quickly
]

# --- Language, time, files ----------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"  # pages and mails use the clinic's own, from clinic.yaml

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "mesosite.pages.bundles.BundleFinder",
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
STATIC_ROOT = PUBLISHED_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "mesosite.pages.compression.StaticStorage"
    },
}
LOGGING = logging_for(DEBUG)
LOGGING_CONFIG = "logging.config.dictConfig" if DEBUG else "mesosite.logs.configure"
