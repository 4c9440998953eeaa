"""Signing in to the pages, by password or by a link that works once; who is signed in.

These functions commit by themselves: a failed try must be counted although it ends in a refusal.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from math import ceil
from typing import Final

from domain.errors import NotFoundError, SucharitError
from domain.ledger import Entry
from domain.people import Level
from domain.thai import long_date, thai_digits
from services import clock
from services.access.accounts import VALID_FOR, account_of, fingerprint, make_account, make_link, plain_address
from services.access.passwords import check_strength, hashed, is_outdated, is_right
from services.desk import Desk
from services.record import storable
from storage.accounts import Account, LinkPurpose, SignedInAt
from storage.store import Store
from storage.unit_of_work import UnitOfWork

IDLE: Final = timedelta(hours=12)
"""A session ends when nobody used it for so long …"""

LONGEST: Final = timedelta(days=7)
"""… and in any case so long after signing in."""

SEEN_EVERY: Final = timedelta(minutes=5)
"""How exactly it is known when a session was used last; more would be a write for every page."""

FREE_TRIES: Final = 4
LOCK: Final = timedelta(minutes=1)
LONGEST_LOCK: Final = timedelta(minutes=60)

LINKS_AT_ONCE: Final = 3
"""So many that still work: whoever gets no more has one in the mailbox."""
AGENT_LENGTH: Final = 120


class SignInRefusedError(SucharitError):
    """Address and password do not fit, or there is no such account: which one is not told."""

    english = "E-mail address and password do not fit. Check both, or ask for a sign-in link by e-mail."
    thai = "อีเมลหรือรหัสผ่านไม่ถูกต้อง โปรดตรวจสอบทั้งสองช่อง หรือขอลิงก์เข้าใช้ระบบทางอีเมล"


class SignInLockedError(SucharitError):
    """Too many failures under an address, whether it has an account or not."""

    english = (
        "Too many failed tries with this e-mail address: it is locked for {minutes} more minutes, also for the right "
        "password. Wait, or ask for a sign-in link by e-mail."
    )
    thai = "ใส่รหัสผ่านผิดหลายครั้ง อีเมลนี้ถูกพักการเข้าใช้อีก {minutes} นาที แม้ใส่รหัสผ่านถูก โปรดรอ หรือขอลิงก์เข้าใช้ระบบทางอีเมล"


class AccountDisabledError(SucharitError):
    """The password is right and the account closed."""

    english = "This account is disabled. Ask the administrator of your office to open it again."
    thai = "บัญชีนี้ถูกปิดใช้ โปรดติดต่อผู้ดูแลระบบของหน่วยงานเพื่อเปิดใช้อีกครั้ง"


class NoAccountError(SucharitError):
    """A provider vouches for an address that nobody of this installation has."""

    english = "There is no account with the address {email} here. Ask the administrator of your office to open one."
    thai = "ยังไม่มีบัญชีที่ใช้อีเมล {email} ในระบบนี้ โปรดติดต่อผู้ดูแลระบบของหน่วยงานเพื่อเปิดบัญชี"


class LinkUnknownError(SucharitError):
    """A sign-in link that was never made, was mangled on its way, or whose account is closed."""

    english = "This sign-in link is not known. Copy it whole from the letter, or ask for a new one."
    thai = "ไม่รู้จักลิงก์เข้าใช้ระบบนี้ โปรดคัดลอกลิงก์ทั้งหมดจากอีเมล หรือขอลิงก์ใหม่"


class LinkExpiredError(SucharitError):
    """A sign-in link whose time is over."""

    english = "The time of this sign-in link is over. Ask for a new one."
    thai = "ลิงก์เข้าใช้ระบบนี้หมดอายุแล้ว โปรดขอลิงก์ใหม่"


class LinkUsedError(SucharitError):
    """A sign-in link that somebody has used."""

    english = "This sign-in link was used before; each works once. Ask for a new one."
    thai = "ลิงก์เข้าใช้ระบบนี้ถูกใช้ไปแล้ว ลิงก์หนึ่งใช้ได้ครั้งเดียว โปรดขอลิงก์ใหม่"


class NoAdministratorError(SucharitError):
    """An office where nobody holds the administrator's post."""

    english = "Nobody holds the administrator's post of “{office}” on {day}. Name somebody: `sucharit post hold`."
    thai = "ไม่มีผู้ดำรงตำแหน่งผู้ดูแลระบบของ “{office}” ณ วันที่ {day} โปรดกำหนดด้วยคำสั่ง sucharit post hold"


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody is signed in.

    Attributes:
        id: Names the session without opening it; may stand in a page.
        csrf: Goes into every form of the session and comes back with it; empty in `sessions_of`.
    """

    office: str
    person: str
    id: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    agent: str = ""
    csrf: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session.

    Attributes:
        token: What the browser keeps and sends; stored nowhere here.
        purpose: Of the link that was used; None for a password.
    """

    token: str = field(repr=False)
    session: Session
    purpose: LinkPurpose | None = None


