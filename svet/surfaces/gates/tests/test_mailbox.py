"""The mailbox through a real IMAP server: every letter is taken once and ends in one state, whenever we are killed."""

import io
import time
import zipfile
from email import message_from_bytes
from email.message import EmailMessage

import pytest
from django.test import override_settings

from svet.domains.cases import actions as register
from svet.domains.cases import queries as cases
from svet.domains.customers import actions as customers
from svet.domains.customers.rules import ContactKind
from svet.domains.notifications import actions, queries
from svet.domains.offices import actions as offices
from svet.domains.tariffs import actions as tariffs
from svet.flows import mail_intake, reactions
from svet.infra import clock
from svet.infra.models import InboxMessage
from svet.kernel.errors import Conflict
from svet.surfaces.gates.email import receive
from svet.surfaces.gates.jobs import read_mailbox
from tests import cast, scans

ANNA = "Анна Смирнова <anna@example.org>"
QUOTE = "\n\nпн, 23 нояб. 2026 г. в 10:00, Свет <info@svet.example>:\n> Номер"
FALSE, RESULTS = "dmarc=fail", "Authentication-Results"


@pytest.fixture
def office(db, post, monkeypatch):
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(cast.NOW.timestamp() - time.time()))
    offices.load_reference(at=clock.now())
    tariffs.load_reference(at=clock.now())
    register.load_reference(at=clock.now())
    return post


def letter(
    text="Когда включат свет?", *, sender="Анна Смирнова <anna@example.org>", subject="Вопрос", **headers
) -> EmailMessage:
    one = EmailMessage()
    if sender:
        one["From"] = sender
    one["To"], one["Subject"] = "info@svet.example", subject
    one["Message-ID"] = headers.pop("message_id", f"<{time.monotonic_ns()}@example.org>")
    for name, value in headers.items():
        one[name.replace("_", "-")] = value
    one.set_content(text)
    return one


def own(number: int) -> str:
    return queries.message_id(number, domain="svet.example")


def ledger():
    return {one.subject: one for one in queries.mail_page(states=(), limit=1000)[0]}


