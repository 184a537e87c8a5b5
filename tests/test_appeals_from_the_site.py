"""Appeals without signing in: sent by the form, followed by number and code; robots and guessers get nothing."""

import time
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from svet.domains.access import queries as access
from svet.domains.cases import actions, queries
from svet.domains.cases.models import AppealConsent, Case, CaseEvent, Letter
from svet.domains.cases.rules.register import CaseChannel, Resolution
from svet.domains.notifications.models import Message
from svet.domains.tariffs import actions as tariffs
from svet.flows import reactions
from svet.infra.models import StoredFile
from svet.surfaces.website import robots
from tests import cast, reference, scans
from tests.answers import answered

pytestmark = pytest.mark.django_db

AT = cast.NOW
NEW, STATUS = "/appeals/new/", "/appeals/"
NAUGHTY = "О'Нил <script>alert(1)</script> 😀 " + "ы" * 300


@pytest.fixture
def people(monkeypatch):
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(AT.timestamp() - time.time()))
    reference.load(tariffs, at=cast.moment(cast.LONG_AGO))
    reference.load(actions, at=cast.moment(cast.LONG_AGO))
    return cast.assemble()


def filled(*, shown_at=AT - timedelta(minutes=5), **more):
    mark = robots.new_mark(shown_at)
    first, second = robots._terms(robots.opened(mark)[0])
    return {
        "mark": mark,
        "sum": str(first + second),
        "kind": "grievance",
        "subject": "bill_amount",
        "text": "Много начислили",
        "applicant_kind": "person",
        "name": "Смирнова Анна",
        "email": "anna@example.org",
        "consent": "on",
    } | more


def sent(browser, **more):
    answer = browser.post(NEW, filled(**more))
    assert answer.status_code == 302, answer.content.decode()
    return Case.objects.latest("pk")


def code_of(case):
    return queries.receipt_code(case.pk)


def looks_up(browser, number, code):
    return browser.post(STATUS, {"number": number, "code": code})


def test_a_stranger_sends_a_file_once_and_reads_number_and_code(people):
    browser = Client()
    assert "Сколько будет" in browser.get(NEW).content.decode()
    data = filled(text=NAUGHTY, account_number=people.anna.number)
    file = {"scans": SimpleUploadedFile("письмо.pdf", scans.pdf())}
    wrong = browser.post(NEW, data | {"subject": "forged"} | file)
    assert (
        wrong.status_code == 422 and "письмо.pdf" in wrong.content.decode() and "О&#x27;Нил" in wrong.content.decode()
    )
    key = StoredFile.objects.get().key
    for _ in range(2):
        answer = browser.post(NEW, data | {"scan": key})

    case = Case.objects.get()
    assert answer.headers["Location"] == reverse("website:appeal_sent", args=[case.number])
    assert (case.channel, case.account_id, Letter.objects.count()) == ("by_site", people.anna.account.id, 1)
    assert AppealConsent.objects.get().text.startswith("Я согласен на обработку")
    page = browser.get(answer.headers["Location"]).content.decode()
    code = code_of(case)
    assert case.number in page and f"{code[:4]} {code[4:8]}" in page
    own = browser.get(reverse("website:appeal", args=[case.number])).content.decode()
    assert (
        "О&#x27;Нил &lt;script&gt;" in own and people.anna.account.customer_name not in own and "Почему эта дата" in own
    )
    given = reverse("website:appeal_file", args=[case.number, StoredFile.objects.get().pk])
    assert browser.get(given).headers["Content-Disposition"].startswith("attachment")
    assert Client().get(given).status_code == 302
    assert browser.get(given.replace(str(StoredFile.objects.get().pk), "999999")).status_code == 404


def test_what_no_browser_sends_is_answered_and_registers_nothing(people):
    for name in filled():
        for odd in ("\x00", "a\x00b", "\u202e", "x" * 100_000):
            assert Client().post(NEW, filled() | {name: odd, "scan": odd}).status_code in {302, 422}, (name, odd[:3])
    kept = Case.objects.count()
    many = [SimpleUploadedFile(f"{place}.pdf", scans.pdf()) for place in range(101)]
    for content in (filled(scans=many), {f"f{place}": "1" for place in range(1_001)}):
        answer = Client().post(NEW, content)
        assert answer.status_code == 400 and "слишком много файлов" in answer.content.decode()
    for raw in (
        b"",
        b"--x",
        b'--x\r\nContent-Disposition: form-data; name="scans"; filename="a\x00.pdf"\r\n\r\nMZ\r\n--x--',
    ):
        answer = Client().generic("POST", NEW, raw, content_type="multipart/form-data; boundary=x")
        assert answer.status_code == 422
    assert Case.objects.count() == kept and not StoredFile.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"sum": "99"},
        {"sum": ""},
        {"website": "http://spam.example"},
        {"mark": "forged"},
        {"mark": robots.new_mark(AT - timedelta(days=2))},
        {"mark": robots.new_mark(AT)},
        {"consent": ""},
        {"subject": ""},
        {"kind": "forged"},
        {"text": " "},
        {"text": "ы" * 20_001},
        {"email": "не почта"},
        {"applicant_kind": "unknown_applicant"},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_what_a_robot_sends_or_a_person_forgets_registers_nothing_and_is_kept(people, wrong):
    data = filled(name="Иван О'Нил") | wrong
    if wrong.get("mark", "").startswith(tuple("0123456789abcdef")):
        first, second = robots._terms(robots.opened(wrong["mark"])[0])
        data["sum"] = str(first + second)
    answer = Client().post(NEW, data | {"scans": SimpleUploadedFile("a.exe", b"MZ")})

    assert answer.status_code == 422 and "Иван О&#x27;Нил" in answer.content.decode()
    assert not Case.objects.exists() and not StoredFile.objects.exists()


