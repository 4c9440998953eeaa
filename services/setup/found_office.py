"""Found the office's own place beside the demonstration: the usual divisions and posts, and its administrator."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from domain.errors import BadInputError
from domain.office import Office, OfficeKind
from domain.people import Holding, Level, People, Person
from services.access.accounts import plain_address
from services.access.sign_in import first_administrator_link
from services.office import offices
from services.office.usual_office import ADMINISTRATOR, DEMO_KEY, usual_people
from storage.store import Store

KEY: Final = re.compile(r"[a-z][a-z0-9_]{1,39}")
"""A short name that becomes part of addresses and of names in Prefect."""

_SAO: Final = "องค์การบริหารส่วนตำบล"
_PROVINCIAL: Final = "องค์การบริหารส่วนจังหวัด"
_TITLES: Final = {
    OfficeKind.SAO: {Level.CLERK: f"ปลัด{_SAO}", Level.MAYOR: f"นายก{_SAO}"},
    OfficeKind.PROVINCIAL: {Level.CLERK: f"ปลัด{_PROVINCIAL}", Level.MAYOR: f"นายก{_PROVINCIAL}"},
}
"""Where they are not called ปลัดเทศบาล and นายกเทศมนตรี."""


class OfficeFoundedError(BadInputError):
    """There is an office of one's own; more are made by whoever runs the installation."""

    english = "“{name}” is there already. Whoever runs the service adds another office with `sucharit office create`."
    thai = "มีหน่วยงาน “{name}” อยู่แล้ว ผู้ติดตั้งระบบเพิ่มหน่วยงานอื่นได้ด้วยคำสั่ง `sucharit office create`"


class KeyTakenError(BadInputError):
    """The short name is the demonstration's."""

    english = "The short name “{key}” is the demonstration's. Choose another."
    thai = "ชื่อย่อ “{key}” เป็นของข้อมูลสาธิต โปรดใช้ชื่ออื่น"


class AddressTakenError(BadInputError):
    """Somebody of the demonstration has an account with the address."""

    english = "An account of the demonstration has {email}. Give another address, or close that account first."
    thai = "บัญชีในข้อมูลสาธิตใช้ {email} อยู่ โปรดใช้อีเมลอื่น หรือลบข้อมูลสาธิตก่อน"


@dataclass(frozen=True, slots=True)
class NewOffice:
    """What must be known of an office before anything else; the rest is changed on its own pages."""

    key: str
    name: str
    kind: OfficeKind
    district: str
    province: str
    administrator: str
    email: str


def may_be_founded(store: Store) -> bool:
    """Tell whether there is nothing but a demonstration yet."""
    return all(office.is_demo for office in store.offices())


def found_office(store: Store, wanted: NewOffice, now: datetime) -> str:
    """Make the office of one's own; returns the token of a link by which its administrator comes in.

    Killed in the middle, the office is there and the next start of the service prints such a link.

    Raises:
        OfficeFoundedError: There is an office of one's own already.
        KeyTakenError: The key is the demonstration's.
        AddressTakenError: The address has an account.
    """
    own = [office for office in store.offices() if not office.is_demo]
    if own:
        raise OfficeFoundedError(name=own[0].name)
    if wanted.key == DEMO_KEY:
        raise KeyTakenError(key=wanted.key)
    if store.entrance.account(plain_address(wanted.email)) is not None:
        raise AddressTakenError(email=wanted.email)
    with store.unit_of_work(wanted.key) as uow:
        office = Office(wanted.key, wanted.name, wanted.kind, wanted.district, wanted.province)
        offices.create(uow, office, _people(wanted, office, now), by=ADMINISTRATOR, now=now)
        # The link is a transaction of its own: where this process dies in between, the next start prints one.
        uow.commit()
    return first_administrator_link(store, wanted.key, now)


def _people(wanted: NewOffice, office: Office, now: datetime) -> People:
    """The usual divisions and posts, all vacant but the administrator's."""
    usual, titles = usual_people(), _TITLES.get(wanted.kind, {})
    posts = tuple(replace(post, title=titles.get(post.level, post.title)) for post in usual.posts)
    person = Person(ADMINISTRATOR, wanted.administrator, wanted.email)
    since = now.astimezone(office.settings.zone).date()
    return People(usual.divisions, posts, (person,), (Holding(ADMINISTRATOR, ADMINISTRATOR, since),))
