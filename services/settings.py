"""Settings from the environment, read once; every fault is named together with its variable and a remedy."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from domain.errors import SucharitError

PREFIX = "SUCHARIT_"

Port = int


class SettingsError(SucharitError):
    """One or more settings cannot be used."""

    english = "Settings that cannot be used:\n{faults}"
    thai = "ค่าตั้งที่ใช้ไม่ได้:\n{faults}"


class Settings(BaseSettings):
    """What the one who installs decides; each is an environment variable `SUCHARIT_…` (see README).

    Attributes:
        home: Folder of everything the service keeps.
        database_url: Ledger's database; empty for SQLite in `home`.
        demo: Whether the first start makes the demonstration office.
        smtp_host: Mail server; empty for the local mailbox.
        smtp_timeout_s: Seconds after which a silent mail server is given up.
        sender: Address in From; its domain is also that of the Message-IDs.
        prefect_port: Loopback port of Prefect's server.
        prefect_database_url: Prefect's database; empty for SQLite in `home`.
        worker_limit: Runs at once; 0 for 1 on SQLite and 4 on PostgreSQL.
        settle_s: Seconds for which notices of one moment are gathered into one letter per person.
        heartbeat_url: Address that is asked after every clean audit, for a watchdog outside.
        language: Language of messages on the command line.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    home: Path = Path("var")
    database_url: str = ""
    demo: bool = True
    smtp_host: str = ""
    smtp_port: Port = Field(default=25, ge=1, le=65535)
    smtp_username: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_password_file: Path | None = None
    smtp_tls: Literal["none", "starttls", "tls"] = "starttls"
    smtp_timeout_s: float = Field(default=20, gt=0, le=120)
    sender: str = "sucharit@localhost.localdomain"
    mailbox_port: Port = Field(default=8025, ge=1, le=65535)
    prefect_port: Port = Field(default=4200, ge=1, le=65535)
    prefect_database_url: str = ""
    worker_limit: int = Field(default=0, ge=0, le=64)
    settle_s: int = Field(default=10, ge=1, le=600)
    heartbeat_url: str = ""
    language: Literal["en", "th"] = "en"

    @model_validator(mode="after")
    def _password_file_is_readable(self) -> Settings:
        if self.smtp_password_file is not None and not self.smtp_password_file.is_file():
            raise ValueError(f"SMTP_PASSWORD_FILE: there is no file {self.smtp_password_file}")
        return self

    @property
    def folder(self) -> Path:
        """`home`, absolute."""
        return self.home.expanduser().resolve()

    @property
    def ledger_url(self) -> str:
        """SQLAlchemy URL of the ledger's database; plain `postgresql://` gets the driver we ship."""
        if not self.database_url:
            return f"sqlite:///{self.folder / 'sucharit.db'}"
        return self.database_url.replace("postgresql://", "postgresql+psycopg://", 1)

    @property
    def prefect_url(self) -> str:
        """Address of Prefect's API."""
        return f"http://127.0.0.1:{self.prefect_port}/api"

    @property
    def password(self) -> str:
        """The mail server's password, from the file where one is named."""
        if self.smtp_password_file is not None:
            return self.smtp_password_file.read_text().strip()
        return self.smtp_password.get_secret_value()


def read_settings() -> Settings:
    """Read the environment.

    Raises:
        SettingsError: Naming every fault at once.
    """
    try:
        return Settings()
    except ValidationError as error:
        faults = "\n".join(_fault(dict(fault)) for fault in error.errors())
        raise SettingsError(faults=faults) from error


def _fault(fault: dict[str, object]) -> str:
    place = fault["loc"]
    name = PREFIX + ".".join(str(part) for part in place).upper() if isinstance(place, tuple) and place else PREFIX
    return f"  {name}: {fault['msg']}. Correct it or unset it."
