"""Send a sign-in link by mail, at once; it stands in the outbox like any other letter, so it is never lost."""

from __future__ import annotations

import hashlib
from datetime import datetime
from html import escape
from typing import Final

from domain.outbox import Letter
from services.access.accounts import plain_address
from services.access.sign_in import ask_link
from services.outbox.send_at_once import SendAtOnce
from storage.accounts import Account
from storage.store import Store

_SUBJECT: Final = "ลิงก์เข้าใช้ระบบสุจริต (ใช้ได้ ๒๐ นาที)"
_TEXT: Final = """เรียน {name}

มีการขอลิงก์เข้าใช้ระบบสุจริตสำหรับอีเมลนี้ เปิดลิงก์แล้วกดปุ่มเพื่อเข้าใช้งาน ใช้ได้ครั้งเดียวภายใน ๒๐ นาที:

{address}

หากท่านไม่ได้ขอ ไม่ต้องทำอะไร ไม่มีใครเข้าใช้บัญชีของท่านได้จากการขอนี้
"""
_HTML: Final = """<p>เรียน {name}</p>
<p>มีการขอลิงก์เข้าใช้ระบบสุจริตสำหรับอีเมลนี้ เปิดลิงก์แล้วกดปุ่มเพื่อเข้าใช้งาน ใช้ได้ครั้งเดียวภายใน ๒๐ นาที:</p>
<p><a href="{address}">{address}</a></p>
<p>หากท่านไม่ได้ขอ ไม่ต้องทำอะไร ไม่มีใครเข้าใช้บัญชีของท่านได้จากการขอนี้</p>
"""


def send_sign_in_link(
    store: Store, send_at_once: SendAtOnce, email: str, *, now: datetime, site: str, domain: str
) -> None:
    """Send a letter with a one-time link, if there is such an account; tell nobody whether.

    Args:
        site: Address of the pages, without a slash at its end.
        domain: Right-hand side of the letter's Message-ID.
    """
    token = ask_link(store, email, now=now)
    account = store.entrance.account(plain_address(email)) if token else None
    if token is None or account is None:
        return
    with store.unit_of_work(account.office) as uow:
        person = uow.people.get().person(account.person)
        letter = _letter(
            account, person.name if person else account.person, f"{site}/sign-in/link/{token}", now, domain
        )
        uow.letters.add([letter])
        # The lease on the letter is committed with the letter: the outbox must not send it a second time meanwhile.
        with send_at_once.after(uow, letter.id):
            uow.commit()


def _letter(account: Account, name: str, address: str, now: datetime, domain: str) -> Letter:
    mark = hashlib.sha256(address.rpartition("/")[2].encode()).hexdigest()[:32]
    return Letter(
        id=f"link-{mark}",
        person=account.person,
        address=account.email,
        message_id=f"<link-{mark}@{domain}>",
        subject=_SUBJECT,
        text=_TEXT.format(name=name, address=address),
        html=_HTML.format(name=escape(name), address=escape(address)),
        notices=(),
        created_at=now,
        next_try_at=now,
    )
