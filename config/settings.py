"""Settings. Everything that differs between machines comes from the environment; docs/deploy.md lists it."""

from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config import env

BASE_DIR = Path(__file__).resolve().parent.parent

# --- What kind of installation this is ------------------------------------------------------------

# Fictional data only: demo keys are allowed, nobody waits, and one offset may move the clock.
SAMLENG_DEMO = env.flag("SAMLENG_DEMO")
SAMLENG_TESTING = env.flag("SAMLENG_TESTING")
SAMLENG_HTTPS = not SAMLENG_DEMO or env.flag("SAMLENG_HTTPS")
SAMLENG_VAR = env.folder("SAMLENG_VAR", BASE_DIR / "var")
DEBUG = False  # Also in the demo: a debug page shows variables.

START = "To try Samleng, run script/server, which sets everything."

# --- Keys: files outside settings and outside backups ---------------------------------------------

SAMLENG_KEYS_DIR = env.folder("SAMLENG_KEYS_DIR", hint=START)
if not SAMLENG_DEMO and (SAMLENG_KEYS_DIR / "DEMO").exists():
    raise ImproperlyConfigured(
        f"{SAMLENG_KEYS_DIR} holds demo keys, which anybody may have. Make new ones (docs/deploy.md)."
    )
SECRET_KEY = env.secret(SAMLENG_KEYS_DIR, "django_secret_key")

# --- What the apps read ---------------------------------------------------------------------------

SAMLENG_RELEASE_AT_ONCE = env.flag("SAMLENG_RELEASE_AT_ONCE", SAMLENG_DEMO)
SAMLENG_RELEASE_HOUR = 7
SAMLENG_VOUCH_WAIT = timedelta(days=0 if SAMLENG_DEMO else 2)
SAMLENG_REQUIRE_SECOND_FACTOR = env.flag("SAMLENG_REQUIRE_SECOND_FACTOR", not SAMLENG_DEMO)
if not SAMLENG_DEMO and (SAMLENG_RELEASE_AT_ONCE or not SAMLENG_REQUIRE_SECOND_FACTOR):
    raise ImproperlyConfigured(
        "Release at once and sign-in without a second factor are for the demo: unset SAMLENG_RELEASE_AT_ONCE and "
        "SAMLENG_REQUIRE_SECOND_FACTOR."
    )
SAMLENG_CLOCK_OFFSET_ALLOWED = SAMLENG_DEMO
SAMLENG_CLOCK_READ_SECONDS = env.number("SAMLENG_CLOCK_READ_SECONDS", 1)  # How long a process believes the offset.
# Counts below these are hidden in figures, by audience ("advisor=8 expert=5"): raised here, and never below the least.
SAMLENG_SMALL_NUMBERS = env.numbers("SAMLENG_SMALL_NUMBERS")
SAMLENG_RECEIPT_SLOTS = env.number("SAMLENG_RECEIPT_SLOTS", 4)
SAMLENG_FILING_SLOTS = env.number("SAMLENG_FILING_SLOTS", 8)
SAMLENG_UPLOAD_LIMIT = 8 * 1024 * 1024
SAMLENG_COOKIE_PREFIX = "__Host-" if SAMLENG_HTTPS else ""
SAMLENG_SITE_URL = env.text("SAMLENG_SITE_URL", "http://127.0.0.1:8000" if SAMLENG_DEMO else "").rstrip("/")
if not SAMLENG_SITE_URL:
    env.required("SAMLENG_SITE_URL", "It is the address in mails, such as https://samleng.example.")

# --- Apps and the way of a request ----------------------------------------------------------------

INSTALLED_APPS = [
    "assessments",
    "complaints",
    "factories",
    "accounts",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_filters",
    "django_htmx",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Pages hold tokens; Django's gzip adds a random length so that their size tells nothing (BREACH).
    "django.middleware.gzip.GZipMiddleware",
    "config.middleware.PrivacyHeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.middleware.LanguageMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "accounts.middleware.KeyMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.twice.OnceMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "factories.context.reminders",
            ],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- Database -------------------------------------------------------------------------------------

