"""Send a sign-in link by mail: the letter goes through the outbox like any other, so it is never lost."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from datetime import datetime
from html import escape
from typing import Final

from domain.outbox import Letter
from services.accounts import plain_address
from services.sign_in import ask_link
from services.wake import DEAF
from services.wiring import System

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


def send_sign_in_link(system: System, email: str, *, at: datetime, site: str) -> None:
    """Put a letter with a one-time link into the outbox, if there is such an account; tell nobody whether.

    Args:
        site: Address of the pages, without a slash at its end.
    """
    token = ask_link(system.store, email, at=at)
    account = system.store.entrance.account(plain_address(email)) if token else None
    if token is None or account is None:
        return
    address = f"{site}/sign-in/link/{token}"
    with system.desk(account.office) as desk:
        name = desk.person_name(account.person)
        mark = hashlib.sha256(token.encode()).hexdigest()[:32]
        domain = system.postman(desk.office).domain
        desk.uow.letters.add(
            [
                Letter(
                    id=f"link-{mark}",
                    person=account.person,
                    address=account.email,
                    message_id=f"<link-{mark}@{domain}>",
                    subject=_SUBJECT,
                    text=_TEXT.format(name=name, address=address),
                    html=_HTML.format(name=escape(name), address=escape(address)),
                    notices=(),
                    created_at=at,
                    next_try_at=at,
                )
            ]
        )
        desk.uow.commit()
    with suppress(*DEAF):  # the outbox is looked at every ten minutes anyway
        system.scheduler.trigger("deliver", f"link-{mark}", {"office": account.office})
