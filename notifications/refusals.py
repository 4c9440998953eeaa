"""What a mail server's refusal means: by its codes, by its words, and by the command that it answers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from notifications.faults import (
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


class Stage(StrEnum):
    """The command that was answered."""

    GREETING = "greeting"  # the banner and EHLO
    MAIL = "MAIL"
    RCPT = "RCPT"
    DATA = "DATA"  # may the letter come?
    END = "end of DATA"  # was it taken?


ANYWHERE: Final = frozenset(Stage)
FIRST: Final = frozenset({Stage.GREETING})
SENDER: Final = frozenset({Stage.MAIL})
RECIPIENT: Final = frozenset({Stage.RCPT})
LETTER: Final = frozenset({Stage.DATA, Stage.END})
LAST: Final = frozenset({Stage.END})
NAMED: Final = RECIPIENT | LETTER
"""From here on the server knows for whom the letter is."""


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of refusal; what is not given fits all.

    Attributes:
        reply: Pattern of the whole SMTP code.
        enhanced: Pattern of the enhanced code behind its first digit (`7.26`); empty where the server gave none.
        words: Pattern of what was said.
    """

    kind: type[DeliveryError]
    at: frozenset[Stage] = ANYWHERE
    reply: str = r".*"
    enhanced: str | None = None
    words: str | None = None

    def fits(self, stage: Stage, code: int, enhanced: str, said: str) -> bool:
        """Tell whether this row is about such an answer."""
        return (
            stage in self.at
            and re.fullmatch(self.reply, str(code)) is not None
            and (self.enhanced is None or re.fullmatch(self.enhanced, enhanced) is not None)
            and (self.words is None or re.search(self.words, said, re.IGNORECASE) is not None)
        )


_AUTH: Final = r"53[0458]"
_FOR_NOW: Final = r"4\d\d"
_FOR_GOOD: Final = r"5\d\d"
_ANY: Final = r"[45]\d\d"
_POLICY: Final = r"|[07]\.\d+"
"""No enhanced code, or one that leaves the cause to the words."""

_SENDER: Final = r"sender (address )?(rejected|denied|verify)|send ?as|not owned by user|sender thread"
_BLOCKED: Final = (
    r"spamhaus|spamcop|barracuda|sorbs|(block|black|deny).?list|\brbl\b|dnsbl|(?<!not )\blisted (at|in|on|by)\b"
    r"|reputation|\bbanned\b|unsolicited|suspicious|\bspam\b|blocked (using|for|due)|client host"
    r"|\bthe ip you|your (ip|host|network)"
)
_UNPROVEN: Final = r"\b(spf|dkim|dmarc)\b|unauthenticated (e?mail|sender)|authentication checks|reverse dns"
_TOO_MUCH: Final = (
    r"\brate\b|too (many|much|fast|quick)|throttl|limit exceeded"
    r"|exceeded .{0,40}(limit|quota)|(hour|dai)ly .{0,40}(limit|quota)"
)
_FULL: Final = r"over ?quota|(?<!sending )quota (is )?(exceeded|full)|(mailbox|inbox).{0,20}\bfull|out of storage"
_NOBODY: Final = (
    r"(user|mailbox|recipient|account) (is )?(unknown|not found|disabled|inactive)|no such|unknown (user|recipient)"
)
_HARMFUL: Final = r"virus|malware|infected|attachment|executable|security issue"
_RESTRICTED: Final = r"not authorized|restricted|permission|not allowed|access denied|recipient address rejected"

