"""What people send us, as staff and they see it: SMS and the mailbox at the desk, the instruction on the site."""

from __future__ import annotations

from playwright.sync_api import expect

from svet.domains.cases import actions as register
from svet.domains.notifications import actions
from svet.flows import mail_intake
from svet.flows.sms_readings import answer_sms
from tests import cast, reference
from tests.browser.conftest import PHONE, come_back, photograph, scrolls_sideways

LETTER = (
    "From: =?utf-8?B?0JDQvdC90LA=?= <anna@example.org>\r\nSubject: {subject}\r\nMessage-ID: <{uid}@x.org>\r\n{more}\r\n"
    "Добрый день! Счёт за октябрь больше, чем обычно.\r\n\r\nпн, 23 нояб. 2026 г. в 10:00, Свет <a@b.ru>:\r\n> Счёт"
)


def came() -> None:
    reference.load(register, at=cast.NOW)
    for count, text in enumerate(
        ["3300000019 13760", "3300000019 19999", "день 1 ночь 2", "Когда дадут свет?", "помощь"]
    ):
        sms_id = actions.note_sms(f"{count}", phone="+79161000001", text=text, is_whole=True, received_at=cast.NOW)
        answer_sms(sms_id, at=cast.NOW)
    kinds = {"Вопрос по счёту": "", "Скидки": "List-Id: <x>\r\n", "Большая премия": "X-Spam-Flag: YES\r\n"}
    for uid, (subject, more) in enumerate(kinds.items(), 1):
        raw = LETTER.format(subject=subject, uid=uid, more=more).encode()
        mail_id = actions.take_mail(raw, mailbox="info/INBOX", uidvalidity=1, uid=uid, at=cast.NOW, size=len(raw))
        mail_intake.settle(mail_id, terms=mail_intake.MailTerms((), "svet.example"), at=cast.NOW)
    actions.note_look("info/INBOX", at=cast.NOW, uidvalidity=1, held=3)


def test_staff_see_what_came_and_make_a_case_of_a_letter_left_to_them(visit, people, settings):
    settings.SMS_NUMBER = "4242"
    came()
    page = visit("/readings/sms/")
    photograph(page, "sms-instruction-1280")
    page.set_viewport_size(PHONE)
    photograph(page, "sms-instruction-390")
    assert not scrolls_sideways(page)
    operator = people.staff["operator"]
    come_back(page, operator.username)

    for path, name in (("/desk/readings/sms/", "incoming-sms"), ("/desk/cases/mail/", "mailbox")):
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(path)
        photograph(page, f"{name}-1280")
        page.set_viewport_size(PHONE)
        photograph(page, f"{name}-390")
        assert not scrolls_sideways(page)

    page.get_by_role("link", name="Большая премия").click()
    expect(page.get_by_role("heading", name="Решение")).to_be_visible()
    photograph(page, "letter-of-mailbox-390")
    page.get_by_role("button", name="Записать").click()
    expect(page.get_by_role("alert")).to_contain_text("Выберите, что сделать")
    photograph(page, "letter-of-mailbox-wrong-390")
    page.get_by_label("Завести обращение").check()
    page.get_by_role("button", name="Записать").click()
    expect(page.get_by_role("main")).to_contain_text("Заведено обращение ОБ-26-00-000002")
