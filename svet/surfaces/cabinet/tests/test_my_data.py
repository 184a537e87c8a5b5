"""Everything held about me: one archive with all my accounts and nobody else's, and who of the staff saw it."""

import io
import json
import time
import zipfile
from datetime import UTC, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from svet.domains.access import actions as access
from svet.domains.accounts import actions as accounts
from svet.domains.accounts import queries as account_queries
from svet.domains.accounts.rules import DisclosureState, GrantRole
from svet.domains.cases import actions as cases
from svet.domains.cases.actions import Incoming
from svet.domains.cases.rules.applicants import Applicant
from svet.domains.cases.rules.contacts import ContactChannel, Settled, Subject
from svet.domains.cases.rules.identity import DocumentKind
from svet.domains.cases.rules.register import ApplicantKind, CaseChannel, Resolution
from svet.domains.customers import actions as customers
from svet.domains.customers.rules import ConsentPurpose, ContactKind
from svet.domains.ledger import queries as ledger
from svet.domains.payments import actions as payments
from svet.domains.tariffs import actions as tariffs
from svet.surfaces.cabinet import archive, jobs
from svet.surfaces.cabinet.data_words import SECTIONS
from tests import cast, reference

pytestmark = pytest.mark.django_db

PAGE = reverse("cabinet:my_data")


@pytest.fixture
def people(monkeypatch):
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(cast.NOW.timestamp() - time.time()))
    return cast.assemble()


def browser_of(home):
    browser = Client()
    assert browser.login(username=home.number, password=cast.PASSWORD)
    return browser


def share(home, person, *, role):
    accounts.grant_access(
        home.account.id, user_id=person.user_id, role=role, from_on=cast.LONG_AGO, at=cast.moment(cast.LONG_AGO)
    )


def asked(home):
    """Ask on the page and let the job do it; return the id."""
    assert browser_of(home).post(PAGE).status_code == 302
    disclosure_id = account_queries.disclosures_of(home.user_id)[0].id
    jobs.make_disclosure(disclosure_id)
    return disclosure_id


def opened(home, disclosure_id):
    answer = browser_of(home).get(reverse("cabinet:my_data_file", args=[disclosure_id]))
    assert answer.status_code == 200
    return zipfile.ZipFile(io.BytesIO(answer.content))


def test_the_archive_holds_all_of_mine_to_the_kopeck(people):
    customer = people.vera.account.customer_id
    customers.add_contact(
        customer, kind=ContactKind.EMAIL, value="vera@example.org", from_on=cast.NOW.date(), at=cast.NOW
    )
    customers.state_consent(
        customer, purpose=ConsentPurpose.PERSONAL_DATA, is_given=True, channel="cabinet", at=cast.NOW
    )
    payments.accept_payment(
        source_code="sberbank",
        external_id="SB-1",
        account_number=people.vera.number,
        amount=Decimal("1000.00"),
        paid_at=cast.NOW,
        received_at=cast.NOW,
        details={"payer": "Чужой человек"},
    )

    kept = opened(people.vera, asked(people.vera))

    assert set(kept.namelist()) == {
        "index.html", "person.json", f"accounts/{people.vera.number}.html", f"accounts/{people.vera.number}.json"
    }  # fmt: skip
    person = json.loads(kept.read("person.json"))
    account = json.loads(kept.read(f"accounts/{people.vera.number}.json"))
    assert [row["value"] for row in person["contacts"]] == ["vera@example.org"]
    assert person["consents"][0]["purpose"] == "personal_data"
    assert account["entries"][-1]["balance"] == str(ledger.balance(people.vera.account.id))
    assert account["payments"][0]["amount"] == "1000.00"
    assert account["meters"][0]["serial"] == people.vera.serial
    assert len(account["readings"]) == 5
    assert account["agreements"][0]["supply_point"]["address"].endswith("кв. 12")
    page = kept.read(f"accounts/{people.vera.number}.html").decode()
    assert "<td>3\u00a0218,60</td>" in page
    assert "<td>0</td>" in page
    assert "тарифный" not in page
    everything = "".join(kept.read(name).decode() for name in kept.namelist())
    assert "Чужой человек" not in everything
    assert "vera@example.org" in kept.read("index.html").decode()


