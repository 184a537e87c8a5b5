"""Appeals at the desk: taken, found, handled by any operation, refused by two; whom they are about finds nothing."""

import time
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from svet.domains.access.models import PersonalDataLook
from svet.domains.cases import actions, queries
from svet.domains.cases.actions import Details, Incoming
from svet.domains.cases.models import Case, CaseEvent, Letter, MatterPart
from svet.domains.cases.rules.applicants import Applicant, Secrets
from svet.domains.cases.rules.contacts import ContactChannel
from svet.domains.cases.rules.register import ApplicantKind, CaseChannel
from svet.domains.notifications.models import Message
from svet.domains.tariffs import actions as tariffs
from svet.flows import reactions
from svet.surfaces.desk.case_operations import OPERATIONS
from tests import cast, reference, scans
from tests.architecture.test_urls import signed_in

pytestmark = pytest.mark.django_db

AT = cast.NOW
NAUGHTY = "Почему «так» много?\nО'Нил <script>alert(1)</script> 😀 " + "ы" * 300
ANNA = Applicant(kind=ApplicantKind.PERSON, name="Смирнова Анна Павловна", email="anna@example.org")


@pytest.fixture
def people(monkeypatch):
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(AT.timestamp() - time.time()))
    reference.load(tariffs, at=cast.moment(cast.LONG_AGO))
    reference.load(actions, at=cast.moment(cast.LONG_AGO))
    return cast.assemble()


def at_desk(people, role="operator"):
    return signed_in(people.staff[role].user_id, proved=True)


def wrote(text="Прошу проверить счёт", *, applicant=ANNA, **more):
    letter = Incoming(channel=CaseChannel.EMAIL, text=text, received_at=AT)
    return actions.register(letter, applicant=applicant, at=AT, **more)


def page_of(number, name="desk:case"):
    return reverse(name, args=[number])


def do(browser, case, operation, **data):
    return browser.post(reverse("desk:case_operation", args=[case, operation]), data)


def intake(**more):
    return {
        "request_key": uuid.uuid4().hex,
        "channel": "at_office",
        "received_on": "2026-11-18",
        "kind": "question",
        "subject": "bill_amount",
        "applicant_kind": "person",
        "text": "Много начислили",
    } | more


def test_an_appeal_is_taken_once_with_its_scan_and_whatever_is_missing(people):
    browser = at_desk(people)
    operator = people.staff["operator"].user_id
    contact = actions.begin_contact(operator, channel=ContactChannel.VISIT, at=AT)
    sent = intake(text=NAUGHTY, name="O'Нил-Петров 😀", account_number=people.anna.number, passport="1705 123456")
    first = browser.post(reverse("desk:new_case"), sent | {"scans": SimpleUploadedFile("письмо.pdf", scans.pdf())})
    again = browser.post(reverse("desk:new_case"), sent)

    assert first.status_code == again.status_code == 302 and first.headers["Location"] == again.headers["Location"]
    case = Case.objects.get()
    assert case.account_id == people.anna.account.id and case.missing == ["answer_address"]
    assert MatterPart.objects.filter(part="contact_part", part_id=contact, matter=case.matter).exists()
    told = browser.get(first.headers["Location"]).content.decode()
    assert case.number in told and "адрес для ответа" in told
    slip = browser.get(page_of(case.number, "desk:case_slip"))
    assert slip.content.startswith(b"%PDF-")
    shown = browser.get(page_of(case.number)).content.decode()
    assert "О&#x27;Нил &lt;script&gt;" in shown and "1705" not in shown
    assert PersonalDataLook.objects.get().purpose == "written_appeal"
    file = Letter.objects.get().files.get()
    assert browser.get(reverse("desk:case_file", args=[case.number, file.file_id])).status_code == 200
    assert browser.get(reverse("desk:case_file", args=[case.number, file.file_id + 1])).status_code == 404


WRONG = (
    {"text": " "},
    {"subject": "forged"},
    {"channel": "by_gis"},
    {"received_on": "2026-11-19"},
    {"received_on": "вчера"},
    {"request_key": "x"},
    {"about_users": "999999"},
    {"text": "ы" * 20_001},
)


