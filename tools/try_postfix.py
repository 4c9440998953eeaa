"""Tries our letters on Debian's Postfix, on loopback: `make try-postfix`.

As root, with Debian's packages `postfix` and `sasl2-bin`; a private Postfix, with its configuration and queue in a
folder that goes again, on ports of its own. It sends nothing anywhere: what it takes stays in its queue, out of which
`postcat` reads it back. Ends with code 1 where something is not as it should be.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from bench.live import free_ports
from notifications import faults
from notifications.channel import Failed, Letter, Sent
from notifications.email import EmailChannel, SmtpSettings, build, message_id
from notifications.message import Rendered, render
from tests.notifications.factories import make_message
from tools.greylist import greylisting

SENDER = "เทศบาลตำบลตัวอย่าง <ita@office.example>"
LOGIN, PASSWORD, REALM = "ita", "not-a-secret", "office.example"
REACHED, UNKNOWN, FULL = "somsri@letters.example", "nobody@letters.example", "full@letters.example"
_NEEDED = {
    "postfix": "/usr/sbin/postfix",
    "sasl2-bin": "/usr/sbin/saslpasswd2",
    "openssl": "/usr/bin/openssl",
}

_MAIN = """
compatibility_level = 3.6
mail_owner = postfix
setgid_group = postdrop
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
myhostname = mx.letters.example
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
alias_database =
relay_domains = letters.example
relay_recipient_maps = inline:{{ {reached}=x, {full}=x }}
smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject
smtpd_recipient_restrictions = check_recipient_access inline:{{ {{ {full} = 452 4.2.2 The mailbox is over quota }} }}
smtpd_end_of_data_restrictions = check_client_access static:HOLD
smtpd_tls_cert_file = {folder}/server.pem
smtpd_tls_key_file = {folder}/server.pem
smtpd_tls_session_cache_database =
smtpd_sasl_path = smtpd
smtpd_sasl_local_domain = {realm}
"""

_MASTER = """
127.0.0.1:{plain} inet n - n - - smtpd
127.0.0.1:{tls} inet n - n - - smtpd -o smtpd_tls_security_level=encrypt
127.0.0.1:{login} inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt -o smtpd_sasl_auth_enable=yes -o smtpd_tls_auth_only=yes
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
127.0.0.1:{grey} inet n - n - - smtpd
  -o smtpd_recipient_restrictions=check_policy_service,inet:127.0.0.1:{policy}
