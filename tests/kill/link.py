"""Asks for a sign-in link, to be killed: `python -m tests.kill.link URL EMAIL PORT NOW`."""

from __future__ import annotations

import sys
from datetime import datetime

from services.access.send_link import send_sign_in_link
from services.outbox.send_at_once import SendAtOnce
from storage.store import Store
from tests.services.live_office import make_mail_sender


def main(url: str, email: str, port: str, now: str) -> None:
    """Store the letter and send it; then wait to be killed."""
    store, at = Store(url), datetime.fromisoformat(now)
    mail_sender = make_mail_sender(int(port), lambda: at, owner="web", timeout_s=20)
    send_at_once = SendAtOnce(lambda: store, lambda _office: mail_sender)
    send_sign_in_link(store, send_at_once, email, now=at, site="https://ita.example", domain=mail_sender.domain)
    sys.stdout.write("stored\n")
    sys.stdout.flush()
    send_at_once.finish(60)


if __name__ == "__main__":
    main(*sys.argv[1:])