@pytest.mark.django_db(transaction=True)
def test_a_letter_becomes_a_case_once_and_its_answers_join_it(office):
    first = letter(message_id="<first@example.org>")
    first.add_attachment(scans.pdf(), maintype="application", subtype="pdf", filename="акт.pdf")
    first.add_attachment(b"PK\x03\x04 bomb", maintype="application", subtype="zip", filename="всё.zip")
    office.deliver(first.as_bytes())
    assert read_mailbox(timestamp=0) == 1
    assert read_mailbox(timestamp=0) == 0
    taken = ledger()["Вопрос"]
    assert (taken.state, taken.sender, taken.sender_name) == ("new_case", "anna@example.org", "Анна Смирнова")
    assert [one["name"] for one in taken.files] == ["акт.pdf"]
    assert [(one["name"], one["why"]) for one in taken.refused_files] == [("всё.zip", "file_kind_is_refused")]
    assert taken.flags == ["files_refused"]

    for _ in range(2):  # facts delivered twice acknowledge once
        reactions.deliver_facts(at=clock.now())
    acknowledged = [
        one for one in actions.claim_waiting(channel="email", at=clock.now()) if one.kind == "appeal_registered"
    ]
    assert [(one.address, one.facts["case"]) for one in acknowledged] == [("anna@example.org", taken.case_number)]

    number = acknowledged[0].id
    thread = f"<{queries.message_id(number, domain='svet.example')}>"
    untagged, forged = f"<svet-{number}@svet.example>", f"<svet-{number}-{'0' * 32}@svet.example>"
    office.deliver(
        letter(
            "Дополняю.\n\nпн, 23 нояб. 2026 г. в 10:00, Свет <info@svet.example>:\n> Номер",
            subject="По заголовкам",
            In_Reply_To=thread,
        ).as_bytes(),
        letter("Ответ на старое письмо", subject="Без метки", In_Reply_To=untagged).as_bytes(),
        letter("Метка не наша", subject="Метка чужая", In_Reply_To=forged).as_bytes(),
        letter("Подделка", sender="evil@example.org", subject="Без метки чужой", In_Reply_To=untagged).as_bytes(),
        letter("И ещё.", subject=f"Re: обращение {taken.case_number}").as_bytes(),
        letter("Своё же письмо", subject="К своему", References="<first@example.org>").as_bytes(),
        letter("Подделка", sender="evil@example.org", subject="Чужая нить", In_Reply_To=thread).as_bytes(),
        letter("Подделка", sender="evil@example.org", subject=f"Чужой номер {taken.case_number}").as_bytes(),
        letter(f"Номер {taken.case_number} только в тексте", sender="evil@example.org", subject="В тексте").as_bytes(),
        letter(
            "Не она", subject="Не доказано", In_Reply_To=thread, Authentication_Results="mx.svet.example; dmarc=fail"
        ).as_bytes(),
        letter(
            "Не наш сервер", subject="Чужой сервер", In_Reply_To=thread, Authentication_Results="evil; dmarc=fail"
        ).as_bytes(),
    )
    assert read_mailbox(timestamp=0) == 11
    came = ledger()
    joined = ["По заголовкам", f"Re: обращение {taken.case_number}", "К своему", "Чужой сервер", "Без метки"]
    assert [came[one].state for one in joined] == ["joined"] * 5
    assert {came[one].case_id for one in joined} == {taken.case_id}
    fresh = [
        "Чужая нить",
        f"Чужой номер {taken.case_number}",
        "В тексте",
        "Не доказано",
        "Метка чужая",
        "Без метки чужой",
    ]
    assert [came[one].state for one in fresh] == ["new_case"] * 6
    assert taken.case_id not in {came[one].case_id for one in fresh}
    assert [list(came[one].flags) for one in fresh] == [
        ["foreign_thread"],
        ["foreign_number"],
        [],
        ["false_sender"],
        [],
        ["foreign_thread"],
    ]


@pytest.mark.django_db(transaction=True)
def test_reports_machines_mailings_and_wrecks_go_where_they_belong(office):
    number = actions.send(
        "reply",
        channel="email",
        address="gone@example.org",
        facts={"case": "1", "number": "2"},
        key="one",
        at=clock.now(),
    )
    actions.mark_sent(number, at=clock.now())
    report = (
        "From: MAILER-DAEMON@mx.example.org\r\nTo: info@svet.example\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n--b\r\n\r\nSorry\r\n--b\r\n'
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; {to}\r\n"
        "Action: {action}\r\nStatus: {status}\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
        "Message-ID: <{id}>\r\nSubject: x\r\n\r\nx\r\n--b--\r\n"
    )
    said = [
        report.format(to="other@example.org", action="failed", status="5.1.1", id=own(number)),
        report.format(to="gone@example.org", action="delayed", status="4.4.1", id=own(number)),
        report.format(to="gone@example.org", action="failed", status="5.1.1", id=own(999_999)),
    ]
    office.deliver(*(one.encode() for one in said), sender="")
    read_mailbox(timestamp=0)
    assert queries.message(number).state == "sent"
    office.deliver(
        report.format(to="gone@example.org", action="failed", status="5.1.1", id=own(number)).encode(), sender=""
    )
    read_mailbox(timestamp=0)
    assert (queries.message(number).state, queries.message(number).last_error) == ("failed", "bounce_5.1.1")

    office.deliver(
        letter(subject="auto", Auto_Submitted="auto-replied").as_bytes(),
        letter(subject="Автоответ: меня нет").as_bytes(),
        letter(subject="own", sender="info@svet.example").as_bytes(),
        letter(subject="loop", message_id=f"<svet-5-{'0' * 32}@svet.example>").as_bytes(),
        letter(subject="old loop", message_id="<svet-5@svet.example>").as_bytes(),
        letter(subject="list", List_Id="<news.example.org>").as_bytes(),
        letter(subject="spam", X_Spam_Flag="YES").as_bytes(),
        letter(subject="nobody", sender="").as_bytes(),
        letter("", subject="").as_bytes(),
        b"\xff\xfe\x00\r\n\r\n\x00",
        b"",
    )
    read_mailbox(timestamp=0)
    rows = queries.mail_page(states=(), limit=100)[0]
    fates = {one.subject: (one.state, one.sort) for one in rows}
    assert [fates[one] for one in ("auto", "Автоответ: меня нет")] == [("auto_reply", "auto_reply")] * 2
    assert [fates[one] for one in ("own", "loop", "old loop")] == [("auto_reply", "loop")] * 3
    assert [fates[one] for one in ("list", "spam", "nobody")] == [
        ("unusable", "bulk"),
        ("unusable", "spam"),
        ("unusable", "no_sender"),
    ]
    assert queries.mail_counts() == {"auto_reply": 5, "bounce": 4, "unusable": 6}

    machine = next(one for one in rows if one.subject == "auto")
    done = mail_intake.make_case(machine.id, by=cast.employee(cast.names.STAFF[0]).user_id, at=clock.now())
    reactions.deliver_facts(at=clock.now())
    assert actions.claim_waiting(channel="email", at=clock.now()) == ()
    assert queries.mail(machine.id).case_id == done.case_id
    with pytest.raises(Conflict):
        actions.set_aside(machine.id, reason="не нужно", by=1, at=clock.now())


