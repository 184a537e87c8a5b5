"""Appeals in the account area: one's own and one's customer's; another's case and forged ids are not found."""

import time
import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from svet.domains.accounts import actions as accounts
from svet.domains.accounts.rules import GrantRole
from svet.domains.cases import actions
from svet.domains.cases.actions import Incoming
from svet.domains.cases.models import Case, CaseApplicant, CaseClock, CaseEvent, Letter, LetterFile
from svet.domains.cases.rules.applicants import Applicant
from svet.domains.cases.rules.register import CaseChannel, Resolution
from svet.domains.tariffs import actions as tariffs
from tests import cast, reference, scans
from tests.answers import answered
from tests.architecture.test_urls import signed_in

pytestmark = pytest.mark.django_db
AT = cast.NOW


@pytest.fixture
def people(monkeypatch):
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(AT.timestamp() - time.time()))
    reference.load(tariffs, at=cast.moment(cast.LONG_AGO))
    reference.load(actions, at=cast.moment(cast.LONG_AGO))
    return cast.assemble()


def at(name, *parts):
    return reverse(f"cabinet:{name}", args=parts)


def filled(**more):
    first = {"request_key": uuid.uuid4().hex, "kind": "question", "subject": "bill_amount", "text": "Почему так много?"}
    return first | more


def test_an_owner_writes_follows_and_opens_his_appeal_again_and_the_intruder_finds_nothing(people):
    anna, number = signed_in(people.anna.user_id), people.anna.number
    assert "вы ещё не писали" in anna.get(at("appeals", number)).content.decode()
    assert 'name="bill" value="2026-10"' in anna.get(at("new_appeal", number) + "?bill=2026-10").content.decode()
    assert anna.get(at("new_appeal", number) + "?bill=2026-13").status_code == 200
    assert anna.post(at("new_appeal", number), filled(bill="2031-10")).status_code == 404
    data = filled(text="О'Нил <b>😀</b>", email="new@example.org")
    for wrong in ({"subject": "forged"}, {"text": ""}, {"email": "x"}, {"request_key": "x"}, {"kind": ""}):
        refused = anna.post(at("new_appeal", number), data | wrong)
        assert refused.status_code == 422 and not Case.objects.exists(), wrong
    data["scans"] = SimpleUploadedFile("счёт.pdf", scans.pdf())
    first = anna.post(at("new_appeal", number), data)
    data.pop("scans")
    assert anna.post(at("new_appeal", number), data).headers["Location"] == first.headers["Location"]
    case, file = Case.objects.get(), LetterFile.objects.get()
    who = CaseApplicant.objects.get()
    assert (case.account_id, case.channel) == (people.anna.account.id, "by_cabinet")
    assert (who.user_id, who.email) == (people.anna.user_id, "new@example.org")
    page = at("appeal", number, case.number)
    assert "О&#x27;Нил &lt;b&gt;" in anna.get(page).content.decode()
    assert case.number in anna.get(at("appeals", number)).content.decode()
    assert anna.get(at("appeal_file", number, case.number, file.file_id)).status_code == 200
    assert anna.get(at("appeal_file", number, case.number, file.file_id + 1)).status_code == 404
    anna.post(page, {"request_key": "c" * 32, "text": "И ещё"})
    actions.reply(
        case.pk,
        text="Ответ",
        by=people.staff["operator"].user_id,
        at=AT - timedelta(minutes=1),
        request_key="r",
        resolution=Resolution.EXPLAINED,
    )
    assert "Вопрос не решён?" in anna.get(page).content.decode()
    anna.post(page, {"request_key": "d" * 32, "text": "Не так"})
    case.refresh_from_db()
    assert (case.reopened, Letter.objects.filter(direction="incoming").count()) == (1, 3)

    intruder = signed_in(people.intruder.user_id)
    for asked in (page, at("appeal", people.intruder.number, case.number)):
        assert intruder.get(asked).status_code == intruder.post(asked, {"text": "x"}).status_code == 404
    assert intruder.get(at("appeal_file", people.intruder.number, case.number, file.file_id)).status_code == 404
    assert case.number not in intruder.get(at("appeals", people.intruder.number)).content.decode()