def sign_in(store: Store, email: str, password: str, *, now: datetime, agent: str = "") -> SignedIn:
    """Sign in by password. Takes as long and says the same whether the account exists or not.

    Raises:
        SignInRefusedError: Address and password do not fit.
        SignInLockedError: There were too many failures under this address.
        AccountDisabledError: They fit, but the account is closed.
    """
    address = plain_address(email)
    locked_until = store.entrance.count_try(fingerprint(address), now, lock_after)
    if locked_until is not None:
        minutes = ceil((locked_until - now) / timedelta(minutes=1))
        raise SignInLockedError(minutes=minutes, minutes_thai=thai_digits(minutes))
    account = store.entrance.account(address)
    if not is_right(password, account.password_hash if account else None) or account is None:
        raise SignInRefusedError
    done = _let_in(store, account, _new_hash(account, password), now=now, agent=agent)
    store.entrance.forget_tries(fingerprint(address), now)
    return done


def lock_after(failed: int) -> timedelta:
    """For how long so many failures in a row lock an address: 1 minute after 5, then 2, 4 … up to 60."""
    if failed <= FREE_TRIES:
        return timedelta(0)
    doublings = min(failed - FREE_TRIES - 1, 10)  # it must not outgrow what a timedelta holds
    return min(LOCK * (1 << doublings), LONGEST_LOCK)


def _new_hash(account: Account, password: str) -> str | None:
    stored = account.password_hash
    return hashed(password) if stored is not None and is_outdated(stored) else stored


def _let_in(store: Store, account: Account, password_hash: str | None, *, now: datetime, agent: str) -> SignedIn:
    with _entering(store, account.office) as uow:
        fresh = uow.accounts.get(account.person)
        if fresh is None or fresh.password_hash != account.password_hash:
            raise SignInRefusedError  # it was changed while this password was checked
        if fresh.is_disabled:
            raise AccountDisabledError
        if password_hash != fresh.password_hash:
            uow.accounts.save(replace(fresh, password_hash=password_hash))
        return _begin(uow, account.person, now=now, agent=agent, way="password")


def _begin(uow: UnitOfWork, person: str, *, now: datetime, agent: str, way: str) -> SignedIn:
    token = secrets.token_urlsafe(32)
    begun = SignedInAt(uow.office_id, fingerprint(token), person, now, now, now + IDLE, storable(agent)[:AGENT_LENGTH])
    uow.accounts.forget_expired(now)
    uow.accounts.add_session(begun)
    uow.ledger.note(clock.at_any_clock(uow, Entry(now, "account.signed_in", person, person, {"way": way})))
    return SignedIn(token, _session(begun, token))


@contextmanager
def _entering(store: Store, office: str) -> Iterator[UnitOfWork]:
    """A unit of work that is alone with the office, and is committed at the end of the block.

    A clock that does not fit keeps nobody out: people may read, and the administrator has to come in to mend it.
    """
    with store.unit_of_work(office) as uow:
        uow.offices.hold()
        yield uow
        uow.commit()


