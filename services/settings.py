"""Settings from the environment, read once; every fault is named together with its variable and a remedy."""

from __future__ import annotations

import re
from email.utils import parseaddr
from grp import getgrnam
from ipaddress import ip_network
from pathlib import Path
from typing import Final, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from domain.errors import SucharitError
from notifications.faults import BadAddressError, DeliveryError
from notifications.policy import check_form
from services.scheduler_key import KEY_VARIABLE, kept_key

PREFIX = "SUCHARIT_"
SECRET_FILE: Final = "web.secret"  # noqa: S105 -- the file's name

Port = int

# As SQLAlchemy reads an address, whose passwords may hold almost anything.
_ADDRESS: Final = r"(?:[^:/]*(?::[^@]*)?@)?(?:\[[^/?]+\]|[^/:?]+)?(?::\d*)?(?:/[^?]*)?(?:\?.*)?"
_LEDGER: Final = re.compile(rf"sqlite:///.+|postgresql(?:\+psycopg)?://{_ADDRESS}")
_PREFECT: Final = re.compile(rf"sqlite\+aiosqlite:///.+|postgresql\+asyncpg://{_ADDRESS}")


class SettingsError(SucharitError):
    """One or more settings cannot be used."""

    english = "Settings that cannot be used:\n{faults}"
    thai = "ค่าตั้งที่ใช้ไม่ได้:\n{faults}"


