"""The register's saved views and its files: whose they are, what is in them, who gets them, when they go."""

import io
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from svet.domains.access import actions as access
from svet.domains.access import queries as reads_of_access
from svet.domains.cases import actions, queries
from svet.domains.cases.actions import Incoming
from svet.domains.cases.models import CaseExportPart
from svet.domains.cases.queries import Filters
from svet.domains.cases.rules.applicants import Applicant
from svet.domains.cases.rules.exporting import KEPT_FOR, MOST_WAITING, ExportState
from svet.domains.cases.rules.register import ApplicantKind, CaseChannel
from svet.domains.customers import actions as customers
from svet.domains.tariffs import actions as tariffs
from svet.flows import looks
from svet.infra import clock
from svet.infra.models import AuditRecord
from svet.kernel.errors import NotFound
from svet.surfaces.desk import jobs
from svet.surfaces.paper import case_book
from tests import cast, reference
from tests.architecture.test_urls import signed_in

pytestmark = pytest.mark.django_db

AT = cast.NOW
REGISTER = reverse("desk:cases")
EXPORTS = reverse("desk:case_exports")
FORMULA = '=HYPERLINK("http://evil")'


@pytest.fixture
def people(monkeypatch):
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(AT.timestamp() - time.time()))
    reference.load(tariffs, at=cast.moment(cast.LONG_AGO))
    reference.load(actions, at=cast.moment(cast.LONG_AGO))
    return cast.assemble()


def browser_of(home):
    browser = Client()
    assert browser.login(username=home.number, password=cast.PASSWORD)
    return browser


def at_desk(people, role="operator"):
    return signed_in(people.staff[role].user_id, proved=True)


def wrote(text, *, name="Смирнова Анна", channel=CaseChannel.EMAIL):
    applicant = Applicant(kind=ApplicantKind.PERSON, name=name, email="anna@example.org")
    return actions.register(Incoming(channel=channel, text=text, received_at=AT), applicant=applicant, at=AT)


def in_unit(people, *roles):
    unit_id = access.define_unit("Отдел обращений", parent_id=None, office_code="", at=AT)
    for role in roles:
        put_into(people.staff[role].user_id, unit_id)
    return unit_id


def put_into(user_id, unit_id):
    from svet.domains.access.models import User

    User.objects.filter(pk=user_id).update(unit_id=unit_id)


def exported(people, browser, **conditions):
    """Ask on the page, let the job do it, return its id."""
    assert browser.post(EXPORTS, conditions).status_code == 302
    export_id = queries.exports_of(people.staff["operator"].user_id)[0].id
    jobs.export_cases(export_id)
    return export_id


def rows_of(browser, export_id):
    answer = browser.get(reverse("desk:case_export_file", args=[export_id]))
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content)
    assert int(answer["Content-Length"]) == len(content)
    return sheets(io.BytesIO(content))[0][1][1:]


def sheets(file):
    file.seek(0)
    book = CalamineWorkbook.from_filelike(file)
    return [(name, book.get_sheet_by_name(name).to_python()) for name in book.sheet_names]


def test_a_file_holds_what_the_conditions_find_and_texts_are_no_formulas(people):
    letter = wrote("Первое", name=FORMULA)
    wrote("Второе", channel=CaseChannel.SITE)
    browser = at_desk(people)

    rows = rows_of(browser, exported(people, browser, channel="by_email"))

    assert [(row[0], row[6]) for row in rows] == [(letter.number, FORMULA)]
    assert [f"{rows[0][place]:%Y-%m-%d %H}" for place in (1, 11)] == [f"{AT:%Y-%m-%d %H}", "2026-12-18 00"]


def test_every_step_of_a_file_is_in_the_audit_with_conditions_and_rows(people):
    wrote("Первое")
    browser = at_desk(people)
    export_id = exported(people, browser, state="open")
    rows_of(browser, export_id)

    told = AuditRecord.objects.filter(target_kind="case_export", target_id=str(export_id)).order_by("pk")
    assert [row.verb for row in told] == ["cases.export_requested", "cases.export_finished", "cases.export_taken"]
    assert told[2].data == {
        "user_id": people.staff["operator"].user_id,
        "filters": {"state": "open"},
        "rows": 1,
    }


def test_all_batches_are_read_and_progress_is_told(people):
    numbers = [wrote(f"Письмо {place}").number for place in range(5)]
    told = []
    batches = queries.all_found(people.staff["operator"].user_id, filters=Filters(), at=AT, batch=2)
    file = io.BytesIO()

    assert case_book.write(file, batches, told=told.append) == 5
    assert told == [2, 4, 5]
    assert [row[0] for row in sheets(file)[0][1][1:]] == numbers[::-1]