@contextmanager
def _changing(store: Store, office: str, now: datetime) -> Iterator[UnitOfWork]:
    """A unit of work as `_entering` gives it, for what is refused at a clock that does not fit.

    Raises:
        ClockBehindError, ClockAheadError: The clock does not fit the ledger.
    """
    with _entering(store, office) as uow:
        clock.check(uow, now)
        yield uow


def session_of(store: Store, token: str, now: datetime) -> Session | None:
    """Session of a browser's token, which counts as used at `now`; None where there is none or it has ended.

    One reading of the database; once in five minutes also a writing: at every page it would hold up whoever writes.
    """
    stored = store.entrance.session(fingerprint(token))
    if stored is None or stored.expires_at <= now:  # at the instant of its end it has ended
        return None
    if now - stored.seen_at >= SEEN_EVERY:
        stored = replace(stored, seen_at=now, expires_at=min(now + IDLE, stored.created_at + LONGEST))
        with store.unit_of_work(stored.office) as uow:
            uow.accounts.touch(stored.id, seen_at=stored.seen_at, expires_at=stored.expires_at)
            uow.commit()
    return _session(stored, token)


def sessions_of(store: Store, office: str, person: str, *, now: datetime) -> list[Session]:
    """Where a person is signed in at `now`, the newest first."""
    with store.reader(office) as uow:
        return [_session(stored) for stored in uow.accounts.sessions(person, now)]


def _session(stored: SignedInAt, token: str = "") -> Session:
    csrf = hashlib.sha256(f"csrf:{token}".encode()).hexdigest()[:32] if token else ""
    return Session(
        stored.office,
        stored.person,
        stored.id,
        stored.created_at,
        stored.seen_at,
        stored.expires_at,
        stored.agent,
        csrf,
    )


def end_session(store: Store, token: str) -> None:
    """Sign out; a token that opens nothing is left alone."""
    stored = store.entrance.session(fingerprint(token))
    if stored is not None:
        with store.unit_of_work(stored.office) as uow:
            uow.accounts.end_session(stored.id, stored.person)
            uow.commit()


def end_session_by_id(desk: Desk, person: str, session: str, now: datetime, by: str) -> None:
    """End one of a person's sessions, e.g. on a lost telephone, and note who did; the door commits.

    Raises:
        NotFoundError: The person has no such session.
    """
    if not desk.uow.accounts.end_session(session, person):
        raise NotFoundError(
            what="session",
            what_thai="การเข้าใช้ระบบ",
            key=session[:12],
            remedy="It has ended already.",
            remedy_thai="สิ้นสุดไปแล้ว",
        )
    desk.uow.ledger.note(Entry(now, "account.session_ended", by, person, {}))


def ask_link(store: Store, email: str, *, now: datetime) -> str | None:
    """Token of a sign-in link for the door to send to this address; None where there is no account or no more today.

    The one who asks must be told the same in every case, and at the same moment: the door answers first.
    """
    account = store.entrance.account(plain_address(email))
    if account is None or account.is_disabled:
        return None
    with _entering(store, account.office) as uow:
        still_work = now - VALID_FOR[LinkPurpose.SIGN_IN]
        if uow.accounts.links_since(account.person, LinkPurpose.SIGN_IN, still_work) >= LINKS_AT_ONCE:
            return None
        return make_link(uow, account.person, LinkPurpose.SIGN_IN, now)


