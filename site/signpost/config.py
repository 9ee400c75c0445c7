"""What the environment says, read once. A missing secret stops the start with one line that says which."""

import os
import re
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values

from signpost import clock
from signpost.errors import ConfigurationError

VERSION = "0.1.0"
ROOT = Path(__file__).resolve().parents[2]

OBJECT_ID = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True)
class Config:
    """Everything the process is told from outside. Times the organisation may change are in `settings`."""

    database_url: str
    secret_key: str
    notes_keys: str
    audit_key: str
    audit_anchor: Path
    public_url: str = "http://127.0.0.1:8000"
    mail_server: str = "127.0.0.1"
    mail_port: int = 25
    mail_username: str = ""
    mail_password: str = ""
    mail_use_tls: bool = False
    mail_default_sender: str = "signpost@signpost.example"
    teams_provider: str = "link"
    graph_tenant_id: str = ""
    graph_client_id: str = ""
    graph_client_secret: str = field(default="", repr=False)
    graph_organiser: str = ""
    graph_base_url: str = "https://graph.microsoft.com/v1.0"
    graph_authority: str = "https://login.microsoftonline.com"
    clamd_address: str = ""
    trusted_proxies: int = 0
    demo: bool = False
    clock: str = ""
    testing: bool = False
    session_idle: timedelta = timedelta(minutes=30)
    session_absolute: timedelta = timedelta(hours=10)
    argon2_time: int = 2
    argon2_memory_kib: int = 19 * 1024
    form_bytes: int = 8 * 1024 * 1024
    extra: dict[str, object] = field(default_factory=dict)

    @property
    def mail_address(self) -> str:
        """The address from which all mail comes, without a name before it."""
        return parseaddr(self.mail_default_sender)[1]

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")

    @classmethod
    def from_environment(cls) -> "Config":
        """Read the environment over `.env`. Raises ConfigurationError."""
        try:
            values = {key: value for key, value in dotenv_values(ROOT / ".env").items() if value is not None}
        except (OSError, UnicodeDecodeError) as problem:
            raise ConfigurationError(f".env cannot be read ({problem}).") from None
        values.update(os.environ)

        def get(name: str, default: str = "") -> str:
            return values.get(name, "").strip() or default

        def needed(name: str) -> str:
            value = get(name)
            if not value:
                raise ConfigurationError(f"{name} is not set. `make setup` writes a private .env with fresh keys.")
            return value

        def number(name: str, default: int, least: int, most: int) -> int:
            try:
                found = int(get(name, str(default)))
            except ValueError:
                raise ConfigurationError(f"{name} must be a whole number.") from None
            if not least <= found <= most:
                raise ConfigurationError(f"{name} must be a whole number from {least} to {most}.")
            return found

        def switch(name: str) -> bool:
            if get(name, "0") not in ("0", "1"):
                raise ConfigurationError(f"{name} must be 1 or 0.")
            return get(name) == "1"

        config = cls(
            database_url=get("DATABASE_URL", f"sqlite:///{ROOT / 'instance' / 'signpost.db'}"),
            secret_key=needed("SECRET_KEY"),
            notes_keys=needed("NOTES_KEYS"),
            audit_key=needed("AUDIT_KEY"),
            audit_anchor=_from_root(needed("AUDIT_ANCHOR")),
            public_url=get("PUBLIC_URL", cls.public_url).rstrip("/"),
            mail_server=get("MAIL_SERVER", cls.mail_server),
            mail_port=number("MAIL_PORT", cls.mail_port, 1, 65535),
            mail_username=get("MAIL_USERNAME"),
            mail_password=get("MAIL_PASSWORD"),
            mail_use_tls=switch("MAIL_USE_TLS"),
            mail_default_sender=get("MAIL_DEFAULT_SENDER", cls.mail_default_sender),
            teams_provider=get("TEAMS_PROVIDER", cls.teams_provider),
            graph_tenant_id=get("GRAPH_TENANT_ID"),
            graph_client_id=get("GRAPH_CLIENT_ID"),
            graph_client_secret=get("GRAPH_CLIENT_SECRET"),
            graph_organiser=get("GRAPH_ORGANISER"),
            graph_base_url=get("GRAPH_BASE_URL", cls.graph_base_url).rstrip("/"),
            graph_authority=get("GRAPH_AUTHORITY", cls.graph_authority).rstrip("/"),
            clamd_address=get("CLAMD_ADDRESS"),
            trusted_proxies=number("TRUSTED_PROXIES", 0, 0, 100),
            demo=switch("DEMO"),
            clock=get("CLOCK"),
        )
        config.check()
        return config

    def check(self) -> None:
        """Refuse what cannot work, each with one line. Raises ConfigurationError."""
        if len(self.secret_key) < 32 or len(self.audit_key) < 32:
            raise ConfigurationError("SECRET_KEY and AUDIT_KEY need at least 32 characters each.")
        scheme, host = _scheme_and_host(self.public_url)
        if scheme not in ("http", "https") or not host:
            raise ConfigurationError("PUBLIC_URL must begin with http:// or https:// and name a host.")
        if "@" not in self.mail_address:
            raise ConfigurationError("MAIL_DEFAULT_SENDER must be an address, such as signpost@example.nhs.uk.")
        if self.clock and not (self.demo or self.testing):
            raise ConfigurationError("CLOCK is for demonstrations and tests only: set DEMO=1 or take it out.")
        if self.clock:
            try:
                clock.parse(self.clock)
            except ValueError as problem:
                raise ConfigurationError(f"CLOCK: {problem}") from None
        if not re.fullmatch(r"|/.+|.+:\d{1,5}", self.clamd_address):
            raise ConfigurationError("CLAMD_ADDRESS must read host:port, or be the path of a socket.")
        self._check_teams()

    def _check_teams(self) -> None:
        if self.teams_provider not in ("link", "graph"):
            raise ConfigurationError("TEAMS_PROVIDER must be link or graph.")
        if self.teams_provider == "link":
            return
        for name in ("graph_tenant_id", "graph_client_id", "graph_client_secret", "graph_organiser"):
            if not getattr(self, name):
                raise ConfigurationError(f"{name.upper()} is not set, and TEAMS_PROVIDER=graph needs it.")
        if not OBJECT_ID.fullmatch(self.graph_organiser):
            raise ConfigurationError(
                "GRAPH_ORGANISER must be an object id, not an address: 8-4-4-4-12 letters and digits."
            )
        for name in ("graph_base_url", "graph_authority"):
            scheme, host = _scheme_and_host(getattr(self, name))
            if not host or (scheme != "https" and host not in LOOPBACK):
                raise ConfigurationError(f"{name.upper()} must begin with https:// and name a host.")

    def flask_settings(self) -> dict[str, object]:
        """The same, in the names Flask and its extensions read."""
        return {
            "SECRET_KEY": self.secret_key,
            "TESTING": self.testing,
            "DEMO": self.demo,
            "PUBLIC_URL": self.public_url,
            "SESSION_COOKIE_NAME": "__Host-signpost" if self.is_https else "signpost",
            "SESSION_COOKIE_SECURE": self.is_https,
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "MAX_CONTENT_LENGTH": self.form_bytes,
            "MAX_FORM_MEMORY_SIZE": self.form_bytes,
            "MAX_FORM_PARTS": 200,
            "WTF_CSRF_TIME_LIMIT": None,
            "WTF_CSRF_CHECK_DEFAULT": False,
            "MAIL_SERVER": self.mail_server,
            "MAIL_PORT": self.mail_port,
            "MAIL_USERNAME": self.mail_username or None,
            "MAIL_PASSWORD": self.mail_password or None,
            "MAIL_USE_TLS": self.mail_use_tls,
            "MAIL_DEFAULT_SENDER": self.mail_default_sender,
            "MAIL_SUPPRESS_SEND": False,
            **self.extra,
        }


def _scheme_and_host(url: str) -> tuple[str, str]:
    """Of an address; nothing where it cannot be one."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # which is only read when it is asked for
    except ValueError:
        return "", ""
    return parts.scheme, parts.hostname or ""


def _from_root(path: str) -> Path:
    return Path(path) if Path(path).is_absolute() else ROOT / path


_running: Config | None = None


def run_under(config: Config) -> None:
    """From now on the process runs under this configuration."""
    global _running
    _running = config


def running() -> Config:
    """The configuration under which the process runs. Raises ConfigurationError before there is one."""
    if _running is None:
        raise ConfigurationError("The site was not configured before it was used.")
    return _running