class Settings(BaseSettings):
    """What the one who installs decides; each is an environment variable `SUCHARIT_…` (see README).

    Attributes:
        home: Folder of everything the service keeps.
        home_group: Group of this machine whose members may read and write the home; empty for its owner alone.
        database_url: Ledger's database; empty for SQLite in `home`.
        secret_file: File with the secret that signs links and webhooks; empty for `web.secret` in `home`.
        demo: Whether the first start makes the demonstration office.
        smtp_host: Mail server; empty for the local mailbox.
        smtp_username: Its account; empty, like the password, for a server without login.
        smtp_timeout_s: Seconds that a mail server may take for an answer on a letter's first try, until it takes the
            letter itself; later tries, and the answer to a letter, have the minutes of RFC 5321.
        sender: Address in From; its domain is also that of the Message-IDs.
        web_host: Address on which the pages are served; a proxy in front speaks TLS.
        web_port: Their port.
        oidc_issuer: Provider of OpenID Connect by which people may sign in, too; empty for none.
        oidc_label: Name of the provider on the button.
        trusted_proxies: Network addresses whose word about whom they speak for is believed, with commas between.
        site: Address of the pages as people reach them, for links in mails; empty for this machine's own.
        prefect_port: Loopback port of Prefect's server.
        prefect_database_url: Prefect's database; empty for SQLite in `home`.
        prefect_key: Authentication string of Prefect's API; empty for the one in `home`.
        worker_limit: Runs at once; 0 for 1 on SQLite and 4 on PostgreSQL.
        settle_s: Seconds for which notices of one moment are gathered into one letter per person.
        webhooks_private: Whether webhooks may call this machine and the office's own network, by http too.
        heartbeat_url: Address that is asked after every clean audit, for a watchdog outside.
        language: Language of messages on the command line.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,  # `SUCHARIT_HOME=` in an environment file means “not set”, not the present folder
        frozen=True,
        extra="ignore",
        hide_input_in_errors=True,  # an address may hold a password
    )

    home: Path = Path("var")
    home_group: str = ""
    database_url: str = Field(default="", repr=False)
    secret_file: Path | None = None
    demo: bool = True
    smtp_host: str = ""
    smtp_port: Port = Field(default=25, ge=1, le=65535)
    smtp_password: SecretStr = SecretStr("")
    smtp_password_file: Path | None = None
    smtp_username: str = Field(default="", validate_default=True)
    smtp_tls: Literal["none", "starttls", "tls"] = "starttls"
    smtp_timeout_s: float = Field(default=20, gt=0, le=120)
    sender: str = "sucharit@localhost.localdomain"
    mailbox_port: Port = Field(default=8025, ge=1, le=65535)
    prefect_port: Port = Field(default=4200, ge=1, le=65535, validate_default=True)
    prefect_database_url: str = Field(default="", repr=False)
    # Prefect's own variable, as `up` hands it to our processes; the file it comes from is the other way.
    prefect_key: SecretStr = Field(default=SecretStr(""), validation_alias=KEY_VARIABLE)
    web_host: str = "127.0.0.1"
    web_port: Port = Field(default=8080, ge=1, le=65535)
    site: str = ""
    oidc_issuer: str = ""
    oidc_client_id: str = Field(default="", validate_default=True)
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_client_secret_file: Path | None = None
    oidc_label: str = Field(default="บัญชีของหน่วยงาน", max_length=60)
    trusted_proxies: str = "127.0.0.1"
    worker_limit: int = Field(default=0, ge=0, le=64)
    settle_s: int = Field(default=5, ge=1, le=600)
    webhooks_private: bool = False
    heartbeat_url: str = Field(default="", repr=False)
    language: Literal["en", "th"] = "en"

    @field_validator("home_group")
    @classmethod
    def _is_a_group_of_this_machine(cls, group: str) -> str:
        try:
            return group and getgrnam(group).gr_name
        except KeyError:
            raise ValueError("There is no group of this name on this machine") from None

    @field_validator("smtp_password_file", "oidc_client_secret_file")
    @classmethod
    def _password_file_is_readable(cls, file: Path | None) -> Path | None:
        if file is not None:
            _password_in(file)
        return file

    @field_validator("smtp_username")
    @classmethod
    def _goes_with_a_password(cls, username: str, info: ValidationInfo) -> str:
        file = info.data.get("smtp_password_file")
        if "smtp_password" not in info.data or "smtp_password_file" not in info.data:
            return username  # a faulty one is told on its own
        has_password = bool(_secret(info.data["smtp_password"], file, "SMTP_PASSWORD_FILE"))
        if file is not None and not has_password:
            raise ValueError(f"SUCHARIT_SMTP_PASSWORD_FILE names {file}, which is empty: write the password into it")
        if bool(username) != has_password:
            raise ValueError(
                "SUCHARIT_SMTP_USERNAME and SUCHARIT_SMTP_PASSWORD (or _PASSWORD_FILE) are set together, or, for a "
                "mail server without login, not at all"
            )
        return username

    @field_validator("database_url")
    @classmethod
    def _names_a_ledger(cls, url: str) -> str:
        if url and not _LEDGER.fullmatch(url):
            raise ValueError("It must be like postgresql://user:password@host/ledger or sqlite:////folder/file.db")
        return url

    @field_validator("prefect_database_url")
    @classmethod
    def _names_a_database_of_prefect(cls, url: str) -> str:
        if url and not _PREFECT.fullmatch(url):
            raise ValueError("It must be like postgresql+asyncpg://user:password@host/prefect")
        return url

    @field_validator("heartbeat_url")
    @classmethod
    def _is_a_web_address(cls, url: str) -> str:
        if url and (urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).netloc):
            raise ValueError("It must be like https://watchdog.example/ping")
        return url

    @field_validator("sender")
    @classmethod
    def _has_an_address(cls, sender: str) -> str:
        address = parseaddr(sender)[1]
        try:
            check_form(address)
            if not sender.strip().endswith((f"<{address}>", address)) or sender.count("@") != 1:
                raise BadAddressError(address=sender)
        except DeliveryError:
            raise ValueError("It must be an e-mail address, e.g. sucharit@example.go.th") from None
        return sender

    @field_validator("prefect_port")
    @classmethod
    def _is_a_port_of_its_own(cls, port: int, info: ValidationInfo) -> int:
        if port == info.data.get("mailbox_port"):
            raise ValueError(f"Port {port} is that of the mailbox, too (SUCHARIT_MAILBOX_PORT)")
        return port

    @field_validator("site")
    @classmethod
    def _is_an_address_of_pages(cls, site: str) -> str:
        if site and (urlsplit(site).scheme not in ("http", "https") or not urlsplit(site).netloc):
            raise ValueError("It must be like https://sucharit.example.go.th")
        return site.rstrip("/")

    @field_validator("oidc_issuer")
    @classmethod
    def _is_an_issuer(cls, issuer: str) -> str:
        parts = urlsplit(issuer)
        is_here = parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1", "::1")
        if issuer and (not parts.netloc or parts.query or parts.fragment or not (parts.scheme == "https" or is_here)):
            raise ValueError("It must be like https://login.example.go.th (http only on this machine)")
        return issuer

    @field_validator("oidc_client_id")
    @classmethod
    def _goes_with_an_issuer(cls, client: str, info: ValidationInfo) -> str:
        issuer = info.data.get("oidc_issuer", client)  # a faulty one is told on its own
        if bool(issuer) != bool(client):
            raise ValueError("SUCHARIT_OIDC_ISSUER and SUCHARIT_OIDC_CLIENT_ID are set together or not at all")
        return client

    @field_validator("trusted_proxies")
    @classmethod
    def _are_network_addresses(cls, proxies: str) -> str:
        addresses = [address.strip() for address in proxies.split(",") if address.strip()]
        try:
            for address in addresses:
                ip_network(address)
        except ValueError:
            raise ValueError("It must be like 127.0.0.1,10.0.0.0/8") from None
        return ",".join(addresses)

    @property
    def address(self) -> str:
        """Where people reach the pages, without a slash at its end."""
        return self.site or f"http://{self.web_host}:{self.web_port}"

    @property
    def folder(self) -> Path:
        """`home`, absolute."""
        return self.home.expanduser().resolve()

    @property
    def secret_place(self) -> Path:
        """File of the secret that signs links and webhooks, absolute."""
        return (self.secret_file or self.folder / SECRET_FILE).expanduser().resolve()

    @property
    def ledger_file(self) -> Path | None:
        """File of the embedded default's ledger; None where another database is set."""
        return None if self.database_url else self.folder / "sucharit.db"

    @property
    def ledger_url(self) -> str:
        """SQLAlchemy URL of the ledger's database; plain `postgresql://` gets the driver we ship."""
        if not self.database_url:
            return f"sqlite:///{self.ledger_file}"
        return self.database_url.replace("postgresql://", "postgresql+psycopg://", 1)

    @property
    def prefect_url(self) -> str:
        """Address of Prefect's API."""
        return f"http://127.0.0.1:{self.prefect_port}/api"

    @property
    def scheduler_key(self) -> str:
        """Authentication string of Prefect's API; empty where there is none that this process may read."""
        return self.prefect_key.get_secret_value() or kept_key(self.folder)

    @property
    def password(self) -> str:
        """The mail server's password, from the file where one is named.

        Raises:
            SettingsError: The file could be read at the start and cannot any more.
        """
        return _secret(self.smtp_password, self.smtp_password_file, "SMTP_PASSWORD_FILE")

    @property
    def oidc_secret(self) -> str:
        """The secret that the provider of OpenID Connect gave us, from the file where one is named; empty for none.

        Raises:
            SettingsError: The file could be read at the start and cannot any more.
        """
        return _secret(self.oidc_client_secret, self.oidc_client_secret_file, "OIDC_CLIENT_SECRET_FILE")


def _secret(value: SecretStr, file: Path | None, name: str) -> str:
    if file is None:
        return value.get_secret_value()
    try:
        return _password_in(file)
    except ValueError as error:
        raise SettingsError(faults=f"  {PREFIX}{name}: {error}.") from error


def _password_in(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ValueError(f"{file} cannot be read ({error.strerror})") from error
    except UnicodeDecodeError:
        raise ValueError(f"{file} holds no text in UTF-8") from None  # the error itself would show what it holds


def read_settings() -> Settings:
    """Read the environment.

    Raises:
        SettingsError: A variable is missing or faulty; all of them are named at once.
    """
    try:
        return Settings()
    except ValidationError as error:
        faults = "\n".join(_fault(dict(fault)) for fault in error.errors())
        raise SettingsError(faults=faults) from None  # the library's own words would show more than the faults


def _fault(fault: dict[str, object]) -> str:
    place = fault["loc"]
    name = PREFIX + ".".join(str(part) for part in place).upper() if isinstance(place, tuple) and place else PREFIX
    return f"  {name}: {str(fault['msg']).removeprefix('Value error, ')}. Correct it or unset it."
