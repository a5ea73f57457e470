"""What the sandbox reads from the environment: the same variables that the product reads."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class ConfigError(ValueError):
    """A variable is missing its sense; the sentence says which and what it wants."""


@dataclass(frozen=True)
class Address:
    """Where one of the sandbox's servers answers: a loopback host, a port and perhaps a path before everything."""

    url: str
    host: str
    port: int
    prefix: str

    @classmethod
    def parse(cls, name: str, url: str) -> "Address":
        """Read `http://host:port/prefix`; raises ConfigError for anything that is not a loopback http address."""
        parts = urlsplit(url)
        try:
            port = parts.port
        except ValueError:
            port = None
        if parts.scheme != "http" or not parts.hostname or not port:
            raise ConfigError(f"{name} must look like http://127.0.0.1:8101 for the sandbox, not {url!r}.")
        if parts.hostname not in LOOPBACK:
            raise ConfigError(f"{name} points at {parts.hostname}: the sandbox answers on this machine only.")
        return cls(url.rstrip("/"), parts.hostname, port, parts.path.rstrip("/"))


@dataclass(frozen=True)
class ZendeskAccount:
    """One Zendesk account's address, the agent whose token it takes, and the secret its webhooks are signed with."""

    name: str
    address: Address
    email: str
    token: str
    webhook_secret: str
    webhook_path: str


@dataclass(frozen=True)
class Config:
    """Everything the sandbox is told from outside; read once at the start."""

    control: Address
    pagerduty: Address
    pagerduty_token: str
    pagerduty_secret: str
    zendesk: Mapping[str, ZendeskAccount]
    slack: Address
    slack_token: str
    slack_secret: str
    product_url: str
    folder: Path
    now_offset: float
    autoplay: str

    def addresses(self) -> list[Address]:
        """Every address that the sandbox answers on."""
        return [self.control, self.pagerduty, self.slack, *(account.address for account in self.zendesk.values())]


def secret(env: Mapping[str, str], name: str, default: str) -> str:
    """The value of NAME, else the content of the file named by NAME_FILE, else the default."""
    if env.get(name):
        return env[name]
    if env.get(f"{name}_FILE"):
        return Path(env[f"{name}_FILE"]).read_text().strip()
    return default


def read(env: Mapping[str, str] = os.environ) -> Config:
    """The configuration from the environment, with the demo's addresses where none is given; raises ConfigError."""
    try:
        offset = float(env.get("CEOC_NOW_OFFSET") or 0)
    except ValueError:
        raise ConfigError("CEOC_NOW_OFFSET must be a number of seconds.") from None
    return Config(
        control=Address.parse("SANDBOX_URL", env.get("SANDBOX_URL") or "http://127.0.0.1:8100"),
        pagerduty=Address.parse("PAGERDUTY_API_URL", env.get("PAGERDUTY_API_URL") or "http://127.0.0.1:8101"),
        pagerduty_token=secret(env, "PAGERDUTY_API_TOKEN", "sandbox-pagerduty-token"),
        pagerduty_secret=secret(env, "PAGERDUTY_WEBHOOK_SECRETS", "sandbox-pagerduty-secret").split(",")[0].strip(),
        zendesk={"global": _zendesk(env, "global", "8102"), "us_gov": _zendesk(env, "us_gov", "8103")},
        slack=Address.parse("SLACK_API_URL", env.get("SLACK_API_URL") or "http://127.0.0.1:8104/api/"),
        slack_token=secret(env, "SLACK_BOT_TOKEN", "xoxb-sandbox"),
        slack_secret=secret(env, "SLACK_SIGNING_SECRET", "sandbox-slack-secret"),
        product_url=(env.get("CEOC_URL") or f"http://127.0.0.1:{env.get('PORT') or '8000'}").rstrip("/"),
        folder=Path(env.get("CEOC_VAR") or "var") / "sandbox",
        now_offset=offset,
        autoplay=env.get("SANDBOX_AUTOPLAY", ""),
    )


def _zendesk(env: Mapping[str, str], account: str, port: str) -> ZendeskAccount:
    """One Zendesk account's part of the environment."""
    name = f"ZENDESK_{account.upper()}"
    return ZendeskAccount(
        name=account,
        address=Address.parse(f"{name}_URL", env.get(f"{name}_URL") or f"http://127.0.0.1:{port}"),
        email=env.get(f"{name}_EMAIL") or "integration@demo.example",
        token=secret(env, f"{name}_TOKEN", f"sandbox-zendesk-{account}-token"),
        webhook_secret=secret(env, f"{name}_WEBHOOK_SECRET", f"sandbox-zendesk-{account}-secret"),
        webhook_path=f"/webhooks/zendesk/{account.replace('_', '-')}/",
    )