def test_what_cannot_be_an_appeal_is_said_in_words_and_kept_on_the_form(people):
    browser = at_desk(people)
    for wrong in WRONG:
        answer = browser.post(reverse("desk:new_case"), intake(name="Иван Иванов") | wrong)
        assert answer.status_code == 422 and "Иван Иванов" in answer.content.decode(), wrong

    assert not Case.objects.exists()


def test_every_operation_has_a_page_and_the_register_finds_what_is_typed(people):
    browser, boss = at_desk(people), at_desk(people, "supervisor")
    made = wrote(NAUGHTY, subject_code="quality", account_id=people.anna.account.id)
    for code in OPERATIONS:
        assert browser.get(reverse("desk:case_operation", args=[made.number, code])).status_code == 200, code
        assert do(browser, made.number, code, forged="1").status_code in {302, 422}, code
    assert browser.get(reverse("desk:case_operation", args=[made.number, "forged"])).status_code == 404
    assert browser.get(reverse("desk:case_operation", args=["ОБ-26-00-000099", "note"])).status_code == 404
    for asked in ("?q=начислили", f"?q={made.number}", "?q='%22<b>&state=forged&since=x&before=-1", "?state=overdue"):
        assert boss.get(reverse("desk:cases") + asked).status_code == 200
    assert made.number in boss.get(reverse("desk:cases") + "?q=О'Нил").content.decode()
    assert boss.get(reverse("desk:workload")).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_case_goes_its_way_from_the_queue_to_the_answer(people):
    operator, boss = at_desk(people), at_desk(people, "supervisor")
    made = wrote()
    assert do(operator, made.number, "take").status_code == 302
    assert "уже взял" in do(boss, made.number, "take").content.decode()
    stale = do(boss, made.number, "assign", to=people.staff["supervisor"].user_id, expected="")
    assert stale.status_code == 422 and "передали" in stale.content.decode()
    do(operator, made.number, "classify", kind="grievance", subject="bill_method")
    do(operator, made.number, "note", text="Проверить октябрь")
    do(operator, made.number, "note", text="Проверить октябрь")
    do(operator, made.number, "extend", days="10", reason="ждём данные", notice="Нужно время")
    do(operator, made.number, "ask", text="Сообщите номер счёта")
    told = {"kind": "person", "name": "Смирнова Анна", "email": "anna@example.org"}
    do(operator, made.number, "complete", account_number=people.anna.number, **told)
    reply = {"request_key": uuid.uuid4().hex, "way": "0", "text": "Счёт верен.", "resolution": "explained"}
    for _ in range(2):
        assert do(operator, made.number, "reply", **reply).status_code == 302

    case = Case.objects.get()
    assert (case.state, case.kind, case.subject) == ("case_answered", "grievance", "bill_method")
    kinds = list(CaseEvent.objects.values_list("kind", flat=True))
    assert kinds.count("noted") == 1 and kinds.count("answer_given") == 1 and kinds.count("clock_extended") == 1
    reactions.deliver_facts(at=AT)
    letters = Message.objects.filter(kind="appeal_letter").order_by("pk")
    assert [one.facts["text"] for one in letters][-1].startswith("Счёт верен.\n\n")
    told = Message.objects.get(kind="appeal_registered")
    assert (told.address, told.facts["case"]) == ("anna@example.org", made.number)
    assert made.receipt_code[:4] not in str(told.facts)
    assert "Почему эта дата" in operator.get(page_of(made.number)).content.decode()


def test_an_account_that_is_nobodys_is_told_at_once_and_mended(people):
    browser = at_desk(people)
    taken = browser.post(reverse("desk:new_case"), intake(name="Смирнова Анна", account_number="33 0000 0000"))
    number = Case.objects.get().number

    assert "Лицевого счёта 33 0000 0000 нет" in browser.get(taken.headers["Location"]).content.decode()
    assert "такого счёта нет" in browser.get(page_of(number)).content.decode()
    told = {"kind": "person", "name": "Смирнова Анна", "account_number": people.anna.number}
    assert do(browser, number, "complete", **told).status_code == 302
    assert Case.objects.get().account_id == people.anna.account.id
    for page in (taken.headers["Location"], page_of(number)):
        assert "счёта нет" not in browser.get(page).content.decode()