def test_more_rows_than_a_sheet_holds_go_on_the_next_one(people, monkeypatch):
    for place in range(3):
        wrote(f"Письмо {place}")
    monkeypatch.setattr(case_book, "ROWS_OF_A_SHEET", 2)
    file = io.BytesIO()

    case_book.write(
        file, queries.all_found(people.staff["operator"].user_id, filters=Filters(), at=AT), told=lambda done: None
    )

    assert [(name, len(rows)) for name, rows in sheets(file)] == [("Обращения", 3), ("Обращения 2", 2)]


def test_a_file_is_given_to_who_asked_alone_and_is_gone_after_its_days(people):
    wrote("Первое")
    mine, other = at_desk(people), at_desk(people, "supervisor")
    export_id = exported(people, mine)
    address = reverse("desk:case_export_file", args=[export_id])

    assert other.get(address).status_code == 404
    assert other.post(reverse("desk:drop_case_export", args=[export_id])).status_code == 404
    assert actions.expire_exports(at=clock.now() + KEPT_FOR - timedelta(minutes=1)) == 0
    assert actions.expire_exports(at=clock.now() + KEPT_FOR) == 1
    assert mine.get(address).status_code == 404
    assert not CaseExportPart.objects.exists()


def test_a_file_may_be_destroyed_at_once(people):
    wrote("Первое")
    browser = at_desk(people)
    export_id = exported(people, browser)

    browser.post(reverse("desk:drop_case_export", args=[export_id]))

    assert queries.export(export_id).state is ExportState.EXPIRED
    assert not CaseExportPart.objects.exists()


def test_whom_a_case_comes_to_be_about_does_not_get_a_file_that_may_hold_it(people):
    case = wrote("Оператор нагрубил")
    browser, operator = at_desk(people), people.staff["operator"].user_id
    export_id = exported(people, browser)
    actions.name_complained_about(
        case.case_id, users=[operator], units=[], by=people.staff["supervisor"].user_id, at=clock.now()
    )

    assert browser.get(reverse("desk:case_export_file", args=[export_id])).status_code == 404
    assert not CaseExportPart.objects.exists()
    assert rows_of(browser, exported(people, browser)) == []


def test_whoever_has_come_to_another_unit_does_not_get_an_older_file(people):
    wrote("Первое")
    browser = at_desk(people)
    export_id = exported(people, browser)
    in_unit(people, "operator")

    assert browser.get(reverse("desk:case_export_file", args=[export_id])).status_code == 404


def test_the_same_file_is_asked_for_once_and_few_are_made_at_a_time(people):
    browser, operator = at_desk(people), people.staff["operator"].user_id
    for _ in range(2):
        browser.post(EXPORTS, {"state": "open"})
    assert len(queries.exports_of(operator)) == 1

    for channel in ("by_email", "by_site", "by_post", "by_phone"):
        browser.post(EXPORTS, {"channel": channel})
    assert len(queries.exports_of(operator)) == MOST_WAITING


def test_a_killed_export_is_begun_again_and_made_once(people, monkeypatch):
    wrote("Первое")
    browser = at_desk(people)
    browser.post(EXPORTS)
    export = queries.exports_of(people.staff["operator"].user_id)[0]
    actions.begin_export(export.id, found=1, at=clock.now())
    assert "Записано 0 из 1" in browser.get(reverse("desk:case_exports_progress")).content.decode()

    jobs.export_cases(export.id)
    jobs.export_cases(export.id)

    assert queries.export(export.id).state is ExportState.READY
    assert len(rows_of(browser, export.id)) == 1


def test_what_cannot_be_made_says_so_and_may_be_asked_for_again(people, monkeypatch):
    browser = at_desk(people)
    browser.post(EXPORTS)
    export = queries.exports_of(people.staff["operator"].user_id)[0]

    def breaks(*args, **kwargs):
        raise OSError("no room left")

    monkeypatch.setattr(case_book, "write", breaks)
    with pytest.raises(OSError, match="no room"):
        jobs.export_cases(export.id)

    assert queries.export(export.id).state is ExportState.FAILED
    assert "не получилось" in browser.get(EXPORTS).content.decode()


def test_a_view_keeps_its_conditions_and_pages_stay_within_it(people):
    wrote("Первое")
    wrote("Второе", channel=CaseChannel.SITE)
    browser = at_desk(people)

    answer = browser.post(f"{reverse('desk:new_case_view')}?channel=by_site&q=Второе", {"name": "  С   сайта "})
    page = browser.get(answer["Location"]).content.decode()

    view = queries.views_for(people.staff["operator"].user_id)[0]
    assert (view.name, view.kept) == ("С сайта", {"text": "Второе", "channel": "by_site"})
    assert f'<a class="said" href="?view={view.id}" aria-current="page">С сайта</a>' in page
    assert page.count("ОБ-26-00-") == page.count("ОБ-26-00-000002") > 0