@pytest.mark.django_db(transaction=True)
def test_a_forged_report_fails_no_message_and_is_left_to_people(office, settings):
    number = actions.send(
        "reply",
        channel="email",
        address="anna@example.org",
        facts={"case": "1", "number": "2"},
        key="one",
        at=clock.now(),
    )
    actions.mark_sent(number, at=clock.now())
    with override_settings(SECRET_KEY="the key of an evil one"):
        stolen = own(number)
    forged = [stolen, f"svet-{number}@svet.example", own(number + 1).replace(str(number + 1), str(number), 1)]
    for one in forged:
        office.deliver(undelivered(one), sender="")
        office.deliver(undelivered("none@example.org", f"<{one}> was not delivered"), sender="")
    read_mailbox(timestamp=0)

    assert queries.message(number).state == "sent"
    rows = queries.mail_page(states=("unusable",), limit=100)[0]
    assert [(one.sort, list(one.flags)) for one in rows] == [("bounce", ["false_report"])] * 6
    assert actions.claim_waiting(channel="email", at=clock.now()) == ()

    sent_by_the_former_key = own(number)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new key", [settings.SECRET_KEY]
    assert own(number) != sent_by_the_former_key
    office.deliver(undelivered(sent_by_the_former_key), sender="")
    read_mailbox(timestamp=0)
    assert (queries.message(number).state, queries.message(number).last_error) == ("failed", "bounce_5.1.1")


def undelivered(message_id: str, said: str = "Sorry") -> bytes:
    return (
        "From: MAILER-DAEMON@mx.example.org\r\nTo: info@svet.example\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        f"--b\r\n\r\n{said}\r\n--b\r\n"
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
        "Final-Recipient: rfc822; anna@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b\r\n"
        f"Content-Type: message/rfc822\r\n\r\nMessage-ID: <{message_id}>\r\nSubject: x\r\n\r\nx\r\n--b--\r\n"
    ).encode()