postlog unix-dgram n - n - 1 postlogd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
local unix - n n - - local
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
"""

_SASL = """
pwcheck_method: auxprop
auxprop_plugin: sasldb
mech_list: PLAIN LOGIN
sasldb_path: {folder}/etc/sasl/sasldb
"""


@dataclass(frozen=True)
class Postfix:
    """A running Postfix and the ports of its kinds of entrance."""

    folder: Path
    ports: dict[str, int]

    def settings(self, port: str, **facts: Any) -> SmtpSettings:
        """Ours for one of them."""
        return SmtpSettings(host="127.0.0.1", port=self.ports[port], sender=SENDER, **{"tls": "none", **facts})

    def queue(self) -> dict[str, EmailMessage]:
        """What lies in the queue, by Message-ID, as `postcat` shows it."""
        mails = {}
        for file in sorted((self.folder / "queue" / "hold").rglob("*")):
            if file.is_file():
                command = ["postcat", "-c", self.folder / "etc", "-q", "-h", "-b", file.name]
                mail = message_from_bytes(_run(*command).stdout, policy=default)
                assert isinstance(mail, EmailMessage)
                mails[str(mail["Message-ID"])] = mail
        return mails


@contextmanager
def postfix() -> Iterator[Postfix]:
    """A Postfix of our own until the block ends; nothing of it stays behind."""
    names = ("plain", "tls", "login", "grey")
    ports = dict(zip(names, free_ports(len(names)), strict=True))
    with tempfile.TemporaryDirectory(prefix="postfix-") as scratch, greylisting() as policy:
        folder = Path(scratch)
        folder.chmod(0o755)
        _configure(folder, {**ports, "policy": policy})
        command = ("postfix", "-c", folder / "etc")
        _run(*command, "start")
        try:
            yield Postfix(folder, ports)
        finally:
            _run(*command, "stop", is_checked=False)
            end = time.monotonic() + 10
            while _run(*command, "status", is_checked=False).returncode == 0 and time.monotonic() < end:
                time.sleep(0.1)


def _configure(folder: Path, ports: dict[str, int]) -> None:
    for name in ("etc", "queue", "data", "etc/sasl"):
        (folder / name).mkdir()
    shutil.chown(folder / "data", "postfix")
    facts = {"folder": folder, "realm": REALM, "reached": REACHED, "full": FULL}
    (folder / "etc" / "main.cf").write_text(_MAIN.format(**facts))
    (folder / "etc" / "master.cf").write_text(_MASTER.format(**ports))
    (folder / "etc" / "sasl" / "smtpd.conf").write_text(_SASL.format(**facts))
    saslpasswd = ("saslpasswd2", "-p", "-c", "-u", REALM, "-f", folder / "etc" / "sasl" / "sasldb", LOGIN)
    _run(*saslpasswd, given=PASSWORD.encode())
    shutil.chown(folder / "etc" / "sasl" / "sasldb", "postfix")
    pem = folder / "server.pem"
    names = ("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1")
    _run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *names, "-keyout", pem, "-out", pem)
    certificate = _run("openssl", "x509", "-in", pem).stdout
    (folder / "ca.pem").write_bytes(certificate)
    key = _run("openssl", "pkey", "-in", pem, is_checked=False).stdout or pem.read_bytes()
    pem.write_bytes(key if b"CERTIFICATE" in key else key + certificate)


def _run(*argv: object, given: bytes | None = None, is_checked: bool = True) -> subprocess.CompletedProcess[bytes]:
    done = subprocess.run([*map(str, argv)], input=given, capture_output=True, check=False)
    if is_checked and done.returncode:
        raise SystemExit(f"{argv[0]} failed: {done.stderr.decode(errors='replace').strip()}")
    return done


@dataclass(frozen=True)
class Trial:
    """What is tried, and what must come of it: a letter that leaves (None), or a fault of this kind."""

    name: str
    port: str
    to: str = REACHED
    ends: type[faults.DeliveryError] | None = None
    settings: tuple[tuple[str, Any], ...] = ()

    def settings_of(self, server: Postfix) -> SmtpSettings:
        """Ours for it."""
        facts = {name: server.folder / what if name == "ca_file" else what for name, what in self.settings}
        return server.settings(self.port, **facts)


_TLS = ("tls", "starttls")
_TRUSTED = ("ca_file", "ca.pem")
_AS_US = (("username", f"{LOGIN}@{REALM}"), ("password", PASSWORD))
TRIALS: Sequence[Trial] = (
    Trial("relay without login", "plain"),
    Trial("STARTTLS without login", "tls", settings=(_TLS, _TRUSTED)),
    Trial("STARTTLS with login (Cyrus SASL)", "login", settings=(_TLS, _TRUSTED, *_AS_US)),
    Trial("a wrong password", "login", ends=faults.LoginRefusedError,
          settings=(_TLS, _TRUSTED, _AS_US[0], ("password", "wrong"))),
    Trial("no login where one is wanted", "login", ends=faults.RelayRefusedError, settings=(_TLS, _TRUSTED)),
    Trial("no TLS where it is wanted", "tls", ends=faults.InsecureServerError),
    Trial("a certificate that nobody vouches for", "tls", ends=faults.InsecureServerError, settings=(_TLS,)),
    Trial("greylisting, first try", "grey", ends=faults.TryLaterError),
    Trial("greylisting, second try", "grey"),
    Trial("a mailbox over quota", "plain", FULL, faults.TryLaterError),
    Trial("an unknown recipient", "plain", UNKNOWN, faults.RecipientRefusedError),
)  # fmt: skip


def main() -> None:
    """Try everything, print a line for each and what is read back."""
    missing = [package for package, program in _NEEDED.items() if not Path(program).exists()]
    if missing or os.getuid() != 0:
        packages = " ".join(missing or _NEEDED)
        raise SystemExit(f"This needs root and Debian's packages; install them first: apt-get install {packages}")
    broken = []
    with postfix() as server:
        version = _run("postconf", "-c", server.folder / "etc", "-h", "mail_version").stdout.decode().strip()
        print(f"Postfix {version} on loopback\n\n{'tried':50}{'as it should':>13}  what came of it")
        wanted = {}
        for trial in TRIALS:
            letter, words = _letter(trial)
            said, is_right = _outcome(trial, letter, server)
            print(f"{trial.name:50}{'yes' if is_right else 'NO':>13}  {said}")
            broken += [] if is_right else [trial.name]
            if trial.ends is None:
                wanted[str(letter.mail["Message-ID"])] = (trial, letter, words)
        queue = server.queue()
        broken += [f"{len(queue)} letters in the queue, {len(wanted)} left"] if queue.keys() != wanted.keys() else []
        for identity, (trial, letter, words) in wanted.items():
            odd = _differences(queue[identity], letter, words) if identity in queue else ["it is not there"]
            read = "; ".join(odd) or _shown(queue[identity])
            print(f"{f'in the queue: {trial.name}':50}{'NO' if odd else 'yes':>13}  {read}")
            broken += odd
    sys.exit(1 if broken else 0)


def _letter(trial: Trial) -> tuple[Letter, Rendered]:
    key = f"{trial.name.partition(',')[0]} {trial.to}"
    words = render(make_message(person_name=f"นางสาวสมศรี มีสุข ({key})"))
    mail = build(words, sender=SENDER, to=trial.to, message_id=message_id(key, "office.example"), date=_NOW)
    return Letter(key, trial.to, mail), words


_NOW = datetime.now(UTC).replace(microsecond=0)


def _outcome(trial: Trial, letter: Letter, server: Postfix) -> tuple[str, bool]:
    async def sent() -> Sent | Failed:
        async with aclosing(EmailChannel(trial.settings_of(server)).send([letter])) as deliveries:
            return (await anext(deliveries)).outcome

    outcome = asyncio.run(sent())
    if isinstance(outcome, Sent):
        return outcome.reply, trial.ends is None
    return f"{type(outcome.error).__name__}: {outcome.error.facts.get('reply', '')}", type(outcome.error) is trial.ends


def _differences(mail: EmailMessage, letter: Letter, words: Rendered) -> list[str]:
    """What is not in the queue as it was written."""
    plain, html = mail.get_body(["plain"]), mail.get_body(["html"])
    found = {
        "Subject": (str(mail["Subject"]), words.subject),
        # Python's reader of addresses keeps the space between two encoded words, which RFC 2047 (6.2) drops.
        "From": (str(make_header(decode_header(_raw(mail, "From")))), SENDER),
        "To": (str(mail["To"]), letter.to),
        "Date": (mail["Date"].datetime, _NOW),
        "Auto-Submitted": (str(mail["Auto-Submitted"]), "auto-generated"),
        "the text": (_lines(plain), words.text.splitlines()),
        "the HTML": (_lines(html), words.html.splitlines()),
    }
    return [f"{name} is {is_so!r}, not {should!r}" for name, (is_so, should) in found.items() if is_so != should]


def _raw(mail: EmailMessage, name: str) -> str:
    return next(str(value) for header, value in mail.raw_items() if header == name)


def _lines(part: Any) -> list[str]:
    return part.get_content().splitlines() if part is not None else []


def _shown(mail: EmailMessage) -> str:
    return f"{mail['Date']}, {mail['Auto-Submitted']}: {mail['Subject']}"


if __name__ == "__main__":
    main()