def use_link(store: Store, token: str, now: datetime, agent: str = "") -> SignedIn:
    """Sign in by a link, once; failed tries under the address are forgotten.

    Raises:
        LinkUnknownError: It was never made, or its account is closed.
        LinkExpiredError: Its time is over.
        LinkUsedError: Somebody has used it.
    """
    link = store.entrance.link(fingerprint(token))
    if link is None:
        raise LinkUnknownError
    if link.used_at is not None:
        raise LinkUsedError
    if link.expires_at <= now:  # as a session
        raise LinkExpiredError
    with _entering(store, link.office) as uow:
        account = account_of(uow, link.person)
        if not uow.accounts.spend_link(link.id, now):
            raise LinkUsedError  # it was neither used nor expired a moment ago
        used = Entry(now, "account.link_used", link.person, link.person, {"purpose": link.purpose.value})
        uow.ledger.note(clock.at_any_clock(uow, used))
        done = _begin(uow, link.person, now=now, agent=agent, way="link")
    store.entrance.forget_tries(fingerprint(account.email), now)
    return replace(done, purpose=link.purpose)


def let_in(store: Store, email: str, *, now: datetime, agent: str = "") -> SignedIn:
    """Sign in whom somebody else has vouched for: the provider of OpenID Connect says that the address is theirs.

    Raises:
        NoAccountError: No account has this address; none is made.
        AccountDisabledError: Its account is closed.
    """
    address = plain_address(email)
    account = store.entrance.account(address)
    if account is None:
        raise NoAccountError(email=address)
    with _entering(store, account.office) as uow:
        fresh = account_of(uow, account.person)
        if fresh.is_disabled or fresh.email != address:
            raise AccountDisabledError
        done = _begin(uow, account.person, now=now, agent=agent, way="oidc")
    store.entrance.forget_tries(fingerprint(address), now)
    return done


def first_administrator_link(store: Store, office: str, now: datetime) -> str:
    """Token of a link, valid for a day, by which the administrator of an office comes in for the first time.

    The account is made if it is not there; links made before for the same end do not work any more.

    Raises:
        NoAdministratorError: Nobody holds the post.
        NoAddressError: The one who holds it has no e-mail address.
        ClockBehindError, ClockAheadError: The clock does not fit the ledger.
    """
    with _changing(store, office, now) as uow:
        desk = Desk.open(uow)
        person = _administrator(desk, now)
        if uow.accounts.get(person) is None:
            make_account(desk, person, None, now, by=person)
        uow.accounts.expire_links(person, now)
        return make_link(uow, person, LinkPurpose.FIRST_ADMINISTRATOR, now)


def _administrator(desk: Desk, now: datetime) -> str:
    day = desk.workdays.local_day(now)
    administrators = desk.people.addressees(Level.ADMINISTRATOR, None, day)
    if not administrators:
        raise NoAdministratorError(office=desk.office.name, day=day, day_thai=long_date(day))
    return administrators[0].person.key


def wants_first_administrator(store: Store, office: str) -> bool:
    """Tell whether nobody of an office has ever set a password, so that a start has to print the first link."""
    with store.reader(office) as uow:
        return all(account.password_hash is None for account in uow.accounts.all())


def set_password(store: Store, office: str, person: str, new: str, now: datetime, *, keep: str = "") -> None:
    """Set a person's password; every other session ends; links and tokens made before stop working.

    Args:
        keep: Id of the session that goes on.

    Raises:
        WeakPasswordError: It is short, usual, or what everybody knows about the person.
        NotFoundError: The person has no account.
        ClockBehindError, ClockAheadError: The clock does not fit the ledger.
    """
    with store.reader(office) as uow:
        account, who = account_of(uow, person), uow.people.get().person(person)
    name = who.name if who else ""
    check_strength(new, not_these=(account.email, account.email.partition("@")[0], name))
    password_hash = hashed(new)
    with _changing(store, office, now) as uow:
        uow.accounts.save(replace(account_of(uow, person), password_hash=password_hash))
        uow.accounts.end_sessions(person, keep=keep)
        uow.accounts.expire_links(person, now)
        for token in [token.id for token in uow.tokens.all(person) if token.works(now)]:
            uow.tokens.revoke(token, now)
            uow.ledger.note(Entry(now, "token.revoked", person, person, {"token": token[:12]}))
        uow.ledger.note(Entry(now, "account.password_changed", person, person, {}))