def test_the_answer_on_letterhead_is_his_whose_appeal_it_is_and_it_is_noted_that_he_opened_it(people):
    number, operator = people.anna.number, people.staff["operator"].user_id
    anna, intruder = signed_in(people.anna.user_id), signed_in(people.intruder.user_id)
    anna.post(at("new_appeal", number), filled(text="О'Нил <b>😀</b>"))
    case = Case.objects.get()
    answer = answered(case, by=operator, at=AT - timedelta(minutes=5), way=CaseChannel.CABINET)
    paper, page = (
        at("appeal_letter", number, case.number, answer.letter_id),
        reverse("desk:case", args=[case.number]),
    )
    desk = signed_in(operator, proved=True)
    assert "Заявитель открыл" not in desk.get(page).content.decode()
    for asked, status in (
        (at("appeal_letter", people.intruder.number, case.number, answer.letter_id), 404),
        (paper, 404),
        (at("appeal_file", people.intruder.number, case.number, answer.letter_id), 404),
    ):
        assert intruder.get(asked).status_code == status
    assert not CaseEvent.objects.filter(kind="answer_opened").exists()
    assert paper in anna.get(at("appeal", number, case.number)).content.decode()
    for _ in range(2):
        given = anna.get(paper)
    assert given.content.startswith(b"%PDF-") and "answer-26-" in given.headers["Content-Disposition"]
    assert "no-store" in given.headers["Cache-Control"]
    first = Letter.objects.earliest("pk").pk
    for other in (first, answer.letter_id + 1000):
        assert anna.get(at("appeal_letter", number, case.number, other)).status_code == 404
    opened = CaseEvent.objects.get(kind="answer_opened")
    assert (opened.data, opened.by_id) == ({"letter_id": answer.letter_id, "way": "by_cabinet"}, None)
    assert "Заявитель открыл" in desk.get(page).content.decode()


def test_each_role_sees_what_is_his_and_a_strangers_letter_is_nobodys(people):
    number, account = people.anna.number, people.anna.account.id
    stranger = Incoming(channel=CaseChannel.SITE, text="Я сосед", received_at=AT)
    foreign = actions.register(stranger, applicant=Applicant(name="Сосед Пётр", account_number=number), at=AT)
    accounts.grant_access(account, user_id=people.vera.user_id, role=GrantRole.PAYER, from_on=AT.date(), at=AT)
    accounts.grant_access(account, user_id=people.igor.user_id, role=GrantRole.READER, from_on=AT.date(), at=AT)
    anna, payer, reader = (signed_in(one.user_id) for one in (people.anna, people.vera, people.igor))
    assert anna.get(at("appeal", number, foreign.number)).status_code == 404
    assert anna.post(at("new_appeal", number), filled()).status_code == 302
    of_owner = Case.objects.latest("pk").number
    assert payer.post(at("new_appeal", number), filled(text="Плачу я")).status_code == 302
    of_payer = Case.objects.latest("pk").number

    assert payer.get(at("appeal", number, of_owner)).status_code == 404
    assert payer.get(at("appeal", number, of_payer)).status_code == 200
    assert anna.get(at("appeal", number, of_payer)).status_code == 404
    assert CaseApplicant.objects.get(case__number=of_payer).customer_id is None
    for asked in (at("appeals", number), at("new_appeal", number), at("appeal", number, of_owner)):
        assert reader.get(asked).status_code == 403, asked
        assert reader.post(asked, filled()).status_code in {403, 405}, asked
    assert Case.objects.count() == 3


def test_list_and_page_say_the_same_last_day_and_say_so_when_it_passed(people, monkeypatch):
    anna, number = signed_in(people.anna.user_id), people.anna.number
    anna.post(at("new_appeal", number), filled(kind="grievance"))
    case = Case.objects.get()
    ends = {one.kind: one.due_at for one in CaseClock.objects.filter(case=case)}
    assert case.due_at == ends["charges_check_clock"] < ends["answer_clock"]

    told = "18\xa0декабря 2026"
    assert f"не позже {told}" in anna.get(at("appeals", number)).content.decode()
    page = at("appeal", number, case.number)
    assert "Ответим не позже" in anna.get(page).content.decode() and told in anna.get(page).content.decode()

    monkeypatch.setenv("SVET_CLOCK_OFFSET", str((ends["answer_clock"] + timedelta(hours=1)).timestamp() - time.time()))
    assert f"ждали {told}, опаздываем" in anna.get(at("appeals", number)).content.decode()
    late = anna.get(page).content.decode()
    assert "Ответим не позже" not in late and "и не успели" in late
