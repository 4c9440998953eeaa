"""What can go wrong on the way to a mailbox, each with a sentence for the administrator."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from domain.errors import SucharitError


class Blame(StrEnum):
    """What a fault lies with, which says what must wait and what may go on."""

    RECIPIENT = "recipient"  # this address is refused for good; somebody must give another
    MESSAGE = "message"  # this letter's words or size are refused for good
    DESTINATION = "destination"  # this recipient or its domain, for now: its letters wait, others go
    CONNECTION = "connection"  # the server or the way to it, for now: every letter waits
    ACCOUNT = "account"  # login, sender's address, reputation, rate: nothing leaves until somebody acts or time passes


class DeliveryError(SucharitError):
    """A letter that did not leave.

    Attributes:
        blame: What the fault lies with.
        is_unsure: The letter may have been taken although nobody said so: it goes again unchanged, or not at all.
        is_untried: The letter was not offered to the server: this was no try, and says nothing about its recipient.
        is_unforeseen: A fault of the program, which must be seen although it holds up this letter only.
    """

    blame: ClassVar[Blame] = Blame.DESTINATION
    is_unsure: ClassVar[bool] = False
    is_untried: ClassVar[bool] = False
    is_unforeseen: ClassVar[bool] = False

    @property
    def permanent(self) -> bool:
        """Tell whether sending the same letter again cannot help; somebody must change something about this letter."""
        return self.blame in {Blame.RECIPIENT, Blame.MESSAGE}

    @property
    def is_server_fault(self) -> bool:
        """Tell whether every other letter will fail as well: the administrator is told once, not once a letter."""
        return self.blame in {Blame.CONNECTION, Blame.ACCOUNT}


class BadAddressError(DeliveryError):
    """Text that is no usable e-mail address."""

    english = "“{address}” is not an e-mail address. Write it as name@office.go.th, in English letters."
    thai = "“{address}” ไม่ใช่ที่อยู่อีเมล โปรดระบุในรูปแบบ name@office.go.th ด้วยตัวอักษรภาษาอังกฤษ"
    blame = Blame.RECIPIENT


class CentralMailboxError(DeliveryError):
    """The office's mailbox for official letters, to which nothing automatic may be sent."""

    english = (
        "“{address}” receives official letters, which must be registered by hand. "
        "Give the e-mail address of the person or of the division."
    )
    thai = "“{address}” เป็นที่อยู่กลางสำหรับรับหนังสือราชการซึ่งต้องลงทะเบียนรับ โปรดระบุอีเมลของบุคคลหรือของส่วนราชการ"
    blame = Blame.RECIPIENT


class RecipientRefusedError(DeliveryError):
    """The server does not accept mail for this recipient."""

    english = "The mail server does not accept mail for {to}: “{reply}”. Check the address."
    thai = "เซิร์ฟเวอร์อีเมลไม่รับอีเมลถึง {to}: “{reply}” โปรดตรวจสอบที่อยู่อีเมล"
    blame = Blame.RECIPIENT


class RestrictedRecipientError(RecipientRefusedError):
    """The address exists, but its owner or its office takes no mail from us."""

    english = (
        "The mail server of {to} takes no mail from {sender}: “{reply}”. Ask its administrator to allow this sender, "
        "or give another address of the person."
    )
    thai = "เซิร์ฟเวอร์อีเมลของ {to} ไม่รับอีเมลจาก {sender}: “{reply}” โปรดขอให้ผู้ดูแลระบบของผู้รับอนุญาตผู้ส่งนี้ หรือระบุที่อยู่อีเมลอื่นของผู้รับ"


class ContentRefusedError(DeliveryError):
    """The server refused what the letter says, or its size."""

    english = "The mail server refused the letter to {to}: “{reply}”. Ask the mail administrator why, or hand it over."
    thai = "เซิร์ฟเวอร์อีเมลไม่รับข้อความถึง {to}: “{reply}” โปรดสอบถามผู้ดูแลระบบอีเมล หรือแจ้งด้วยเอกสาร"
    blame = Blame.MESSAGE


class UnwritableLetterError(DeliveryError):
    """The letter itself cannot be turned into bytes: a fault of the program."""

    english = "The letter to {to} cannot be written as mail: {reply}. Report this with the letter's key {key}."
    thai = "เขียนข้อความถึง {to} เป็นอีเมลไม่ได้: {reply} โปรดแจ้งผู้พัฒนาพร้อมรหัส {key}"
    blame = Blame.MESSAGE


class UnforeseenFaultError(DeliveryError):
    """Something that nobody foresaw happened to this letter: a fault of the program, or of a server that is odd."""

    english = (
        "The letter to {to} was held up by a fault that nobody foresaw ({reply}). It is tried again by itself; "
        "report this with the letter's key {key}."
    )
    thai = "ข้อความถึง {to} ติดข้อผิดพลาดที่ไม่คาดหมาย ({reply}) ระบบจะส่งใหม่โดยอัตโนมัติ โปรดแจ้งผู้พัฒนาพร้อมรหัส {key}"
    is_unforeseen = True
    is_unsure = True


