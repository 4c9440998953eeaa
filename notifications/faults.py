"""What can go wrong on the way to a mailbox, each with a sentence for the administrator."""

from __future__ import annotations

from typing import ClassVar

from domain.errors import SucharitError


class DeliveryError(SucharitError):
    """A letter that did not leave.

    Attributes:
        permanent: Sending the same letter again cannot help; somebody must change something about this letter.
        is_server_fault: The settings or the server are to blame, so the other letters will fail as well and the
            administrator must be told once, not once a letter.
        is_unforeseen: A fault of the program, which must be seen although it holds up this letter only.
    """

    permanent: ClassVar[bool] = False
    is_server_fault: ClassVar[bool] = False
    is_unforeseen: ClassVar[bool] = False


class BadAddressError(DeliveryError):
    """Text that is no usable e-mail address."""

    english = "“{address}” is not an e-mail address. Write it as name@office.go.th, in English letters."
    thai = "“{address}” ไม่ใช่ที่อยู่อีเมล โปรดระบุในรูปแบบ name@office.go.th ด้วยตัวอักษรภาษาอังกฤษ"
    permanent = True


class CentralMailboxError(DeliveryError):
    """The office's mailbox for official letters, to which nothing automatic may be sent."""

    english = (
        "“{address}” receives official letters, which must be registered by hand. "
        "Give the e-mail address of the person or of the division."
    )
    thai = "“{address}” เป็นที่อยู่กลางสำหรับรับหนังสือราชการซึ่งต้องลงทะเบียนรับ โปรดระบุอีเมลของบุคคลหรือของส่วนราชการ"
    permanent = True


class RecipientRefusedError(DeliveryError):
    """The server does not accept mail for this recipient."""

    english = "The mail server does not accept mail for {to}: “{reply}”. Check the address."
    thai = "เซิร์ฟเวอร์อีเมลไม่รับอีเมลถึง {to}: “{reply}” โปรดตรวจสอบที่อยู่อีเมล"
    permanent = True


class ContentRefusedError(DeliveryError):
    """The server refused what the letter says, or its size."""

    english = "The mail server refused the letter to {to}: “{reply}”. Ask the mail administrator why, or hand it over."
    thai = "เซิร์ฟเวอร์อีเมลไม่รับข้อความถึง {to}: “{reply}” โปรดสอบถามผู้ดูแลระบบอีเมล หรือแจ้งด้วยเอกสาร"
    permanent = True


class UnwritableLetterError(DeliveryError):
    """The letter itself cannot be turned into bytes: a fault of the program."""

    english = "The letter to {to} cannot be written as mail: {reply}. Report this with the letter's key {key}."
    thai = "เขียนข้อความถึง {to} เป็นอีเมลไม่ได้: {reply} โปรดแจ้งผู้พัฒนาพร้อมรหัส {key}"
    permanent = True


class UnforeseenFaultError(DeliveryError):
    """Something that nobody foresaw happened to this letter: a fault of the program, or of a server that is odd."""

    english = (
        "The letter to {to} was held up by a fault that nobody foresaw ({reply}). It is tried again by itself; "
        "report this with the letter's key {key}."
    )
    thai = "ข้อความถึง {to} ติดข้อผิดพลาดที่ไม่คาดหมาย ({reply}) ระบบจะส่งใหม่โดยอัตโนมัติ โปรดแจ้งผู้พัฒนาพร้อมรหัส {key}"
    is_unforeseen = True


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


class BrokenConnectionError(DeliveryError):
    """The connection ended while the letter was under way; the server may or may not have taken it."""

    english = (
        "The connection to {server} broke off while the letter to {to} was being sent ({reply}). "
        "It is tried again by itself; the recipient may get it twice."
    )
    thai = "การเชื่อมต่อกับ {server} ขาดระหว่างส่งข้อความถึง {to} ({reply}) ระบบจะส่งใหม่โดยอัตโนมัติ ผู้รับอาจได้รับซ้ำ"


class SilentServerError(BrokenConnectionError):
    """The server took the connection and then said nothing for too long."""

    english = (
        "{server} did not answer within {timeout_s:g} s while the letter to {to} was being sent. "
        "It is tried again by itself; the recipient may get it twice."
    )
    thai = "{server} ไม่ตอบภายใน {timeout_s:g} วินาทีระหว่างส่งข้อความถึง {to} ระบบจะส่งใหม่โดยอัตโนมัติ ผู้รับอาจได้รับซ้ำ"


class ServerFaultError(DeliveryError):
    """Base of the faults that concern every letter."""

    is_server_fault = True


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


class UnsteadyServerError(ServerFaultError):
    """The server broke off again and again, so the rest of the batch was not tried."""

    english = "{server} broke off {breaks} letters in a row; the letter to {to} was not tried yet. All mail waits."
    thai = "{server} ขาดการเชื่อมต่อติดต่อกัน {breaks} ครั้ง จึงยังไม่ได้ส่งข้อความถึง {to} อีเมลทั้งหมดรอส่งอยู่"


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


class LoginRefusedError(ServerFaultError):
    """The server does not accept the user name and password, or offers no way to log in."""

    english = "{server} refused the login: “{reply}”. Check the user name and the password; all mail waits."
    thai = "{server} ไม่รับการเข้าสู่ระบบ: “{reply}” โปรดตรวจสอบชื่อผู้ใช้และรหัสผ่าน อีเมลทั้งหมดรอส่งอยู่"


class SenderRefusedError(ServerFaultError):
    """The server does not let this account send, or not under this address."""

    english = (
        "{server} does not send for {sender}: “{reply}”. Check the sender's address and the login; all mail waits."
    )
    thai = "{server} ไม่ส่งอีเมลในนาม {sender}: “{reply}” โปรดตรวจสอบที่อยู่ผู้ส่งและการเข้าสู่ระบบ อีเมลทั้งหมดรอส่งอยู่"