def test_it_holds_every_account_i_own_and_none_that_i_only_see(people):
    share(people.igor, people.anna, role=GrantRole.OWNER)
    share(people.vera, people.anna, role=GrantRole.READER)

    names = opened(people.anna, asked(people.anna)).namelist()

    assert f"accounts/{people.igor.number}.json" in names
    assert f"accounts/{people.vera.number}.json" not in names


def test_who_looked_is_told_by_role_and_purpose_and_never_by_name(people):
    operator = people.staff["operator"]
    access.record_look(
        operator.user_id, account_id=people.anna.account.id, purpose="customer_call", at=cast.NOW, page="desk:account"
    )
    browser = browser_of(people.anna)

    page = browser.get(reverse("cabinet:looks", args=[people.anna.number])).content.decode()
    kept = opened(people.anna, asked(people.anna))
    everything = page + "".join(kept.read(name).decode() for name in kept.namelist())

    assert "оператор" in page
    assert "звонок клиента" in page
    assert json.loads(kept.read(f"accounts/{people.anna.number}.json"))["looks"] == [
        {"at": cast.NOW.astimezone(UTC).isoformat(), "roles": ["operator"], "purpose": "customer_call"}
    ]
    family_name = next(one.name[0] for one in cast.names.STAFF if one.role == "operator")
    assert family_name not in everything


def test_what_staff_noted_of_my_calls_is_there_without_who_noted_it_or_who_called(people):
    operator = people.staff["operator"].user_id
    contact = cases.begin_contact(
        operator, channel=ContactChannel.VISIT, at=cast.NOW, caller_name="Сосед Пётр", office_code="1"
    )
    cases.identify_by_document(people.anna.number, operator_id=operator, document=DocumentKind.PASSPORT, at=cast.NOW)
    cases.end_contact(
        contact,
        operator_id=operator,
        subjects=[Subject.BALANCE],
        settled=Settled.YES,
        at=cast.NOW,
        note="Объяснили перерасчёт",
    )

    kept = opened(people.anna, asked(people.anna))

    everything = "".join(kept.read(name).decode() for name in kept.namelist())
    assert "Объяснили перерасчёт" in kept.read(f"accounts/{people.anna.number}.html").decode()
    assert "баланс и долг" in everything
    assert "Сосед Пётр" not in everything
    assert next(one.name[0] for one in cast.names.STAFF if one.role == "operator") not in everything


def test_a_name_from_outside_is_never_markup_in_the_archive(people):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE customers_customer SET family_name = %s", ["<script>alert(1)</script>"])

    kept = opened(people.anna, asked(people.anna))

    for name in kept.namelist():
        if name.endswith(".html"):
            assert "<script>" not in kept.read(name).decode()


def test_pressed_twice_it_is_asked_for_once(people):
    browser = browser_of(people.anna)

    for _ in range(2):
        assert browser.post(PAGE).status_code == 302

    assert len(account_queries.disclosures_of(people.anna.user_id)) == 1
    page = browser.get(PAGE).content.decode()
    assert "Собираем: 0 из 2" in page
    assert "Собрать мои данные</button>" not in page
    assert "hx-get" in browser.get(reverse("cabinet:my_data_progress")).content.decode()


def test_the_job_run_again_changes_nothing(people):
    disclosure_id = asked(people.anna)
    before = account_queries.disclosure(disclosure_id)

    jobs.make_disclosure(disclosure_id)

    assert account_queries.disclosure(disclosure_id) == before


def test_another_persons_file_is_not_found_whoever_asks(people):
    disclosure_id = asked(people.anna)
    page = reverse("cabinet:my_data_file", args=[disclosure_id])
    share(people.anna, people.igor, role=GrantRole.READER)

    for other in (people.igor, people.intruder):
        assert browser_of(other).get(page).status_code == 404
    for forged in (disclosure_id + 1, 2**62):
        answer = browser_of(people.anna).get(reverse("cabinet:my_data_file", args=[forged]))
        assert answer.status_code == 404