def test_nothing_is_lost_or_doubled_by_kills_and_a_renumbered_mailbox(office, monkeypatch):
    office.deliver(*(letter(subject=f"Письмо {count}").as_bytes() for count in range(4)))
    take, register_one, calls = receive.actions.take_mail, mail_intake.register.register, []

    def killed(function, at_call):
        def call(*args, **given):
            calls.append(1)
            if len(calls) == at_call:
                raise KeyboardInterrupt
            return function(*args, **given)

        return call

    monkeypatch.setattr(receive.actions, "take_mail", killed(take, 3))
    with pytest.raises(KeyboardInterrupt):
        read_mailbox(timestamp=0)
    monkeypatch.setattr(receive.actions, "take_mail", take)
    calls.clear()
    monkeypatch.setattr(mail_intake.register, "register", killed(register_one, 2))
    with pytest.raises(KeyboardInterrupt):
        read_mailbox(timestamp=0)
    monkeypatch.setattr(mail_intake.register, "register", register_one)
    read_mailbox(timestamp=0)

    assert queries.mail_counts() == {"new_case": 4}
    assert len({one.case_id for one in ledger().values()}) == 4
    assert InboxMessage.objects.filter(gate="mail", state="done").count() == 4
    (look,) = queries.looks()
    assert (look.held, look.missing, look.error) == (4, 0, "")

    for name in office.folder.rglob("dovecot-uidlist"):
        name.unlink()
    for name in office.folder.rglob("dovecot.index*"):
        name.unlink()
    office.deliver(letter(subject="После перенумерации").as_bytes())
    read_mailbox(timestamp=0)
    assert queries.mail_counts() == {"new_case": 5, "repeat": 4}


def test_a_mailbox_that_is_silent_is_said_and_what_waits_is_settled(office, settings):
    office.deliver(letter().as_bytes())
    settings.MAIL_PORT = 1
    assert read_mailbox(timestamp=0) == 0
    assert queries.looks()[0].error == "ConnectionRefusedError"
    settings.MAIL_PORT = office.imap
    assert read_mailbox(timestamp=0) == 1


def test_huge_crooked_and_deep_letters_are_taken(office, settings):
    many = letter(subject="пятьсот файлов")
    for count in range(500):
        many.add_attachment(scans.pdf(), maintype="application", subtype="pdf", filename=f"\u202e{count}fdp.exe")
    huge = letter(subject="пятьдесят мегабайт")
    huge.add_attachment(b"0" * 37_000_000, maintype="application", subtype="octet-stream", filename="x.bin")
    nested = letter("Смотрите вложенное", subject="с вложенным письмом")
    nested.add_attachment(letter("Внутри: счёт неверный", subject="внутреннее"))
    deep = b"From: a@example.org\r\nSubject: deep\r\n" + b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (level, level) for level in range(2_000)
    )
    office.deliver(many.as_bytes(), huge.as_bytes(), nested.as_bytes(), deep)
    settings.MAIL_MOST_BYTES = 60 * 1024 * 1024
    read_mailbox(timestamp=0)
    came = ledger()
    assert (len(came["пятьсот файлов"].files), len(came["пятьсот файлов"].refused_files)) == (50, 200)
    assert "\u202e" not in came["пятьсот файлов"].files[0]["name"]
    assert came["пятьдесят мегабайт"].refused_files[0]["why"] == "file_is_too_large"
    assert "Внутри: счёт неверный" in came["с вложенным письмом"].text
    assert queries.mail_counts()["new_case"] == 3
    assert sum(queries.mail_counts().values()) == 4

    settings.MAIL_MOST_BYTES = 1_000
    office.deliver(letter("слово " * 500, subject="слишком большое").as_bytes())
    read_mailbox(timestamp=0)
    assert (ledger()["слишком большое"].state, ledger()["слишком большое"].sort) == ("unusable", "too_large")


def bomb():
    """Return an archive that holds an archive, a gigabyte when all is unpacked."""
    inner, outer = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(50_000_000))
    with zipfile.ZipFile(outer, "w", zipfile.ZIP_DEFLATED) as archive:
        for place in range(20):
            archive.writestr(f"{place}.zip", inner.getvalue())
    return outer.getvalue()


