"""Builds the running system from settings; the only place that reads them. Doors ask it for a desk and the time."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parseaddr
from functools import cache, cached_property
from importlib.metadata import entry_points

from domain.errors import SucharitError
from domain.office import Office
from domain.people import Person
from notifications.channel import Channel
from notifications.email import EmailChannel
from services.access.installation import known_secret
from services.access.links import assignment_link
from services.access.single_sign_on import Provider
from services.desk import Desk
from services.integrations.send_webhooks import WebhookSender
from services.outbox.compose import Link
from services.outbox.deliver import MailSender
from services.outbox.mail_server import local_mailbox, mail_server
from services.outbox.send_at_once import SendAtOnce
from services.schedule.waker import Waker
from services.scheduler import Scheduler
from services.settings import Settings, read_settings
from storage.errors import DatabaseDownError
from storage.files import FileStore
from storage.store import Store


class NothingKeptError(SucharitError):
    """The folder the service looks in holds no database."""

    english = (
        "There is nothing yet in {folder}, where the service keeps its data (SUCHARIT_HOME). "
        "Go to the folder it was started in, or set SUCHARIT_HOME; `make up` prepares a new one."
    )
    thai = (
        "ยังไม่มีข้อมูลใน {folder} ซึ่งเป็นโฟลเดอร์ข้อมูลของระบบ (SUCHARIT_HOME) "
        "โปรดเข้าโฟลเดอร์ที่เริ่มระบบไว้ หรือตั้ง SUCHARIT_HOME ใช้คำสั่ง `make up` เพื่อเตรียมโฟลเดอร์ใหม่"
    )


class NotPreparedError(SucharitError):
    """The database has no tables yet, or those of another version."""

    english = "The database at {where} is not prepared for this version of Sucharit. `make up` prepares it and starts."
    thai = "ฐานข้อมูลที่ {where} ยังไม่พร้อมสำหรับรุ่นนี้ โปรดใช้คำสั่ง `make up` เพื่อเตรียมฐานข้อมูลและเริ่มระบบ"


@dataclass(frozen=True)
class System:
    """Everything a door needs: database, files, channels, the clockwork and the clock.

    Attributes:
        patience_s: Longest wait for an answer of the clockwork.
        rest_s: For how long it is not asked again after it did not answer.
    """

    settings: Settings
    patience_s: float = 30
    rest_s: float = 0

    @cached_property
    def store(self) -> Store:
        """The database; it is made, and its tables are brought up to date, by whoever starts the service.

        Raises:
            NothingKeptError: There is none in the service's folder.
        """
        file = self.settings.ledger_file
        if file is not None and not file.exists() and not file.parent.is_file():
            raise NothingKeptError(folder=self.settings.folder)
        return Store(self.settings.ledger_url)

    @cached_property
    def files(self) -> FileStore:
        """Evidence and reports."""
        return FileStore(self.settings.folder / "files")

    @cached_property
    def secret(self) -> bytes:
        """What signs links and webhooks; made by the first start alone.

        Raises:
            NotPreparedError: No start has prepared the database.
            SecretMissingError, OtherSecretError, BadSecretError: It is not the one that the database knows.
        """
        if not self._knows_its_secret():
            raise NotPreparedError(where=self.store.where)
        return known_secret(self.store, self.settings.secret_place)

    def _knows_its_secret(self) -> bool:
        try:
            return self.store.installation.get() is not None
        except DatabaseDownError:
            if self.store.is_current():
                raise
            return False  # tables of an earlier version, or none yet

    @property
    def provider(self) -> Provider | None:
        """Where people may sign in elsewhere, if the installation has such a place."""
        settings = self.settings
        if not settings.oidc_issuer:
            return None
        return Provider(settings.oidc_issuer, settings.oidc_client_id, settings.oidc_secret, settings.oidc_label)

    @cached_property
    def scheduler(self) -> Scheduler:
        """The clockwork, as the installation's entry point gives it."""
        (entry_point,) = entry_points(group="sucharit.scheduler")
        settings = self.settings
        make = entry_point.load()
        made: Scheduler = make(
            settings.prefect_url, settings.scheduler_key, patience_s=self.patience_s, rest_s=self.rest_s
        )
        return made

    @cached_property
    def waker(self) -> Waker:
        """Tells the clockwork what people did, from a thread of its own."""
        return Waker(lambda: self.scheduler, self.clock)

    def clock(self) -> datetime:
        """Now, in UTC. A door reads it once."""
        return datetime.now(UTC)

    @contextmanager
    def desk(self, office: str) -> Iterator[Desk]:
        """An office in a unit of work; the door commits through `desk.uow`.

        Raises:
            NotFoundError: There is no such office.
        """
        with self.store.unit_of_work(office) as uow:
            yield Desk.open(uow)

    @contextmanager
    def reading(self, office: str) -> Iterator[Desk]:
        """An office to look at.

        Raises:
            NotFoundError: There is no such office.
        """
        with self.store.reader(office) as uow:
            yield Desk.open(uow)

    def mail_sender(self, office: Office) -> MailSender:
        """How the office's letters leave. A demonstration's never leave the machine."""
        channel, link = self._channel(office), self.link(office.key)
        return MailSender(channel, self.settings.sender, self.mail_domain, self.clock, link)

    @property
    def mail_domain(self) -> str:
        """Right-hand side of the Message-IDs."""
        return parseaddr(self.settings.sender)[1].rpartition("@")[2]

    @cached_property
    def send_at_once(self) -> SendAtOnce:
        """Sends from this process what somebody waits for."""
        return SendAtOnce(lambda: self.store, self.mail_sender)

    def webhook_sender(self) -> WebhookSender:
        """How programs are told what happens."""
        return WebhookSender(
            self.secret, self.settings.webhooks_private, f"{socket.gethostname()}:{os.getpid()}", self.clock
        )

    def link(self, office: str) -> Link:
        """Addresses in letters: each opens one assignment for one person, mailed to the address they have."""

        def link(assignment: str, person: Person, written_on: date) -> str:
            token = assignment_link(self.secret, office, assignment, person.key, written_on, person.email)
            return f"{self.settings.address}/link/{token}"

        return link

    def _channel(self, office: Office) -> Channel:
        settings = self.settings
        return EmailChannel(local_mailbox(settings) if office.is_demo else mail_server(settings))


@cache
def system() -> System:
    """The system of this process.

    Raises:
        SettingsError: The environment has settings that cannot be used.
    """
    return System(read_settings())