DATABASES = {"default": env.database("DATABASE_URL", hint=START)}
DATABASES["default"] |= {
    "ENGINE": "config.postgres",
    "CONN_MAX_AGE": 60,
    "CONN_HEALTH_CHECKS": True,
    "OPTIONS": {
        "connect_timeout": "5",
        "application_name": "samleng",
        # A page that waits longer has lost; migrations run as the owner and may take their time (manage.py).
        "options": f"-c statement_timeout={env.number('SAMLENG_STATEMENT_TIMEOUT_MS', 15_000)}"
        f" -c lock_timeout={env.number('SAMLENG_LOCK_TIMEOUT_MS', 5_000)}"
        " -c idle_in_transaction_session_timeout=60000",
        **DATABASES["default"]["OPTIONS"],
    },
}
if SAMLENG_TESTING:
    DATABASES["default"]["TEST"] = {"NAME": env.required("SAMLENG_TEST_DATABASE")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Redis: cache, sessions and queue; it writes nothing to disk ----------------------------------

REDIS_URL = env.required("REDIS_URL", hint=START)
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "samleng",
        "OPTIONS": {
            "socket_connect_timeout": 1,
            "socket_timeout": 3,
            # Not pickle: whoever can write to Redis must not run code on a web machine.
            "serializer": "config.caching.PlainSerializer",
        },
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.cache"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_AGE = 30 * 60  # Idle: every request renews it.
SESSION_SAVE_EVERY_REQUEST = True
SESSION_COOKIE_NAME = f"{SAMLENG_COOKIE_PREFIX}session"
SESSION_COOKIE_SECURE = SAMLENG_HTTPS
SESSION_COOKIE_SAMESITE = "Lax"

# --- Signing in -----------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},  # The password guards a key, not only a door.
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/staff/"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]  # Sign-up itself is closed by the adapter.
ACCOUNT_EMAIL_VERIFICATION = "none"  # Invitations prove the address.
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_SESSION_COOKIE_AGE = SESSION_COOKIE_AGE
ACCOUNT_LOGIN_BY_CODE_ENABLED = False
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
PASSWORD_RESET_TIMEOUT = 24 * 3600
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
# By account, never by address: a whole factory shares one.
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "login_failed": "5/5m/key",
    "reset_password": "5/h/key",
    "reset_password_from_key": None,
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
}
MFA_ADAPTER = "accounts.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = False
MFA_TRUST_ENABLED = False
MFA_TOTP_ISSUER = "Samleng"
MFA_TOTP_TOLERANCE = 1  # Phones' clocks are half a minute off.
USERSESSIONS_TRACK_ACTIVITY = False

