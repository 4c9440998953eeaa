"""The mail server of the settings, in one place: delivery, letters that leave at once and the doctor all use this."""

from __future__ import annotations

from notifications.email import SmtpSettings
from services.settings import Settings


def mail_server(settings: Settings) -> SmtpSettings:
    """The server that letters leave by: the one that is set, else the mailbox on this machine."""
    if not settings.smtp_host:
        return local_mailbox(settings)
    return SmtpSettings(
        host=settings.smtp_host,
        port=settings.smtp_port,
        # An empty name is no name: a server without login refuses whoever tries to log in.
        username=settings.smtp_username or None,
        password=settings.password or None,
        tls=settings.smtp_tls,
        timeout_s=settings.smtp_timeout_s,
        sender=settings.sender,
    )


def local_mailbox(settings: Settings) -> SmtpSettings:
    """The mailbox on this machine, spoken to by SMTP like any other server."""
    return SmtpSettings(host="127.0.0.1", port=settings.mailbox_port, tls="none", timeout_s=10, sender=settings.sender)
