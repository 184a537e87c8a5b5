"""Letters through a real SMTP server: whole, named for life, refused for a while or for good."""

import email
import re
import smtplib
from email.policy import default as modern

import pytest
from aiosmtpd.controller import Controller

from svet.domains.cases import actions as register
from svet.domains.customers import actions as customers
from svet.domains.notifications import actions, queries
from svet.domains.offices import actions as offices
from svet.domains.tariffs import actions as tariffs
from svet.flows import mail_intake
from svet.flows.appeals import MOST_ACKNOWLEDGED, tell_registered
from svet.infra import clock
from svet.infra.models import Fact
from svet.surfaces.gates.jobs import send_messages

pytestmark = pytest.mark.django_db


class Postman:
    """Keeps what comes; refuses what it is told to."""

    def __init__(self):
        self.letters, self.refusal = [], ""

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if self.refusal:
            return self.refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.letters.append(email.message_from_bytes(envelope.content, policy=modern))
        return "250 OK"


@pytest.fixture
def postman(settings):
    keeper = Postman()
    server = Controller(keeper, hostname="127.0.0.1", port=0)
    # The port is the system's choice; the controller's own check of the server needs to know it.
    server._trigger_server = lambda: smtplib.SMTP("127.0.0.1", _port(server)).quit()
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", _port(server)
    settings.DEFAULT_FROM_EMAIL = "Свет <svet@example.org>"
    offices.load_reference(at=clock.now())
    yield keeper
    server.stop()


def _port(server) -> int:
    return server.server.sockets[0].getsockname()[1]


def put(address="anna@example.org", **secret) -> int:
    return actions.send(
        "payment_received",
        channel="email",
        address=address,
        facts={"number": "3300000019 <b>", "amount": "512.40", "taken_on": "2026-11-18"},
        key=f"payment:{address}",
        at=clock.now(),
    )


def test_a_letter_arrives_whole_in_both_forms_with_the_companys_phone_and_site(postman):
    number = put()

    send_messages(timestamp=0)

    (letter,) = postman.letters
    plain = letter.get_body(("plain",)).get_content()
    rich = letter.get_body(("html",)).get_content()
    assert letter["Subject"] == "Платёж получен"
    assert letter["Message-ID"] == f"<{queries.message_id(number, domain='example.org')}>"
    assert re.fullmatch(rf"<svet-{number}-[0-9a-f]{{32}}@example\.org>", letter["Message-ID"])
    assert "На лицевой счёт 3300000019 <b> 18.11.2026 принят платёж 512,40\u00a0₽." in plain
    assert "&lt;b&gt;" in rich
    assert "Телефон: 8" in plain
    assert "Сайт: " in plain
    assert queries.message(number).state == "sent"


def test_nothing_is_sent_twice(postman):
    put()

    send_messages(timestamp=0)
    send_messages(timestamp=0)

    assert len(postman.letters) == 1


def test_a_box_that_is_full_is_tried_again_later(postman):
    number, postman.refusal = put(), "452 full"

    send_messages(timestamp=0)

    kept = queries.message(number)
    assert (kept.state, kept.last_error, kept.next_try_at > clock.now()) == ("waiting", "smtp_452", True)


def test_a_box_that_does_not_exist_fails_at_once(postman):
    number, postman.refusal = put(), "550 no such box"

    send_messages(timestamp=0)

    assert [(one.id, one.last_error) for one in queries.failed_messages()] == [(number, "smtp_550")]


def test_an_address_that_is_none_fails_alone(postman):
    broken = put("anna@example.org\nBcc: all@example.org")
    put("igor@example.org")

    send_messages(timestamp=0)

    assert [letter["To"] for letter in postman.letters] == ["igor@example.org"]
    assert queries.message(broken).state == "failed"


def test_a_server_that_does_not_answer_is_tried_again_later(postman, settings):
    number, settings.EMAIL_PORT = put(), 9

    send_messages(timestamp=0)

    assert (queries.message(number).state, queries.message(number).last_error) == ("waiting", "ConnectionRefusedError")


def test_a_reminder_of_readings_arrives_whole_and_only_with_a_consent(postman):
    customer_id = customers.register_customer(kind="person", family_name="Ильина", at=clock.now())
    for is_given in (True, False):
        customers.state_consent(customer_id, purpose="reminders", is_given=is_given, channel="cabinet", at=clock.now())
        if is_given:
            for address in ("first@example.org", "second@example.org"):
                actions.send(
                    "reading_reminder",
                    channel="email",
                    address=address,
                    facts={"number": "3300000019", "until": "2026-11-25"},
                    key=address,
                    at=clock.now(),
                    customer_id=customer_id,
                )
                if address.startswith("first"):
                    send_messages(0)
    send_messages(0)

    (letter,) = postman.letters
    assert letter["To"] == "first@example.org"
    assert letter["Subject"] == "Передайте показания"
    assert "ждём показания счётчика до 25.11.2026" in letter.get_body(("plain",)).get_content()


def wrote(uid: int, *, sender: str = "anna@example.org") -> int:
    raw = f"From: {sender}\r\nSubject: Вопрос {uid}\r\nMessage-ID: <{uid}@example.org>\r\n\r\nПочему?".encode()
    mail_id = actions.take_mail(raw, mailbox="info", uidvalidity=1, uid=uid, at=clock.now(), size=len(raw))
    mail_intake.settle(mail_id, terms=mail_intake.MailTerms((), "example.org"), at=clock.now())
    return queries.mail(mail_id).case_id


def test_an_answer_belongs_to_the_thread_of_who_wrote_and_is_no_machines_word(postman):
    tariffs.load_reference(at=clock.now())
    register.load_reference(at=clock.now())
    case_id = wrote(1)
    facts = {"case": "ОБ-26-00-000001", "text": "Потому.", "case_id": case_id}
    for address in ("anna@example.org", "other@example.org"):
        actions.send("appeal_letter", channel="email", address=address, facts=facts, key=address, at=clock.now())
    put()
    send_messages(timestamp=0)

    of_people = [one for one in postman.letters if one["Auto-Submitted"] is None]
    assert {one["To"]: (one["In-Reply-To"], one["References"]) for one in of_people} == {
        "anna@example.org": ("<1@example.org>", "<1@example.org>"),
        "other@example.org": (None, None),
    }
    assert [one["Auto-Submitted"] for one in postman.letters if one not in of_people] == ["auto-generated"]


def test_who_writes_without_end_gets_cases_but_not_an_acknowledgement_for_each(postman):
    tariffs.load_reference(at=clock.now())
    register.load_reference(at=clock.now())
    cases = {wrote(uid) for uid in range(1, MOST_ACKNOWLEDGED + 3)}
    for fact in Fact.objects.filter(name="cases.case_registered").order_by("pk"):
        tell_registered(fact, clock.now())
    send_messages(timestamp=0)

    assert (len(cases), len(postman.letters)) == (MOST_ACKNOWLEDGED + 2, MOST_ACKNOWLEDGED)
