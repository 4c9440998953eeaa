"""What a refusal means: each row of the table, with what real servers say."""

from __future__ import annotations

import pytest

from notifications.faults import (
    Blame,
    BlockedSenderError,
    ClosedServerError,
    ContentRefusedError,
    DeliveryError,
    InsecureServerError,
    LoginRefusedError,
    RateLimitedError,
    RecipientRefusedError,
    RelayRefusedError,
    RestrictedRecipientError,
    SenderRefusedError,
    TryLaterError,
    UnclearAnswerError,
    UnprovenSenderError,
)
from notifications.refusals import ROWS, Stage, row_of

GREETING, MAIL, RCPT, DATA, END = Stage

SAID: list[tuple[Stage, str, type[DeliveryError]]] = [
    # the way and the login
    (MAIL, "530 5.7.0 Must issue a STARTTLS command first", InsecureServerError),
    (RCPT, "530 5.7.0 Authentication required", RelayRefusedError),
    (MAIL, "530 5.7.0 Authentication required", LoginRefusedError),
    (END, "530 5.7.1 Client was not authenticated", LoginRefusedError),
    (MAIL, "550 5.7.57 Client was not authenticated to send anonymous mail during MAIL FROM", LoginRefusedError),
    (GREETING, "421 4.3.2 Service not available, closing channel", ClosedServerError),
    (GREETING, "421 4.7.0 too many connections from your IP", ClosedServerError),
    (GREETING, "554 5.7.1 no SMTP service here", ClosedServerError),
    (MAIL, "452 4.3.1 Insufficient system storage", ClosedServerError),
    (MAIL, "-1 Malformed SMTP response line", ClosedServerError),
    # the receiving side's own rules
    (RCPT, "451 4.7.1 Greylisting in action, please come back later", TryLaterError),
    (RCPT, "450 4.2.0 <a@b.example>: Recipient address rejected: Greylisted", TryLaterError),
    (RCPT, "450 you have been grey-listed, too many tries", TryLaterError),
    (RCPT, "450 4.7.1 <a@b.example>: please try again", TryLaterError),
    (RCPT, "450 4.2.1 The user you are trying to contact is receiving mail too quickly", TryLaterError),
    (RCPT, "432 4.3.2 STOREDRV.Deliver; recipient thread limit exceeded", TryLaterError),
    (END, "421 4.7.0 TLS required for RCPT domain, closing connection", TryLaterError),
    (RCPT, "452 4.2.2 over quota", TryLaterError),
    (END, "552 5.2.2 mailbox full", TryLaterError),
    (END, "550 5.7.1 email quota exceeded", TryLaterError),
    (RCPT, "552 mailbox full", TryLaterError),
    (END, "552 Mailbox is full", TryLaterError),
    (RCPT, "552 too little room", TryLaterError),
    (RCPT, "451 4.3.0 local error", TryLaterError),
    (RCPT, "421 4.3.0 closing", TryLaterError),
    (END, "451 4.4.2 Timeout - closing connection", TryLaterError),
    (RCPT, "550 5.4.4 unable to route", TryLaterError),
    (END, "554 5.3.2 system not accepting network messages", TryLaterError),
    (RCPT, "503 5.5.1 MAIL first", TryLaterError),
    (RCPT, "550 5.7.1 rejected by a rule", TryLaterError),
    (RCPT, "-1 Malformed SMTP response line", TryLaterError),
    (RCPT, "554 5.7.1 <a@b.example>: Relay access denied", RelayRefusedError),
    (RCPT, "454 4.7.1 <a@b.example>: Relay access denied", RelayRefusedError),
    (RCPT, "550 relay not permitted", RelayRefusedError),
    (RCPT, "550 5.7.64 TenantAttribution; Relay Access Denied", RelayRefusedError),
    # the recipient
    (RCPT, "550 5.1.1 The email account that you tried to reach does not exist", RecipientRefusedError),
    (END, "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found", RecipientRefusedError),
    (RCPT, "550 5.4.1 Recipient address rejected: Access denied", RecipientRefusedError),
    (RCPT, "550 5.2.1 The email account that you tried to reach is disabled", RecipientRefusedError),
    (RCPT, "550 5.1.1 user blocked", RecipientRefusedError),
    (RCPT, "550 no mailbox here", RecipientRefusedError),
    (RCPT, "550 user not listed in public directory", RecipientRefusedError),
    (RCPT, "550 sorry, no mailbox here by that name (#5.1.1)", RecipientRefusedError),
    (RCPT, "550 User unknown; not every spam is read", RecipientRefusedError),
    (RCPT, "550 5.7.1 not authorized to send to the recipient", RestrictedRecipientError),
    (RCPT, "554 5.7.1 <a@b.example>: Recipient address rejected: Access denied", RelayRefusedError),
    (RCPT, "550 5.1.1 <a@b.example>: User unknown in relay recipient table", RecipientRefusedError),
    (RCPT, "550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup", RestrictedRecipientError),
    (END, "550 5.7.513 Client host blocked by b.example using Customer Block list", RestrictedRecipientError),
    # the letter
    (RCPT, "552 5.3.4 message too big", ContentRefusedError),
    (END, "552 5.3.4 Your message exceeded Google's message size limits", ContentRefusedError),
    (DATA, "552 message size exceeds the fixed maximum", ContentRefusedError),
    (END, "554 5.6.0 malformed", ContentRefusedError),
    (END, "550 5.7.1 virus found, reported to spamcop", ContentRefusedError),
    (END, "552 5.7.0 blocked because its content presents a potential security issue", ContentRefusedError),
    (END, "554 transaction failed", ContentRefusedError),
    # the sender: address
    (MAIL, "550 5.7.1 not your address", SenderRefusedError),
    (RCPT, "553 5.7.1 <ita@office.example>: Sender address rejected: not owned by user ita", SenderRefusedError),
    (RCPT, "450 4.1.8 <ita@office.example>: Sender address rejected: Domain not found", SenderRefusedError),
    (RCPT, "550 Sender verify failed", SenderRefusedError),
    (END, "550 5.7.60 SMTP; Client does not have permissions to send as this sender", SenderRefusedError),
    (END, "554 5.2.252 SendAsDenied; ita@office.example not allowed to send as other", SenderRefusedError),
    # the sender: proof
    (END, "550 5.7.26 This mail has been blocked because the sender is unauthenticated", UnprovenSenderError),
    (END, "550 5.7.27 SPF authentication did not pass", UnprovenSenderError),
    (END, "550 5.7.509 Access denied, sending domain does not pass DMARC verification", UnprovenSenderError),
    (END, "421 4.7.26 This mail has been rate limited because it is unauthenticated", UnprovenSenderError),
    (RCPT, "550 5.7.23 Sender Policy Framework violation", UnprovenSenderError),
    (END, "550 5.7.1 fails to pass authentication checks (SPF or DKIM)", UnprovenSenderError),
    (RCPT, "550 rejected: SPF fail", UnprovenSenderError),
    # the sender: name
    (END, "550 5.7.28 an unusual rate of unsolicited mail originating from your IP address", BlockedSenderError),
    (END, "550 5.7.1 very low reputation of the sending domain", BlockedSenderError),
    (END, "554 5.7.1 looks like spam", BlockedSenderError),
    (END, "550 5.7.1 message refused by policy", BlockedSenderError),
    (MAIL, "501 5.1.8 Access denied, bad outbound sender", BlockedSenderError),
    (END, "550 5.1.8 Access denied, bad outbound sender AS(42004)", BlockedSenderError),
    (RCPT, "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org", BlockedSenderError),
    (RCPT, "550 192.0.2.1 is listed at bl.spamcop.net", BlockedSenderError),
    (RCPT, "550 5.7.606 Access denied, banned sending IP [192.0.2.1]", BlockedSenderError),
    (END, "550 5.7.708 Service unavailable. Access denied, traffic not accepted from this IP", BlockedSenderError),
    (MAIL, "554 5.7.1 blocked using zen.spamhaus.org", BlockedSenderError),
    (GREETING, "554 192.0.2.1 is on our block list", BlockedSenderError),
    # the sender: number of letters
    (END, "550 5.4.5 Daily user sending quota exceeded", RateLimitedError),
    (RCPT, "421 4.7.28 Gmail has detected an unusual rate of mail", RateLimitedError),
    (MAIL, "451 4.7.500 Server busy. Please try again later", RateLimitedError),
    (RCPT, "421 4.7.0 Try again later, closing connection", RateLimitedError),
    (RCPT, "451 4.7.1 too many messages, slow down", RateLimitedError),
    (MAIL, "450 4.7.1 Error: too much mail from 192.0.2.1", RateLimitedError),
    (RCPT, "452 4.5.3 Too many recipients", RateLimitedError),
    (RCPT, "450 4.2.1 Peak SMTP relay limit exceeded for customer", RateLimitedError),
    (MAIL, "550 5.7.508 Access denied, IP has exceeded the rate limit", RateLimitedError),
    (END, "550 5.1.90 Your message can't be sent because you've reached your daily limit", RateLimitedError),
    (END, "554 hourly sending limit reached", RateLimitedError),
    # no answer at all
    (END, "-1 Malformed SMTP response line: thanks", UnclearAnswerError),
    (END, "354 go on", UnclearAnswerError),
]


def row(stage: Stage, said: str) -> object:
    code, _, words = said.partition(" ")
    return row_of(stage, int(code), words)


@pytest.mark.parametrize(("stage", "said", "kind"), SAID)
def test_a_refusal_is_told_by_its_codes_its_words_and_where_it_was_said(
    stage: Stage, said: str, kind: type[DeliveryError]
) -> None:
    code, _, words = said.partition(" ")
    assert row_of(stage, int(code), words).kind is kind


def test_every_row_of_the_table_is_said_by_some_server() -> None:
    met = {id(row(stage, said)) for stage, said, _ in SAID}
    assert [row for row in ROWS if id(row) not in met] == []


@pytest.mark.parametrize("stage", Stage)
def test_every_answer_has_a_meaning_and_none_before_rcpt_blames_a_recipient(stage: Stage) -> None:
    for code in (-1, 251, 354, *range(400, 600)):
        for words in ("", "5.7.1 no", "4.2.1 wait", "5.1.1 who?", "#5.6.7"):
            blame = row_of(stage, code, words).kind.blame
            assert stage in {RCPT, DATA, END} or blame in {Blame.CONNECTION, Blame.ACCOUNT}
