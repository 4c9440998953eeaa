"""Two offices for the walk over the permissions: what stands for each `{part}` of an address, and what forms say."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from bench import midyear
from domain.assignment import Assignment, State
from domain.figures import Answer
from domain.workdays import HolidayOverride
from plans.examples import plan_2566
from services.access.accounts import link_to_set_password
from services.access.links import assignment_link
from services.access.sign_in import session_of, sessions_of
from services.access.tokens import Made, Scope, Wish, make_token
from services.assignments.hand_in import Result, hand_in
from services.desk import Desk
from services.integrations.calendar_feeds import FeedKind, token_for
from services.integrations.webhooks import make_hook
from services.planning import drafts as plan_drafts
from services.planning.uploads import read_in
from services.rehearsal.rehearse_apart import mark_of
from services.reporting import publish
from services.settings import Settings
from services.wiring import System
from storage.drafts import Trial
from storage.files import FileStore
from storage.store import Store
from tests.databases import copy, drop
from tests.engines import sharing_statements
from tests.factories import at, make_plan
from tests.services.beginnings import carried_over
from tests.services.live_office import found_office
from tests.web.carried_plans import PLAYED
from tests.web.conftest import DeafScheduler
from tests.web.permission_forms import BODIES, FORMS, RESULT
from tests.web.reading import Client
from web.app import create_app

ROLES: Final = {
    "officer": "chang.officer",
    "head": "chang.head",
    "clerk": "clerk",
    "mayor": "mayor",
    "administrator": "admin",
}
DIVISION: Final = {"own": "chang", "other": "khlang", "vacant": "satharanasuk"}
FOREIGN: Final = "ban-na"
KEPT, WALKED = "kept", "walked"
STATE: Final = {"withdraw": State.HANDED_IN, "decide": State.HANDED_IN}
"""In which state a move finds its assignment; open where nothing is said."""


@dataclass(frozen=True)
class WalkedSystem(System):
    """The system of the walk: its database is replaced when a request has changed it."""

    opened: list[Store] = field(default_factory=list)

    @property
    def store(self) -> Store:
        return self.opened[-1]

    @property
    def files(self) -> FileStore:
        return FileStore(self.settings.folder / "files")

    @property
    def scheduler(self) -> Any:
        return DeafScheduler()

    def clock(self) -> datetime:
        return midyear.now() + timedelta(minutes=1)


class World:
    """The offices, somebody signed in for every role, and one application over them."""

    def __init__(self, folder: Path, server: str | None = None) -> None:
        """Make them in a folder; with a PostgreSQL server they are carried over to it and asked there."""
        self.folder, self.server = folder, server
        store, self.files = midyear.made_in(folder)
        self.tokens = {role: midyear.sign_in(store, person) for role, person in ROLES.items()}
        midyear.sign_in(store, _person(""))
        self.programs = {role: self._program(store, person) for role, person in ROLES.items()}
        self._found_foreign(store)
        # A port that needs a right to listen on: no mailbox of another program gets the walk's letters.
        self.system = WalkedSystem(Settings(home=folder, mailbox_port=1), opened=[store])
        self.secret = self.system.secret
        self.sessions = {role: session_of(store, token, self.system.clock()) for role, token in self.tokens.items()}
        with store.unit_of_work(midyear.OFFICE) as uow:
            self.link = link_to_set_password(Desk.open(uow), "chang.officer", midyear.now(), "admin")
            uow.commit()
        self._fill(store)
        if server:
            carried = Store(copy(server, KEPT))
            carried_over(store, carried)
            carried.close()
        store.close()
        self._kept = folder / "kept.db"
        shutil.copy(folder / "sucharit.db", self._kept)
        self.app = create_app(self.system, limits=())
        self.client = Client(self.app, follow_redirects=False)
        self.put_back()
        self.begun = self.lines()
        """Length of the ledgers as they were made, and as `put_back` leaves them."""

    def _fill(self, store: Store) -> None:
        """A draft of a plan with its questions, and something of every kind that is public."""
        plan = plan_2566().plan
        given = read_in(plan.name, plan.read_bytes())
        sha256 = self.files.put(given.content, what=given.name)
        with store.unit_of_work(midyear.OFFICE) as uow:
            desk = Desk.open(uow)
            self.draft = plan_drafts.keep(desk, given, sha256, by="admin", now=midyear.now()).id
            trial = Trial(
                2566, 1, mark_of(PLAYED.silent), PLAYED.model_dump_json(by_alias=True), midyear.now(), "admin"
            )
            uow.plan_trials.put(trial, most=1)
            self.row = given.review.measures[0].rows[0].row
            public = publish.document_of(publish.public_plan(desk, 2566))
            self.files.put(public, what="plan")
            made = make_hook(
                desk, self.secret, "http://127.0.0.1:1/", ["plan"], by="admin", now=midyear.now(), allows_private=True
            )
            self.hook = made.hook.id
            self.feed = token_for(desk, self.secret, FeedKind.DIVISION, "chang")
            uow.holidays.put(HolidayOverride(date(2023, 6, 16), is_holiday=True, name="วันหยุดประเพณี"))
            publish.publish_plan(desk, public, by="admin", now=midyear.now())
            self._vacate(desk)
            uow.commit()

    def _vacate(self, desk: Desk) -> None:
        """A division whose officer and head are gone, with a report that its officer handed in before."""
        gone = DIVISION["vacant"]
        open_ = midyear.open_in(desk, gone)[0]
        none = Answer(is_none_confirmed=True)
        hand_in(desk, open_, Result("ประชุมแล้ว", none, none), by=f"{gone}.officer", now=midyear.now())
        posts = {f"{gone}.officer", f"{gone}.head"}
        desk.uow.people.save(
            replace(desk.people, holdings=tuple(h for h in desk.people.holdings if h.post not in posts))
        )

    def _program(self, store: Store, person: str) -> Made:
        """A token that was made for everything: what it may do is then what its person may."""
        with store.unit_of_work(midyear.OFFICE) as uow:
            made = make_token(Desk.open(uow), person, Wish("ทดสอบ", list(Scope)), midyear.now(), person)
            uow.commit()
        return made

    def _found_foreign(self, store: Store) -> None:
        foreign = found_office(store, key=FOREIGN, plan=make_plan())
        foreign.advance(at("2023-01-04 09:00"))
        self.foreign = foreign.assignments()[0].id

    def put_back(self) -> None:
        """The database as it was made."""
        assert self.system.send_at_once.finish(30)
        if self.system.opened:
            self.system.opened.pop().close()
        self.system.opened.append(sharing_statements(Store(self._copied(), durable=False)))

    def _copied(self) -> str:
        if self.server:
            drop(self.server, WALKED)
            return copy(self.server, WALKED, of=KEPT)
        for left in self.folder.glob("walked.db*"):
            left.unlink()
        return f"sqlite:///{shutil.copy(self._kept, self.folder / 'walked.db')}"

    def lines(self) -> int:
        """Length of the ledgers: what a refused request must not change."""
        found = 0
        for office in (midyear.OFFICE, FOREIGN):
            with self.system.store.reader(office) as uow:
                found += uow.ledger.head()[0]
        return found

    @cached_property
    def assignments(self) -> list[Assignment]:
        with self.system.store.reader(midyear.OFFICE) as uow:
            return uow.assignments.all()

    @cached_property
    def letter(self) -> str:
        """One of a thousand letters, which are read once: the database is put back after each change."""
        with self.system.store.reader(midyear.OFFICE) as uow:
            return next(iter(uow.letters.all())).id

    def assignment(self, path: str, target: str) -> str:
        if target == "foreign":
            assert self.foreign not in {a.id for a in self.assignments}
            return self.foreign
        wanted = STATE.get(path.rpartition("/")[2], State.OPEN)
        if "/evidence" in path and not path.endswith("deadline"):
            wanted = State.RETURNED if path.endswith("/image") else State.ACCEPTED  # what was returned has a picture
        return next(
            a.id
            for a in self.assignments
            if a.division == DIVISION[target] and a.state is wanted and self._is_wanted(path, a)
        )

    def _is_wanted(self, path: str, found: Assignment) -> bool:
        """Of a measure about complaints nothing becomes public."""
        if not path.startswith("/publishing"):
            return True
        with self.system.reading(midyear.OFFICE) as desk:
            return not publish.is_about_complaints(desk, found)

    def _token(self, path: str, target: str, role: str) -> str:
        if path.startswith("/sign-in"):
            return self.link
        if path.startswith("/calendar"):
            return self.feed if target == "own" else "nonsense"
        if path.startswith("/api"):
            return self.programs.get(role, self.programs["officer"]).token.id
        return self._letter_link(path, target)

    def filled(self, path: str, target: str, role: str) -> str:
        """The address with something for each of its parts."""
        division, foreign = DIVISION.get(target, "chang"), target == "foreign"
        if path.endswith("/deadline") and target == "own":
            path += f"?one={self.assignment('', 'own')}"
        if path == "/inbox/measure":
            path += f"?division={DIVISION.get(target, 'nowhere')}&measure=m3&year=2566"
        letter = "all" if path.endswith("/resend") else self.letter
        parts = {
            "day": "2023-06-16",
            "draft_id": "0" * 16 if foreign else self.draft,
            "fiscal_year": "2566",
            "hook": "0" * 16 if foreign else self.hook,
            "kind": "plan",
            "letter": "no-such-letter" if foreign else letter,
            "message": "nonsense" if foreign else "reminder",
            "office": "nowhere" if foreign else midyear.OFFICE,
            "quarter": "1",
            "revision": "9" if foreign else "1",
            "row_id": self.row,
            "subject": "2566",
            "table": "load",
            "version": "1",
            "assignment_id": self.assignment(path, target) if "{assignment_id}" in path else "",
            "token": self._token(path, target, role),
            "post": "khlang-head" if foreign else f"{division}.{'officer' if path.endswith('/end') else 'head'}",
            "division": "the-chang" if foreign else division,
            "person": "the-chang-officer" if foreign else _person(path),
            "year": "2566",
            "measure": "m1" if foreign else "m3",
            "letter_id": "no-such-letter" if foreign else letter,
            "sha256": self._evidence(path, target),
        }
        for name, value in parts.items():
            path = path.replace(f"{{{name}}}", value)
        assert "{" not in path, f"{path}: say in `parts` what stands here"
        return path

    def _letter_link(self, path: str, target: str) -> str:
        """A letter's link: of a person of the division, of its head, forged, too old, or mailed somewhere else."""
        person = {"head": "chang.head", "other": "khlang.officer", "vacant": "clerk"}.get(target, "chang.officer")
        written_on = midyear.now().date() - timedelta(days=61 if target == "old" else 30)
        secret = b"another installation" if target == "forged" else self.secret
        address = "before@office.example" if target == "moved" else self._addresses[person]
        return assignment_link(secret, midyear.OFFICE, self._linked(path, target), person, written_on, address)

    @cached_property
    def _addresses(self) -> dict[str, str | None]:
        with self.system.reading(midyear.OFFICE) as desk:
            return {person.key: person.email for person in desk.people.persons}

    def _linked(self, path: str, target: str) -> str:
        return self.assignment(path, "vacant" if target == "vacant" else "own")

    def _evidence(self, path: str, target: str) -> str:
        if "{sha256}" not in path:
            return ""
        with self.system.store.reader(midyear.OFFICE) as uow:
            target = target if target in DIVISION else "own"
            return uow.evidence.of(self.assignment(path, target))[0].sha256

    def form(self, path: str, target: str, role: str) -> dict[str, Any]:
        """What the form of the address says, with the token of the role's session."""
        told: dict[str, Any] = dict(FORMS.get(path, FORMS.get(path.rpartition("/")[2], {})))
        if "{assignment_id}" in path or path.startswith("/link/"):
            told["version"] = self._version(path, target)
        if path.endswith("/end-session"):
            person = ROLES.get(role, "admin") if path.startswith("/account") else _person(path)
            seen = sessions_of(self.system.store, midyear.OFFICE, person, now=self.system.clock())
            told["session"] = seen[0].id if seen else "none"
        if path == "/posts/{post}/end":
            told["person"] = f"{DIVISION.get(target, 'chang')}.officer"
        if path == "/inbox/measure":
            whose = target if target in DIVISION else "other"
            ticked = f"{self.assignment('hand-in', whose)}@{self._version('hand-in', whose)}"
            told |= RESULT | {"division": DIVISION.get(target, "nowhere"), "measure": "m3", "year": "2566"}
            told["chosen"] = ticked
        if path == "/review/accept":
            told["chosen"] = f"{self.assignment('decide', 'own')}@{self._version('decide', 'own')}"
        if path.endswith("/revoke"):
            told["token"] = self.programs.get(role, self.programs["officer"]).token.id
        if "/deadline" in path:
            told |= {"one": self.assignment("", "own"), "day": "31/07/2566", "reason": "รอเอกสาร"}
        return {"csrf": self._csrf(path, target, role), **told}

    def _csrf(self, path: str, target: str, role: str) -> str:
        """The token that a page of this visitor carries; that of a letter's link is the link's own."""
        if path.startswith("/link/"):
            link = self._letter_link(path, target)
            return hashlib.sha256(f"csrf:{link}".encode()).hexdigest()[:32]
        session = self.sessions.get(role)
        return session.csrf if session else ""

    def body(self, path: str, target: str) -> dict[str, Any]:
        """What a program says."""
        told: dict[str, Any] = dict(BODIES.get(path, BODIES.get(path.rpartition("/")[2], {})))
        if "{assignment_id}" in path:
            told["version"] = int(self._version(path, target))
        if path.endswith("/hand-ins"):
            told["assignments"] = [{"id": self.assignment("", target), "version": int(self._version("", target))}]
        if path.endswith("/end"):
            told["person"] = f"{DIVISION.get(target, 'chang')}.officer"
        return told

    def _version(self, path: str, target: str) -> str:
        found = self.assignment(path, target if target in {*DIVISION, "foreign"} else "own")
        return next((str(a.version) for a in self.assignments if a.id == found), "1")


def _person(path: str) -> str:
    """Whom the administrator's forms are about: to open an account, somebody without one."""
    return "palad.officer" if path.endswith("/open") else "sueksa.officer"
