"""What people of the town send by themselves: SMS with readings and without, letters to the company's mailbox."""

from __future__ import annotations

from datetime import datetime, timedelta

from svet.domains.notifications import actions
from svet.flows.mail_intake import MailTerms, settle
from svet.flows.sms_readings import answer_sms
from svet.surfaces.console.demo import town

PHONE, STRANGER = "+79161000001", "+79161000099"
SMS = (
    (STRANGER, "показания 4512"),
    (STRANGER, "Когда включат свет?"),
    (PHONE, f"лс {town.account_number(1)} показания 999999"),
    (PHONE, "помощь"),
)
TERMS = MailTerms(("svet@localhost",), "localhost")
LETTERS = (
    # from, subject, more headers, text
    ("Анна <anna@example.org>", "Не пришёл счёт", "", "Здравствуйте! За прошлый месяц счёт не пришёл, пришлите его."),
    ("News <news@example.com>", "Скидки на светильники", "List-Id: <news.example.com>\r\n", "Только сегодня."),
    ("Пётр <petr@example.net>", "Автоответ: в отпуске", "Auto-Submitted: auto-replied\r\n", "Буду через неделю."),
)


def come_by_sms_and_mail(*, at: datetime) -> None:
    """Send some SMS from a known and an unknown phone and some letters, and let the system answer."""
    for count, (phone, text) in enumerate(SMS):
        moment = at - timedelta(minutes=60 - count)
        sms_id = actions.note_sms(f"demo-{count}", phone=phone, text=text, is_whole=True, received_at=moment)
        answer_sms(sms_id, at=moment)
    for uid, (sender, subject, more, text) in enumerate(LETTERS, 1):
        raw = f"From: {sender}\r\nSubject: {subject}\r\nMessage-ID: <demo-{uid}@x>\r\n{more}\r\n{text}".encode()
        mail_id = actions.take_mail(raw, mailbox="demo", uidvalidity=1, uid=uid, at=at, size=len(raw))
        settle(mail_id, terms=TERMS, at=at)
    actions.note_look("demo", at=at, uidvalidity=1, held=len(LETTERS))