def test_a_view_is_shared_with_the_unit_and_changed_by_its_owner_alone(people):
    unit_id = in_unit(people, "operator", "supervisor")
    mine, other = at_desk(people), at_desk(people, "supervisor")
    mine.post(f"{reverse('desk:new_case_view')}?state=overdue", {"name": "Горящие", "shared": "on"})
    view = queries.views_for(people.staff["operator"].user_id)[0]
    page = reverse("desk:case_view", args=[view.id])

    assert "Горящие" in other.get(REGISTER).content.decode()
    assert other.post(page, {"name": "Мои", "shared": "on"}).status_code == 404
    assert other.post(page, {"drop": "yes"}).status_code == 404
    put_into(people.staff["supervisor"].user_id, None)
    assert other.get(f"{REGISTER}?view={view.id}").status_code == 404
    assert "Горящие" not in other.get(REGISTER).content.decode()

    put_into(people.staff["supervisor"].user_id, unit_id)
    mine.post(page, {"name": "Поздние"})
    assert queries.views_for(people.staff["operator"].user_id)[0].name == "Поздние"
    assert queries.views_for(people.staff["supervisor"].user_id) == []
    mine.post(page, {"drop": "yes"})
    with pytest.raises(NotFound):
        queries.view_for(people.staff["operator"].user_id, view.id)
    assert [row.verb for row in AuditRecord.objects.filter(target_kind="saved_view").order_by("pk")] == [
        "cases.save_view",
        "cases.change_view",
        "cases.drop_view",
    ]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "Заполните это поле"),
        ("  ", "Заполните это поле"),
        ("Мой", "у вас уже есть"),
        ("мой", "у вас уже есть"),
        ("\x00 ", 'class="error"'),
    ],
)
def test_a_view_without_a_name_of_its_own_is_refused(people, name, said):
    browser = at_desk(people)
    browser.post(reverse("desk:new_case_view"), {"name": "Мой"})

    answer = browser.post(reverse("desk:new_case_view"), {"name": name})

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert len(queries.views_for(people.staff["operator"].user_id)) == 1


def test_conditions_that_are_wrong_are_passed_over(people):
    browser = at_desk(people)

    for query in ("?view=-1", "?view=x", "?state=nonsense&since=yesterday", "?assignee=999999999999999999999"):
        assert browser.get(REGISTER + query).status_code == 200
    assert browser.get(f"{REGISTER}?view=999999").status_code == 404


def of_account(account, text="Письмо"):
    letter = Incoming(channel=CaseChannel.EMAIL, text=text, received_at=AT)
    applicant = Applicant(kind=ApplicantKind.PERSON, name="Смирнова Анна", email="anna@example.org")
    return actions.register(letter, applicant=applicant, account_id=account.account.id, at=AT)


def test_a_file_is_a_look_at_each_account_in_it_once(people):
    operator = people.staff["operator"].user_id
    ids = [of_account(one).case_id for one in (people.anna, people.anna, people.igor, people.vera)]
    wrote("Без счёта")
    browser = at_desk(people)
    export_id = exported(people, browser)

    page = f"case_export:{export_id}"
    accounts = sorted(one.account.id for one in (people.anna, people.igor, people.vera))
    looked = reads_of_access.looks()
    assert sorted(look.account_id for look in looked) == accounts
    assert {(look.user_id, look.purpose, look.page) for look in looked} == {(operator, "register_export", page)}

    def costs(case_ids):
        with CaptureQueriesContext(connection) as asked:
            actions.note_looks(export_id, case_ids=case_ids, at=AT)
        return len(asked)

    assert costs(ids) == costs(ids[:1])
    assert len(reads_of_access.looks()) == queries.export(export_id).accounts == len(accounts)


def test_a_file_is_one_line_for_supervisors_and_a_plain_row_for_the_customer(people):
    # Of the operator's own family: were it a look as others are, a rule would tell it.
    customers.change_name(people.anna.account.customer_id, family_name="Седова", at=AT, reason="Брак")
    for one in (people.anna, people.igor, people.vera):
        of_account(one)
    exported(people, at_desk(people))

    shown = looks.page(at=AT)
    assert (shown.looks, shown.odd) == ((), ())
    assert [one.export.accounts for one in shown.exports] == [3]
    supervisor = at_desk(people, "supervisor")
    log = supervisor.get(reverse("desk:access_log")).content.decode()
    assert "Выгрузки списка обращений" in log
    assert "3 счёта" in log.replace("\u00a0", " ")
    row = "выгрузка списка обращений в файл"
    assert row not in log
    assert row in supervisor.get(reverse("desk:access_log"), {"number": people.anna.number}).content.decode()
    mine = browser_of(people.anna).get(reverse("cabinet:looks", args=[people.anna.number]))
    assert row in mine.content.decode()