ROWS: Final[tuple[Row, ...]] = (
    # The way to the server, and the login.
    Row(InsecureServerError, SENDER, _FOR_GOOD, words=r"starttls|must use tls|requires? (ssl|tls|encryption)"),
    Row(RelayRefusedError, RECIPIENT, _AUTH),  # one recipient's; the line finds out whether it is everybody's
    Row(LoginRefusedError, SENDER | LETTER, _AUTH),
    Row(LoginRefusedError, SENDER, _FOR_GOOD, r"7\.(3|57|8|9)"),
    # The receiving side's own limits and rules, which read like ours.
    Row(TryLaterError, NAMED, _FOR_NOW, words=r"gr[ae]y.?list"),
    Row(TryLaterError, NAMED, _FOR_NOW, words=r"rcpt domain|receiving (e?mail|messages)|recipient.{0,20}thread limit"),
    Row(TryLaterError, NAMED, _ANY, r"2\.2"),
    Row(TryLaterError, NAMED, _ANY, _POLICY, _FULL),
    Row(RestrictedRecipientError, NAMED, _FOR_GOOD, r"7\.(12[49]|13[3-6]|50[457]|513)"),
    # Our letter's words.
    Row(ContentRefusedError, LETTER, _FOR_GOOD, words=_HARMFUL),
    # The sender: address, proof, name, number of letters.
    Row(BlockedSenderError, ANYWHERE, _ANY, r"1\.8", r"outbound"),
    Row(SenderRefusedError, SENDER | NAMED, _ANY, r"1\.[78]|7\.(60|750)|2\.252"),
    Row(SenderRefusedError, SENDER | NAMED, _ANY, words=_SENDER),
    Row(RecipientRefusedError, NAMED, _FOR_GOOD, _POLICY, _NOBODY),  # may go on about spam, as some do
    Row(UnprovenSenderError, SENDER | NAMED, _ANY, r"7\.(2[0-79]|3[02]|509|515)"),
    Row(RateLimitedError, SENDER | NAMED, _FOR_NOW, r"7\.(28|5\d\d|6(?!50)\d\d|8[5-9]\d)"),
    Row(RateLimitedError, SENDER | NAMED, _ANY, r"4\.5", r"\bsend"),
    Row(RateLimitedError, SENDER | NAMED, _ANY, r"1\.90|7\.(508|705)"),
    Row(BlockedSenderError, SENDER | NAMED, _ANY, r"7\.(28|50[1236]|511|6[0-4]\d|7[0-4]\d|650)"),
    Row(BlockedSenderError, FIRST, _FOR_GOOD, words=_BLOCKED),
    Row(UnprovenSenderError, SENDER | NAMED, _ANY, _POLICY, _UNPROVEN),
    Row(RateLimitedError, SENDER | NAMED, _FOR_NOW, r"|[057]\.\d+|2\.1", _TOO_MUCH),
    Row(BlockedSenderError, SENDER | NAMED, _ANY, _POLICY, _BLOCKED),
    Row(RateLimitedError, SENDER | NAMED, _FOR_GOOD, _POLICY, _TOO_MUCH),
    Row(RateLimitedError, SENDER | NAMED, r"421", r"7\.0"),
    # What is left of the first commands: no letter was named yet.
    Row(SenderRefusedError, SENDER, _FOR_GOOD),
    Row(ClosedServerError, FIRST | SENDER),
    # What passes by itself.
    Row(RelayRefusedError, RECIPIENT, _ANY, r"(?!1\.).*", words=r"relay"),
    Row(TryLaterError, NAMED, _FOR_NOW),
    Row(TryLaterError, NAMED, _FOR_GOOD, r"3\.[12]|4\.([02-9]|\d\d+)"),
    Row(TryLaterError, NAMED, r"503"),
    Row(TryLaterError, RECIPIENT, r"552", r""),
    # The letter's size and form; the recipient; a rule that nobody names.
    Row(ContentRefusedError, NAMED, _FOR_GOOD, r"3\.4|2\.3|6\.\d+"),
    Row(RelayRefusedError, RECIPIENT, _FOR_GOOD, r"7\.1", r"access denied"),
    Row(RestrictedRecipientError, RECIPIENT, _FOR_GOOD, r"7\.\d+", _RESTRICTED),
    Row(TryLaterError, RECIPIENT, _FOR_GOOD, r"7\.\d+"),
    Row(RecipientRefusedError, RECIPIENT, _FOR_GOOD),
    Row(RecipientRefusedError, LETTER, _FOR_GOOD, r"1\.\d+|2\.1|4\.1"),
    Row(BlockedSenderError, LETTER, _FOR_GOOD, r"7\.\d+"),
    Row(ContentRefusedError, LETTER, _FOR_GOOD),
    # No answer that SMTP knows; after the last line it may have been a yes.
    Row(UnclearAnswerError, LAST),
    Row(TryLaterError, NAMED),
)
"""What refusals mean; the first row that fits counts.

Sources: RFC 5321 (reply codes; 4.2.3: 552 at RCPT without more is a full mailbox), RFC 3463 and RFC 7372 (enhanced
codes; x.7.20 to x.7.26 authentication) and the IANA registry of enhanced codes; Google, "Gmail SMTP errors and codes"
(5.7.26 to 5.7.32, 4.7.28, 5.4.5, and 4.2.1 for either side); Microsoft, "Email non-delivery reports in Exchange Online"
(5.1.8, 5.1.90, 5.4.1 and 5.1.10 for unknown recipients, 5.7.60, 5.7.124 to 5.7.136, 4.7.500 to 4.7.699, 5.7.501 to
5.7.515, 5.7.606 to 5.7.649, 5.7.705, 5.7.708, 4.7.850 to 4.7.899); Postfix, access(5) and postconf(5) ("Client host
rejected", "Sender address rejected", "Relay access denied" and, to whoever gave no login, "Recipient address rejected:
Access denied" with 5.7.1 are said at RCPT, for it delays them); Exim's default
ACLs ("relay not permitted", "Sender verify failed"). 5.4.4 is usually a DNS server that did not answer the relay, so it
heals.

What nobody can tell waits as a fault of the destination: it neither stops the others nor is it given up at once.
"""

_ENHANCED: Final = re.compile(r"(?:^\s*|#)[245]\.(\d{1,3}\.\d{1,3})\b")


def row_of(stage: Stage, code: int, said: str) -> Row:
    """The row of `ROWS` about an answer that was no yes; -1 stands for an answer that is no SMTP."""
    match = _ENHANCED.search(said)
    enhanced = match[1] if match else ""
    return next(row for row in ROWS if row.fits(stage, code, enhanced, said))