class RelayRefusedError(DeliveryError):
    """The server does not pass mail on to this recipient's domain for us.

    Usually a matter of the settings, so another try can help; but it may concern strangers' domains only, so it is
    no reason to stop the other letters.
    """

    english = "{server} does not pass mail on to {to}: “{reply}”. Check the login and the sender's address {sender}."
    thai = "{server} ไม่ส่งต่ออีเมลถึง {to}: “{reply}” โปรดตรวจสอบการเข้าสู่ระบบและที่อยู่ผู้ส่ง {sender}"


class TryLaterError(DeliveryError):
    """The server asks to come back later, or the mailbox is full."""

    english = "The mail server cannot take the letter to {to} now: “{reply}”. It is tried again by itself."
    thai = "เซิร์ฟเวอร์อีเมลยังรับข้อความถึง {to} ไม่ได้ในขณะนี้: “{reply}” ระบบจะส่งใหม่โดยอัตโนมัติ"


class EarlyBreakError(DeliveryError):
    """The connection ended before the whole letter had left, so the server cannot have taken it."""

    english = (
        "The connection to {server} broke off before the letter to {to} was handed over ({reply}). "
        "It is tried again by itself."
    )
    thai = "การเชื่อมต่อกับ {server} ขาดก่อนส่งมอบข้อความถึง {to} ({reply}) ระบบจะส่งใหม่โดยอัตโนมัติ"


class EarlySilenceError(EarlyBreakError):
    """The server fell silent before the whole letter had left."""

    english = (
        "{server} did not answer within {timeout_s:g} s, before the letter to {to} was handed over. "
        "It is tried again by itself."
    )
    thai = "{server} ไม่ตอบภายใน {timeout_s:g} วินาทีก่อนส่งมอบข้อความถึง {to} ระบบจะส่งใหม่โดยอัตโนมัติ"


class BrokenConnectionError(DeliveryError):
    """The connection ended after the letter's last line; the server may or may not have taken it."""

    english = (
        "The connection to {server} broke off while the letter to {to} was being sent ({reply}). "
        "It is tried again by itself; the recipient may get it twice."
    )
    thai = "การเชื่อมต่อกับ {server} ขาดระหว่างส่งข้อความถึง {to} ({reply}) ระบบจะส่งใหม่โดยอัตโนมัติ ผู้รับอาจได้รับซ้ำ"
    is_unsure = True


class SilentServerError(BrokenConnectionError):
    """The server said nothing for too long after the letter's last line."""

    english = (
        "{server} did not answer within {timeout_s:g} s while the letter to {to} was being sent. "
        "It is tried again by itself; the recipient may get it twice."
    )
    thai = "{server} ไม่ตอบภายใน {timeout_s:g} วินาทีระหว่างส่งข้อความถึง {to} ระบบจะส่งใหม่โดยอัตโนมัติ ผู้รับอาจได้รับซ้ำ"


class UnclearAnswerError(BrokenConnectionError):
    """The server answered the letter's last line with something that says neither yes nor no."""

    english = (
        "{server} answered the letter to {to} with something that is no answer: “{reply}”. "
        "It is tried again by itself; the recipient may get it twice."
    )
    thai = "{server} ตอบข้อความถึง {to} ด้วยคำตอบที่ไม่ชัดเจน: “{reply}” ระบบจะส่งใหม่โดยอัตโนมัติ ผู้รับอาจได้รับซ้ำ"


class HeldBackError(DeliveryError):
    """Letters to the same domain broke the connection, so this one was not tried in the same batch."""

    english = (
        "{breaks} letters to {domain} broke the connection to {server}; the letter to {to} was not tried yet. "
        "It is tried by itself later."
    )
    thai = "ข้อความถึง {domain} ทำให้การเชื่อมต่อกับ {server} ขาด {breaks} ครั้ง จึงยังไม่ได้ส่งข้อความถึง {to} ระบบจะส่งภายหลังโดยอัตโนมัติ"
    is_untried = True


class ServerFaultError(DeliveryError):
    """Base of the faults that concern every letter."""

    blame = Blame.CONNECTION


class AccountFaultError(ServerFaultError):
    """Base of the faults of whoever sends: other recipients would say the same, and the address is not to blame."""

    blame = Blame.ACCOUNT


class UnreachableServerError(ServerFaultError):
    """Nobody listens at the address of the settings, or the network is down."""

    english = "No mail server answers at {server} ({reply}). Check the host, the port and the network; all mail waits."
    thai = "ไม่มีเซิร์ฟเวอร์อีเมลตอบที่ {server} ({reply}) โปรดตรวจสอบชื่อเซิร์ฟเวอร์ พอร์ต และเครือข่าย อีเมลทั้งหมดรอส่งอยู่"