def test_whom_a_complaint_is_about_finds_nothing_by_any_address(people):
    boss, operator = at_desk(people, "supervisor"), at_desk(people)
    made = wrote("Груб оператор", account_id=people.anna.account.id)
    assert do(operator, made.number, "take").status_code == 302
    do(boss, made.number, "about", users=people.staff["operator"].user_id)

    for name in ("case", "case_taken", "case_slip", "case_secrets", "case_hints"):
        assert operator.get(page_of(made.number, f"desk:{name}")).status_code == 404, name
    for code in OPERATIONS:
        address = reverse("desk:case_operation", args=[made.number, code])
        assert (operator.get(address).status_code, operator.post(address).status_code) == (404, 404), code
    assert made.number not in operator.get(reverse("desk:cases")).content.decode()
    other = wrote("Другое", account_id=people.anna.account.id)
    for name in ("desk:case", "desk:case_hints"):
        assert made.number not in operator.get(page_of(other.number, name)).content.decode()
    assert made.number in boss.get(page_of(other.number, "desk:case_hints")).content.decode()
    assert do(operator, other.number, "merge", number=made.number).status_code == 422
    assert made.number in boss.get(reverse("desk:cases")).content.decode()


def test_not_to_consider_is_decided_by_two_and_reviewed_by_a_third(people):
    operator, boss, head = at_desk(people), at_desk(people, "supervisor"), at_desk(people, "head")
    made = wrote("Идиоты", applicant=Applicant())
    for page in (reverse("desk:case_operation", args=[made.number, "refuse"]), page_of(made.number, "desk:case_hints")):
        assert "«Идиоты»" in operator.get(page).content.decode()
    do(operator, made.number, "refuse", ground="insulting", note="оскорбление")
    assert "«Идиоты»" in boss.get(reverse("desk:case_operation", args=[made.number, "decide"])).content.decode()
    assert do(operator, made.number, "decide", decision="confirm", notice="Нет").status_code == 422
    assert do(boss, made.number, "decide", decision="confirm", notice=" ").status_code == 422
    assert made.number in boss.get(reverse("desk:refusals")).content.decode()
    assert do(boss, made.number, "decide", decision="confirm", notice="Не рассматриваем").status_code == 302

    assert queries.status(made.number, code=made.receipt_code).resolution == "not_considered"
    assert made.number in head.get(reverse("desk:refusals_to_review")).content.decode()
    [waits] = queries.refusals_to_review(people.staff["head"].user_id)
    review = reverse("desk:review_refusal", args=[made.number, waits.refusal_id])
    assert head.post(review, {"found": "wrongly_refused"}).status_code == 422
    assert head.post(review, {"found": "rightly_refused"}).status_code == 302
    assert operator.get(review).status_code == 403


def test_sealed_data_are_shown_only_for_a_reason(people):
    boss = at_desk(people, "supervisor")
    secret = Details(secrets=Secrets("01.02.1980", "г. Лес", "1705 123456"))
    made = wrote("Мигает", account_id=people.anna.account.id, details=secret)
    address = page_of(made.number, "desk:case_secrets")

    assert "1705" not in boss.get(address).content.decode() and boss.post(address).status_code == 422
    assert "1705 123456" in boss.post(address, {"reason": "проверка"}).content.decode()
    assert PersonalDataLook.objects.filter(page="desk:case_secrets").count() == 1


def test_the_page_of_a_case_costs_the_same_however_long_it_is(people, django_assert_max_num_queries):
    boss = at_desk(people, "supervisor")
    made = wrote(account_id=people.anna.account.id)
    address = page_of(made.number)
    boss.get(address)
    with django_assert_max_num_queries(26) as few:
        boss.get(address)
    for place in range(4):
        actions.join(
            made.case_id,
            letter=Incoming(channel=CaseChannel.EMAIL, text=f"Ещё {place}", received_at=AT, key=str(place)),
            at=AT,
        )
        actions.note(made.case_id, text=str(place), by=people.staff["supervisor"].user_id, at=AT)
        wrote("Снова", account_id=people.anna.account.id)
    with django_assert_max_num_queries(26) as many:
        boss.get(address)

    assert len(many) <= len(few) + 1