def test_after_a_week_the_page_says_that_the_file_is_gone(people, monkeypatch):
    disclosure_id = asked(people.anna)
    later = cast.NOW + timedelta(days=8)
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(later.timestamp() - time.time()))

    jobs.tend_disclosures(0)

    browser = browser_of(people.anna)
    assert "файл удалён" in browser.get(PAGE).content.decode()
    assert browser.get(reverse("cabinet:my_data_file", args=[disclosure_id])).status_code == 404


def test_who_owns_nothing_is_told_so_and_cannot_ask(people):
    user_id = access.create_user("nobody", password=cast.PASSWORD, at=cast.NOW)
    browser = Client()
    browser.login(username="nobody", password=cast.PASSWORD)

    assert "у вас таких счетов нет" in browser.get(PAGE).content.decode()
    assert browser.post(PAGE).status_code == 403
    assert account_queries.disclosures_of(user_id) == []


def test_a_reader_does_not_see_who_looked(people):
    share(people.anna, people.igor, role=GrantRole.READER)

    answer = browser_of(people.igor).get(reverse("cabinet:looks", args=[people.anna.number]))

    assert answer.status_code == 403


def test_a_disclosure_that_cannot_be_made_says_so_and_may_be_asked_for_again(people):
    browser_of(people.anna).post(PAGE)
    disclosure_id = account_queries.disclosures_of(people.anna.user_id)[0].id
    access.close_login(people.anna.user_id, at=cast.NOW, reason="закрыт посреди сбора")

    with pytest.raises(Exception, match="no_such_user"):
        jobs.make_disclosure(disclosure_id)

    assert account_queries.disclosure(disclosure_id).state is DisclosureState.FAILED


def test_every_section_of_a_part_has_its_words_and_its_columns_exist(people):
    disclosure_id = asked(people.vera)
    kept = opened(people.vera, disclosure_id)

    for name in ("person.json", f"accounts/{people.vera.number}.json"):
        sections = set(json.loads(kept.read(name))) - {"made_at", "account"}
        assert sections <= set(SECTIONS)
    assert archive.packed([], made_at=cast.NOW).startswith(b"PK")


def test_my_appeals_are_there_with_letters_and_steps_but_no_notes_of_staff_and_nobody_elses(people):
    reference.load(tariffs, at=cast.moment(cast.LONG_AGO))
    reference.load(cases, at=cast.moment(cast.LONG_AGO))
    boss = people.staff["supervisor"].user_id

    def wrote(text, *, home, account, customer=None):
        who = Applicant(ApplicantKind.PERSON, name="Кто-то", customer_id=customer, user_id=home.user_id)
        letter = Incoming(channel=CaseChannel.CABINET, text=text, received_at=cast.NOW, key=text)
        account_id = account.account.id if account else None
        return cases.register(letter, applicant=who, at=cast.NOW, subject_code="bill", account_id=account_id)

    anna = people.anna
    mine = wrote("Почему <b>столько</b>?", home=anna, account=anna, customer=anna.account.customer_id)
    elsewhere = wrote("Вопрос не о счёте", home=anna, account=None)
    wrote("Чужая жалоба на Анну", home=people.vera, account=anna)
    cases.take(mine.case_id, by=boss, at=cast.NOW)
    cases.note(mine.case_id, text="Внутренняя заметка", by=boss, at=cast.NOW)
    cases.reply(mine.case_id, text="Вот ответ.", by=boss, at=cast.NOW, request_key="", resolution=Resolution.EXPLAINED)

    kept = opened(anna, asked(anna))
    account, person = json.loads(kept.read(f"accounts/{anna.number}.json")), json.loads(kept.read("person.json"))
    assert [one["number"] for one in account["appeals"]] == [mine.number]
    assert [one["text"] for one in account["appeal_letters"]] == ["Почему <b>столько</b>?", "Вот ответ."]
    assert "answer_given" in [one["kind"] for one in account["appeal_steps"]]
    assert [one["number"] for one in person["appeals"]] == [elsewhere.number]
    everything = "".join(kept.read(name).decode() for name in kept.namelist())
    assert "Внутренняя заметка" not in everything and "Чужая жалоба" not in everything
    page = kept.read(f"accounts/{anna.number}.html").decode()
    assert "&lt;b&gt;столько" in page and "<td>ваше</td>" in page and "answer_given" not in page