def test_letters_made_to_do_harm_are_kept_as_they_came_and_stop_no_other(office, settings):
    settings.MAIL_MOST_BYTES = 60 * 1024 * 1024
    armed, archive = letter(subject="архив"), bomb()
    armed.add_attachment(archive, maintype="application", subtype="pdf", filename="справка.pdf")
    armed.add_attachment(b"MZ" + bytes(99), maintype="image", subtype="jpeg", filename="снимок.jpg")
    armed.add_attachment(b"<?xml version='1.0'?><!DOCTYPE a>", maintype="text", subtype="xml", filename="счёт.xml")
    head = b"From: a@example.org\r\nSubject: %s\r\n"
    tiring = [
        head % b"parts" + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + b"--b\r\n\r\n" * 500_000,
        head % b"header" + b"X: " + b";" * 3_000_000 + b"\r\n\r\nx\r\n",
        head % b"markup" + b"Content-Type: text/html\r\n\r\nhi" + (b"<!--" * 200 + b"\r\n") * 900,
    ]
    office.deliver(armed.as_bytes(), *tiring, letter(subject="после них").as_bytes())

    assert read_mailbox(timestamp=0) == 5
    came = ledger()
    assert [one["why"] for one in came["архив"].refused_files] == ["file_kind_is_refused"] * 3
    fates = {name: (one.state, one.sort) for name, one in came.items()}
    assert [fates[one] for one in ("parts", "header")] == [("unusable", "broken")] * 2
    assert {came[one].sender for one in ("parts", "header")} == {"a@example.org"}
    assert [fates[one][0] for one in ("архив", "markup", "после них")] == ["new_case"] * 3
    raw = [bytes(one.raw) for one in InboxMessage.objects.filter(gate="mail").order_by("pk")]
    assert archive in [part.get_payload(decode=True) for part in message_from_bytes(raw[0]).walk()]
    assert [one[-2_000:] for one in raw[1:4]] == [one[-2_000:] for one in tiring]


@pytest.mark.django_db(transaction=True)
def test_who_is_not_proved_to_be_the_customer_gets_a_case_that_is_not_the_customers(office):
    anna = customers.register_customer(kind="person", family_name="Смирнова", at=clock.now())
    customers.add_contact(anna, kind=ContactKind.EMAIL, value="anna@example.org", from_on=cast.LONG_AGO, at=clock.now())
    says_no = {"Authentication_Results": "mx.svet.example; dmarc=fail"}
    two = letter(subject="два отправителя", sender="evil@example.org")
    two["Reply-To"] = "anna@example.org"
    office.deliver(letter(subject="сама").as_bytes(), letter(subject="подделка", **says_no).as_bytes(), two.as_bytes())
    read_mailbox(timestamp=0)

    came = ledger()
    whose = {name: cases.sending(one.case_id or 0).applicant.customer_id for name, one in came.items()}
    assert whose == {"сама": anna, "подделка": None, "два отправителя": None}
    assert list(came["подделка"].flags) == ["false_sender"]


@pytest.mark.django_db(transaction=True)
def test_a_message_id_used_again_by_another_hides_no_letter_and_opens_no_case(office):
    first, words = "<first@example.org>", "Когда включат свет?"
    office.deliver(letter(words, subject="первое", message_id=first).as_bytes())
    read_mailbox(timestamp=0)
    again = letter(words, subject="первое", message_id=first, X_Way="through another server")
    office.deliver(
        letter("Подделка", sender="evil@example.org", subject="чужое", message_id=first).as_bytes(),
        letter(words, sender="evil@example.org", subject="те же слова", message_id=first).as_bytes(),
        letter("Другие слова", subject="своё второе", message_id=first).as_bytes(),
        again.as_bytes(),
    )
    read_mailbox(timestamp=0)

    rows = queries.mail_page(states=(), limit=10)[0]
    fates = sorted((one.subject, one.state, list(one.flags)) for one in rows)
    assert fates == [
        ("первое", "new_case", []),
        ("первое", "repeat", []),
        ("своё второе", "new_case", ["same_id"]),
        ("те же слова", "new_case", ["same_id"]),
        ("чужое", "new_case", ["same_id"]),
    ]
    assert len({one.case_id for one in rows}) == 4
    assert {cases.sending(one.case_id or 0).applicant.email for one in rows if one.sender == "evil@example.org"} == {
        "evil@example.org"
    }