def test_guessing_codes_is_limited_and_wrong_numbers_cost_the_same_work(people):
    case = sent(Client())
    code = code_of(case)

    def shapes(number, typed, place):
        with CaptureQueriesContext(
            connection,
        ) as made:
            answer = Client().post(STATUS, {"number": number, "code": typed}, REMOTE_ADDR=place)
        text = answer.content.decode().replace(number, "").replace(typed, "")
        return answer.status_code, len(made), text.split("<main")[1].split("csrfmiddlewaretoken")[0]

    looks_up(Client(), "ОБ-26-00-000777", "1")
    assert shapes(case.number, "000000000000", "10.0.0.1") == shapes("ОБ-26-00-999999", code, "10.0.0.2")
    browser = Client(REMOTE_ADDR="10.0.0.9")
    answers = [looks_up(browser, case.number, f"{n:012d}").content.decode() for n in range(5)]
    assert "Слишком много попыток" in answers[-1]
    assert "Слишком много попыток" in looks_up(browser, case.number, code).content.decode()
    assert looks_up(Client(REMOTE_ADDR="10.0.0.10"), case.number, code).status_code == 302
    assert Client().get(reverse("website:appeal", args=[case.number])).headers["Location"] == STATUS
    assert Client().get(reverse("website:appeal", args=["ОБ-26-00-999999"])).headers["Location"] == STATUS


def test_one_address_sends_only_so_many(people):
    browser = Client(REMOTE_ADDR="10.0.0.3")
    for count in range(10):
        sent(browser, text=f"Много начислили, письмо {count}")

    refused = browser.post(NEW, filled())
    assert refused.status_code == 422 and "Слишком много попыток" in refused.content.decode()
    assert sent(Client(REMOTE_ADDR="10.0.0.4")) and Case.objects.count() == 11


def test_the_answer_on_letterhead_is_given_only_to_who_opened_its_case_by_the_code(people):
    sender, other, guesser = Client(), Client(), Client()
    case, foreign = sent(sender), sent(Client(), name="Сосед")
    answer = answered(case, by=people.staff["operator"].user_id, at=AT, way=CaseChannel.SITE)
    theirs = answered(foreign, by=people.staff["operator"].user_id, at=AT, way=CaseChannel.SITE)
    paper = reverse("website:appeal_letter", args=[case.number, answer.letter_id])

    assert guesser.get(paper).headers["Location"] == STATUS
    assert looks_up(guesser, case.number, code_of(foreign)).status_code == 422
    assert guesser.get(paper).headers["Location"] == STATUS
    assert not CaseEvent.objects.filter(kind="answer_opened").exists()
    looks_up(other, case.number, code_of(case))
    assert paper in other.get(reverse("website:appeal", args=[case.number])).content.decode()
    for browser in (other, sender):
        assert browser.get(paper).content.startswith(b"%PDF-")
    beside = reverse("website:appeal_letter", args=[case.number, theirs.letter_id])
    assert other.get(beside).status_code == 404
    assert CaseEvent.objects.get(kind="answer_opened").data == {"letter_id": answer.letter_id, "way": "by_site"}


@pytest.mark.django_db(transaction=True)
def test_the_answer_is_read_by_code_and_what_it_did_not_solve_is_opened_again(people):
    browser, operator = Client(), people.staff["operator"].user_id
    case = sent(browser, name="", email="", consent="")
    reactions.deliver_facts(at=AT)
    assert not Message.objects.filter(kind="appeal_registered").exists()
    page = reverse("website:appeal", args=[case.number])
    letter = {"request_key": "a" * 32, "text": "Забыл дописать"}
    for _ in range(2):
        assert browser.post(page, letter).status_code == 302
    assert Letter.objects.count() == 2
    actions.take(case.pk, by=operator, at=AT)
    actions.note(case.pk, text="Тайная заметка", by=operator, at=AT)
    actions.extend_clock(case.pk, days=5, reason="тайная причина", notice="Нужно время", by=operator, at=AT)
    answer = {"text": "Счёт верен", "by": operator, "at": AT, "request_key": "r"}
    actions.reply(case.pk, resolution=Resolution.EXPLAINED, **answer)

    other = Client()
    assert looks_up(other, case.number.lower(), code_of(case)).headers["Location"] == page
    shown = other.get(page).content.decode()
    assert "Счёт верен" in shown and "Нужно время" in shown and "Вопрос не решён?" in shown
    assert not any(secret in shown for secret in ("Тайная", "тайная", access.person(operator).name))
    assert other.post(page, {"request_key": "b" * 32, "text": " "}).status_code == 422
    for _ in range(2):
        assert other.post(page, {"request_key": "b" * 32, "text": "Не решено"}).status_code == 302
    case.refresh_from_db()
    assert (case.state, case.reopened, Letter.objects.filter(direction="incoming").count()) == ("case_in_work", 1, 3)
