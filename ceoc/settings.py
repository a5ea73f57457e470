"""Django's settings, read once from the environment (`ceoc.env`); what is missing or malformed stops the start."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from ceoc.access import browser_policy
from ceoc.access.oidc import config as oidc
from ceoc.demo import safety
from ceoc.env import Secret, env
from ceoc.logs import logging_config

BASE_DIR = Path(__file__).resolve().parent.parent


class ZendeskAccount(msgspec.Struct, frozen=True):
    """One of the two Zendesk accounts: its address, the agent that the product signs in as, and its secrets."""

    url: str
    email: str
    token: Secret
    webhook_secret: Secret


# --- the process --------------------------------------------------------------------------------------------------
DEBUG = env.flag("DEBUG", what="show tracebacks in the browser; never in production", default=False)
DEMO = env.flag("DEMO", what="personas, scenarios and the sandbox; on this machine only", default=False)
PORT = env.number("PORT", what="the port of the web server", default=8000, least=1, most=65535)
CEOC_URL = env.url("CEOC_URL", what="the dashboard's own address", default=f"http://127.0.0.1:{PORT}")
CEOC_NOW_OFFSET = env.number("CEOC_NOW_OFFSET", what="seconds by which DEMO's clock is ahead at the start", default=0)
_secret_key = env.secret("SECRET_KEY", what="signs sessions and makes opaque ids; 50 random characters")
SECRET_KEY = _secret_key() or "unset"
ALLOWED_HOSTS = env.items(
    "ALLOWED_HOSTS", what="the host names it answers to", default=["127.0.0.1", "localhost", "[::1]"] if DEMO else None
)
SANDBOX = env.flag("SANDBOX", what="start the stand-in vendors in DEMO", default=DEMO)
SANDBOX_URL = env.url("SANDBOX_URL", what="the stand-in vendors' control address", default="http://127.0.0.1:8100")
LIVE_STALLED_AFTER = env.number(
    "LIVE_STALLED_AFTER", what="seconds in which a live page must take what is written to it, else it is cut off",
    default=30, least=1, most=600,
)  # fmt: skip

API_REQUESTS_A_MINUTE = env.number(
    "API_REQUESTS_A_MINUTE", what="requests that one API token may make in a minute", default=600, least=1
)

# --- stores -------------------------------------------------------------------------------------------------------
_POSTGRES = ("postgresql", "postgres")
DATABASE_URL = env.url("DATABASE_URL", what="the PostgreSQL database", schemes=_POSTGRES)
DATABASE_DIRECT_URL = env.url(
    "DATABASE_DIRECT_URL", what="PostgreSQL without a transaction pool, for listening", schemes=_POSTGRES,
    default=DATABASE_URL
)  # fmt: skip
REDIS_URL = env.url("REDIS_URL", what="Redis", schemes=("redis", "rediss", "unix"))
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": urlsplit(DATABASE_URL).path.lstrip("/") or "ceoc",
        "OPTIONS": {"conninfo": DATABASE_URL},
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- vendors ------------------------------------------------------------------------------------------------------
PAGERDUTY_API_URL = env.url("PAGERDUTY_API_URL", what="PagerDuty's REST address", default="https://api.pagerduty.com")
PAGERDUTY_API_TOKEN = env.secret("PAGERDUTY_API_TOKEN", what="PagerDuty's REST token")
PAGERDUTY_WEBHOOK_SECRETS = env.secret(
    "PAGERDUTY_WEBHOOK_SECRETS", what="secrets of PagerDuty's webhooks, comma separated"
)
SLACK_API_URL = env.url("SLACK_API_URL", what="Slack's API, ending in /api/", default="https://slack.com/api/")
SLACK_BOT_TOKEN = env.secret("SLACK_BOT_TOKEN", what="the Slack app's bot token")
SLACK_SIGNING_SECRET = env.secret("SLACK_SIGNING_SECRET", what="the Slack app's signing secret")


def _zendesk(name: str, words: str) -> ZendeskAccount:
    return ZendeskAccount(
        url=env.url(f"ZENDESK_{name}_URL", what=f"the address of the {words} Zendesk account"),
        email=env.text(f"ZENDESK_{name}_EMAIL", what=f"the agent that signs in to the {words} Zendesk account"),
        token=env.secret(f"ZENDESK_{name}_TOKEN", what=f"the API token of the {words} Zendesk account"),
        webhook_secret=env.secret(
            f"ZENDESK_{name}_WEBHOOK_SECRET", what=f"the webhook secret of the {words} Zendesk account"
        ),
    )


ZENDESK = {"global": _zendesk("GLOBAL", "global"), "us_gov": _zendesk("US_GOV", "US Government")}

OIDC = None if DEMO else oidc.read(env, os.environ)  # DEMO refuses to start with any of it (below)

# --- Django -------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "lucide",
    "ceoc.access",
    "ceoc.people",
    "ceoc.inbox",
    "ceoc.outbox",
    "ceoc.live",
    "ceoc.ops",
    "ceoc.team",
    "ceoc.demo",
    "ceoc.look",
    "schedules",
    "emergencies",
]
MIDDLEWARE = [
    "ceoc.ops.middleware.Requests",
    "ceoc.api.problems.Problems",
    "ceoc.demo.middleware.ThisMachineOnly",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "ceoc.access.middleware.Headers",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "ceoc.access.middleware.Viewers",
    "django.contrib.messages.middleware.MessageMiddleware",
    "ceoc.access.middleware.Gates",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "ceoc.urls"
WSGI_APPLICATION = None
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["ceoc.look.templatetags.look"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
AUTH_USER_MODEL = "access.Person"
AUTHENTICATION_BACKENDS = ["ceoc.access.backend.KnownPeople"]
CSRF_FAILURE_VIEW = "ceoc.access.views.form_token_refused"
CONTENT_SECURITY_POLICY = browser_policy.CONTENT_SECURITY_POLICY
SECURE_REFERRER_POLICY = browser_policy.HEADERS["Referrer-Policy"]
SESSION_COOKIE_AGE = 12 * 60 * 60  # seconds since it was used last: a shift and its handover
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = CEOC_URL.startswith("https://")
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False
LANGUAGE_CODE = "en-us"
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True  # files are served from where they lie: there is no step that collects them
LOGGING = logging_config(debug=DEBUG)

if DEMO:
    _addresses = {
        "CEOC_URL": CEOC_URL,
        "SANDBOX_URL": SANDBOX_URL,
        "PAGERDUTY_API_URL": PAGERDUTY_API_URL,
        "SLACK_API_URL": SLACK_API_URL,
        **{f"ZENDESK_{name.upper()}_URL": account.url for name, account in ZENDESK.items()},
    }
    for _problem in safety.problems(hosts=ALLOWED_HOSTS, addresses=_addresses, variables=os.environ):
        env.problem(_problem)
elif CEOC_NOW_OFFSET:
    env.problem("CEOC_NOW_OFFSET moves DEMO's clock, and DEMO is off: unset it.")

env.check()