# --- Languages ------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("km", _("Khmer"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]  # Days as they are written here.
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- Static files and uploads ---------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = env.folder("SAMLENG_STATIC_ROOT", SAMLENG_VAR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = SAMLENG_VAR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# No request body ever touches a disk.
FILE_UPLOAD_HANDLERS = ["config.uploads.MemoryOnlyUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = SAMLENG_UPLOAD_LIMIT
# 1 MB of Khmer is 3 MB percent-encoded: it reaches the form, which refuses it with a sentence.
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 10

# --- What the browser is told ---------------------------------------------------------------------

ALLOWED_HOSTS = env.words("SAMLENG_HOSTS", "127.0.0.1,localhost" if SAMLENG_DEMO else "")
if not ALLOWED_HOSTS:
    env.required("SAMLENG_HOSTS", "It lists the host names this site answers to, with commas between.")
CSRF_COOKIE_NAME = f"{SAMLENG_COOKIE_PREFIX}csrf"
CSRF_COOKIE_SECURE = SAMLENG_HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_AGE = None  # It ends with the browser.
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = env.words("SAMLENG_TRUSTED_ORIGINS")
SECURE_SSL_REDIRECT = SAMLENG_HTTPS and not env.flag("SAMLENG_PROXY_REDIRECTS")
if env.flag("SAMLENG_BEHIND_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SAMLENG_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SAMLENG_HTTPS
SECURE_HSTS_PRELOAD = SAMLENG_HTTPS
# Not "no-referrer": with it browsers send "Origin: null", and no form would pass the forgery check. Nothing
# leaves the site either way, and the access log drops the referrer.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # Bootstrap's own icons are data: pictures.
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
        "manifest-src": [SELF],
    }
}

# --- Mail: to staff only, and without content -----------------------------------------------------

EMAIL_HOST = env.text("SAMLENG_MAIL_HOST")
if EMAIL_HOST:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_PORT = env.number("SAMLENG_MAIL_PORT", 587)
    EMAIL_HOST_USER = env.text("SAMLENG_MAIL_USER")
    EMAIL_HOST_PASSWORD = env.text("SAMLENG_MAIL_PASSWORD")
    EMAIL_USE_TLS = env.flag("SAMLENG_MAIL_TLS", True)
    EMAIL_TIMEOUT = 20
elif SAMLENG_DEMO:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = SAMLENG_VAR / "mail"
else:
    env.required("SAMLENG_MAIL_HOST", "Staff hear of what is due by mail.")
DEFAULT_FROM_EMAIL = env.text("SAMLENG_MAIL_FROM", "samleng@localhost")
EMAIL_SUBJECT_PREFIX = ""
ADMINS: list[tuple[str, str]] = []  # No error mail.

# --- The queue ------------------------------------------------------------------------------------

CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
}
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY = False  # A nudge that is lost is found by the sweep; a page must not wait for it.
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(SAMLENG_VAR / "beat")
CELERY_BEAT_MAX_LOOP_INTERVAL = 5
SWEEP_SECONDS = env.number("SAMLENG_SWEEP_SECONDS", 60)
# What is sent while no worker runs expires: the next one does the same work.
CELERY_BEAT_SCHEDULE = {
    "sweep rungs": {
        "task": "factories.tasks.sweep_rungs",
        "schedule": SWEEP_SECONDS,
        "options": {"expires": SWEEP_SECONDS * 2},
    },
    "hourly work of cases": {
        "task": "complaints.tasks.hourly",
        "schedule": min(300, SWEEP_SECONDS * 5),
        "options": {"expires": 600},
    },
    "cases with too few holders": {
        "task": "complaints.tasks.alarms",
        "schedule": timedelta(hours=1),
        "options": {"expires": 3600},
    },
    "figures of a quarter": {
        "task": "complaints.tasks.freeze_figures",
        "schedule": timedelta(hours=1),  # Frozen once, on day 10 of the next quarter or as soon after as somebody asks.
        "options": {"expires": 3600},
    },
    "content whose time is over": {
        "task": "complaints.tasks.end_of_time",
        "schedule": timedelta(hours=1),  # A day's work, asked for each hour: what one run leaves the next one takes.
        "options": {"expires": 3600},
    },
    "daily heads": {
        "task": "complaints.tasks.daily_heads",
        "schedule": timedelta(hours=1),  # Written once a day; asked each hour, so that a restart skips no day.
        "options": {"expires": 3600},
    },
}

# --- Logs: ids and code, never words, addresses or settings ---------------------------------------

DEFAULT_EXCEPTION_REPORTER = "config.logs.BareExceptionReporter"
LOGGING_CONFIG = "logging.config.dictConfig"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"bare": {"()": "config.logs.BareFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "bare"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        # Refused forms, too: an address in a log has a minute.
        "django.security": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        # Its lines would tell the minute at which something was filed.
        "celery": {"handlers": ["console"], "level": "WARNING", "propagate": False},
    },
}