def test_the_page_of_the_register_costs_the_same_however_full_it_is(people, django_assert_max_num_queries):
    boss, address = at_desk(people, "supervisor"), reverse("desk:cases")
    wrote()
    boss.get(address)
    with django_assert_max_num_queries(11):
        boss.get(address)
    numbers = [wrote(NAUGHTY, account_id=people.anna.account.id).number for _ in range(5)]
    with django_assert_max_num_queries(11):
        page = boss.get(address + "?state=open&kind=question&assignee=forged").content.decode()
    shown = boss.get(address).content.decode()

    assert all(f'href="{page_of(number)}"' in shown for number in numbers)
    assert (
        '<option value="question" selected>' in page and '<option value="" selected>' not in page.split("Вид")[1][:300]
    )
    assert shown.count("<option") == page.count("<option")


def test_who_is_away_is_written_down_once_and_his_cases_go_to_the_deputy(people):
    boss, operator = (people.staff[role].user_id for role in ("supervisor", "operator"))
    browser, made = at_desk(people, "supervisor"), wrote()
    actions.take(made.case_id, by=operator, at=AT)
    away = {"user": operator, "first_on": "2026-11-18", "last_on": "2026-11-30", "deputy": boss}
    address = reverse("desk:absences")
    for wrong in ({"deputy": operator}, {"last_on": "2026-11-17"}, {"user": "999999"}, {"first_on": "завтра"}):
        assert browser.post(address, away | wrong).status_code == 422, wrong

    assert browser.post(address, away).status_code == 302 and browser.post(address, away).status_code == 422
    assert Case.objects.get().assignee_id == boss
    assert "переданы" in browser.get(address).content.decode()


def test_a_term_stands_until_a_day_that_the_page_and_the_applicant_are_shown(people):
    browser, case = at_desk(people), wrote().number
    words = {"clock": "answer_clock", "reason": "ждём акт", "notice": "Ждём акт.", "awaits": "awaits_applicant"}

    refused = do(browser, case, "pause", **words, until="2026-11-25", resume_notice="Скоро")
    assert "{срок}" in refused.content.decode()
    do(browser, case, "pause", **words, until="2026-11-25", resume_notice="Ответим не позже {срок}.")

    page = browser.get(page_of(case)).content.decode()
    assert "приостановлен 18.11.2026 до 25.11.2026, раньше, если ответит заявитель" in page
    actions.end_pauses(at=cast.moment(cast.date(2026, 11, 26)))
    page = browser.get(page_of(case)).content.decode()
    assert "день паузы прошёл" in page
    assert "Ответим не позже 26.12.2026." in page


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        ({"received_on": "0001-01-01"}, "больше трёх лет назад"),
        ({"received_on": "2026-11-19"}, "ещё не наступил"),
        ({"envelope_on": "9999-12-31"}, "позже дня, когда письмо пришло"),
        ({"envelope_on": "1926-11-17"}, "за три года до получения"),
        ({"received_on": "2026-11-16", "envelope_on": "2026-11-17"}, "позже дня, когда письмо пришло"),
    ],
)
def test_a_day_that_cannot_be_is_asked_about_and_registers_nothing(people, dates, said):
    refused = at_desk(people).post(reverse("desk:new_case"), intake(channel="by_post") | dates)

    assert refused.status_code == 422 and said in refused.content.decode()
    assert not Case.objects.exists()


def test_an_abbreviation_stays_one_where_words_are_chosen(people):
    assert "Через ГИС ЖКХ" in at_desk(people).get(reverse("desk:cases")).content.decode()


@pytest.mark.parametrize(("days", "said"), [("0", "Не меньше одного дня"), ("366", "Не больше 365 дней")])
def test_how_long_a_term_may_be_extended_is_said_plainly(people, days, said):
    made = wrote()
    asked = do(at_desk(people), made.number, "extend", days=days, reason="Ждём сеть", notice="Ответим позже")

    assert asked.status_code == 422 and said in asked.content.decode()