class UnknownServerError(ServerFaultError):
    """The name of the server cannot be resolved."""

    english = (
        "The name of the mail server {server} is not known ({reply}). Check its spelling and the DNS; all mail waits."
    )
    thai = "ไม่รู้จักชื่อเซิร์ฟเวอร์อีเมล {server} ({reply}) โปรดตรวจสอบการสะกดและระบบ DNS อีเมลทั้งหมดรอส่งอยู่"


class ClosedServerError(ServerFaultError):
    """The server answers, but does not take mail from us now."""

    english = "{server} answers but takes no mail now: “{reply}”. It is tried again by itself; all mail waits."
    thai = "{server} ตอบแต่ยังไม่รับอีเมลในขณะนี้: “{reply}” ระบบจะส่งใหม่โดยอัตโนมัติ อีเมลทั้งหมดรอส่งอยู่"


class SlowServerError(ServerFaultError):
    """The server did not greet in time."""

    english = "{server} did not answer within {timeout_s:g} s. Check the port and the kind of TLS; all mail waits."
    thai = "{server} ไม่ตอบภายใน {timeout_s:g} วินาที โปรดตรวจสอบพอร์ตและชนิดของ TLS อีเมลทั้งหมดรอส่งอยู่"


class InsecureServerError(ServerFaultError):
    """TLS could not be agreed on, or the certificate is not valid."""

    english = (
        "No safe connection to {server}: {reply}. Check the kind of TLS (none, starttls, tls), "
        "the port and the server's certificate; all mail waits."
    )
    thai = (
        "เชื่อมต่อแบบปลอดภัยกับ {server} ไม่ได้: {reply} โปรดตรวจสอบชนิดของ TLS (none, starttls, tls) "
        "พอร์ต และใบรับรองของเซิร์ฟเวอร์ อีเมลทั้งหมดรอส่งอยู่"
    )


class LoginRefusedError(AccountFaultError):
    """The server does not accept the user name and password, or offers no way to log in."""

    english = "{server} refused the login: “{reply}”. Check the user name and the password; all mail waits."
    thai = "{server} ไม่รับการเข้าสู่ระบบ: “{reply}” โปรดตรวจสอบชื่อผู้ใช้และรหัสผ่าน อีเมลทั้งหมดรอส่งอยู่"


class SenderRefusedError(AccountFaultError):
    """The server does not let this account send, or not under this address."""

    english = (
        "{server} does not send for {sender}: “{reply}”. Check the sender's address and the login; all mail waits."
    )
    thai = "{server} ไม่ส่งอีเมลในนาม {sender}: “{reply}” โปรดตรวจสอบที่อยู่ผู้ส่งและการเข้าสู่ระบบ อีเมลทั้งหมดรอส่งอยู่"


class UnprovenSenderError(AccountFaultError):
    """The receiving side cannot tell that the mail is really the sender's."""

    english = (
        "The mail server cannot verify that {sender} sent the letter to {to}: “{reply}”. Ask whoever keeps the "
        "sender's domain to set SPF, DKIM and DMARC (and the reverse DNS name) for {server}; all mail waits."
    )
    thai = (
        "เซิร์ฟเวอร์อีเมลยืนยันไม่ได้ว่าข้อความถึง {to} ส่งจาก {sender} จริง: “{reply}” "
        "โปรดให้ผู้ดูแลโดเมนของผู้ส่งตั้งค่า SPF, DKIM และ DMARC (และชื่อ DNS ย้อนกลับ) สำหรับ {server} อีเมลทั้งหมดรอส่งอยู่"
    )


class BlockedSenderError(AccountFaultError):
    """The sender, its server or its network is on a blocklist or has a bad name."""

    english = (
        "Mail of {sender} over {server} is blocked, as for {to}: “{reply}”. Ask the mail administrator to find why "
        "(blocklist, reputation, SPF, DKIM, a stolen password) and to have the block lifted; all mail waits."
    )
    thai = (
        "อีเมลของ {sender} ผ่าน {server} ถูกปิดกั้น เช่นข้อความถึง {to}: “{reply}” โปรดให้ผู้ดูแลระบบอีเมลตรวจสอบสาเหตุ "
        "(บัญชีปิดกั้น ชื่อเสียงของผู้ส่ง SPF, DKIM หรือรหัสผ่านรั่วไหล) และขอปลดการปิดกั้น อีเมลทั้งหมดรอส่งอยู่"
    )


class RateLimitedError(AccountFaultError):
    """More mail was sent than the server or a receiving side allows."""

    english = (
        "{sender} has sent more mail over {server} than is allowed: “{reply}”. Nothing need be done unless it comes "
        "again: then ask the mail administrator for a higher limit; all mail waits."
    )
    thai = (
        "{sender} ส่งอีเมลผ่าน {server} เกินจำนวนที่กำหนด: “{reply}” ไม่ต้องดำเนินการใด "
        "หากเกิดซ้ำโปรดขอให้ผู้ดูแลระบบอีเมลเพิ่มจำนวนที่ส่งได้ อีเมลทั้งหมดรอส่งอยู่"
    )
