"""From the state portal into the register and back: an appeal with its file, work, longer term, answer; changes."""

from __future__ import annotations

import base64
from datetime import date, timedelta

import pytest

from svet.domains.cases import actions, queries
from svet.domains.cases.models import AppealOnPortal, Case, CaseClock, CaseEvent, Letter
from svet.domains.cases.rules.clocks import ClockKind
from svet.domains.cases.rules.register import CaseChannel, CaseState, Resolution
from svet.domains.supply.models import Premises
from svet.domains.tariffs import actions as tariffs
from svet.flows import answering, gis_appeals
from svet.flows.reactions import REACTIONS
from svet.infra import exchange, files
from svet.infra.models import Fact
from svet.surfaces.gates.gis_zhkh import work
from svet.surfaces.paper import letter as paper_letter
from svet.surfaces.paper.engine import TypesettingFailed
from tests import cast, reference, scans
from tests.answers import answered
from tests.state_portal import ANNAS, appeals, portal

HOUSE, PHOTO = "f1a50000-0000-4000-8000-000000000012", "f0000000-0000-4000-8000-000000000001"
NEXT_EXPORT = timedelta(minutes=11)

__all__ = ["portal"]  # the fixture is used by its name


@pytest.fixture
def people(db, settings) -> cast.Cast:
    settings.GIS_POLL_MINUTES = 10
    reference.load(tariffs, at=cast.moment(cast.LONG_AGO))
    reference.load(actions, at=cast.moment(cast.LONG_AGO))
    made = cast.assemble()
    Premises.objects.filter(code="ПМ-1").update(fias_house_id=HOUSE)
    return made


def export(portal, *xml: str) -> None:
    """Let the portal tell these appeals, and the job fetch them."""
    portal.tell(appeals=list(xml), put_file=[PHOTO, base64.b64encode(scans.pdf()).decode()])
    portal.run(later=NEXT_EXPORT)
    portal.run(later=timedelta(minutes=1))


def react(portal) -> None:
    """Hand all facts to the reactions of the portal, twice, as after a killed worker."""
    for name in ("take_in_work_on_portal", "answer_on_portal", "extend_on_portal"):
        names, handler = REACTIONS[name]
        for fact in [*Fact.objects.filter(name__in=names).order_by("pk")] * 2:
            handler(fact, portal.now)


def noted(case: Case) -> list[tuple[str, str]]:
    rows = CaseEvent.objects.filter(case=case, data__contains={"from": "portal"}).order_by("position")
    return [(row.data["action"], row.data["what"]) for row in rows]


def test_an_appeal_is_registered_worked_on_and_answered_on_the_portal(portal, people):
    operator = people.staff["operator"].user_id
    export(portal, *appeals(0))
    export(portal, *appeals(0))

    case = Case.objects.get()
    assert (case.channel, case.incoming_number, case.account_id) == (
        CaseChannel.GIS,
        "33-2026-117",
        people.anna.account.id,
    )
    assert case.received_at == cast.moment(date(2026, 11, 17), 0) and case.title == "Начисления за электроснабжение"
    letter = Letter.objects.get()
    assert letter.key == ANNAS and letter.files.get().file.name == "Счёт.pdf"
    clock = CaseClock.objects.get(case=case, kind=ClockKind.ANSWER)
    assert queries.clock_due_on(case.pk, kind=ClockKind.ANSWER) == date(2026, 12, 17)
    assert clock.because[0]["step"] == "outside"
    assert AppealOnPortal.objects.get().found_by == "address"

    actions.assign(case.pk, to=operator, by=operator, at=portal.now)
    react(portal)
    actions.extend_clock(
        case.pk, days=10, reason="Ждём сети", notice="Срок продлён: ждём ответ сетей.", by=operator, at=portal.now
    )
    react(portal)
    portal.run()
    portal.run(later=timedelta(minutes=1))
    answer = files.store(scans.pdf(b"/A 1 "), name="Ответ.pdf", by=operator, at=portal.now)
    actions.reply(
        case.pk,
        text="Начислено верно: <расчёт> во вложении.",
        by=operator,
        at=portal.now,
        request_key="r1",
        resolution=Resolution.EXPLAINED,
        file_ids=[answer.id],
    )
    react(portal)
    portal.run()
    portal.run(later=timedelta(minutes=1))

    sent = [message["body"] for message in portal.took()]
    assert len(sent) == 3
    assert "DateOfAppointment>2026-12-17<" in sent[0]
    assert "ExecutionDate>2026-12-27<" in sent[1] and "Срок продлён: ждём ответ сетей." in sent[1]
    assert "&lt;расчёт&gt; во вложении" in sent[2] and portal.took()[2]["attached"]
    assert noted(case) == [("assign", "done"), ("extend", "done"), ("answer", "done")]

    told = appeals(0)[0].replace(">Send<", ">InWork<")
    export(portal, told)
    portal.run(later=timedelta(minutes=1))
    assert "Executed" in portal.took()[3]["body"]


def test_a_numbered_answer_goes_on_letterhead_and_its_way_is_told_at_the_desk(portal, people, monkeypatch):
    operator = people.staff["operator"].user_id
    export(portal, *appeals(0))
    case = Case.objects.get()
    answer = answered(case, by=operator, at=portal.now, text="Начислено <верно>", way=CaseChannel.GIS)

    def way():
        page = answering.answer_page(case.number, user_id=operator, at=portal.now)
        return [one.state for one in answering.deliveries(page.case)[answer.letter_id]]

    react(portal)
    assert way() == ["to_portal"]
    with monkeypatch.context() as broken:
        broken.setattr(work.paper_letter, "render", failing)
        portal.run()
    assert len(portal.files()) == 1 and way() == ["to_portal"]
    portal.run(later=timedelta(minutes=2))
    portal.run(later=timedelta(minutes=1))

    [message] = [one for one in portal.took() if "Начислено &lt;верно&gt;" in one["body"]]
    assert len(message["attached"]) == 1 and ">answer-26-00-000001.pdf<" in message["body"]
    drawn = paper_letter.render(answering.paper_of_letter(answer.letter_id), at=portal.now)
    assert portal.files()[message["attached"][0]] == len(drawn)
    assert way() == ["on_portal"]


def test_an_answer_too_long_for_the_portal_goes_whole_as_its_file(portal, people):
    operator = people.staff["operator"].user_id
    export(portal, *appeals(0))
    case = Case.objects.get()
    said = "Начислено верно. " * 600 + "Последнее слово"
    answer = answered(case, by=operator, at=portal.now, text=said, way=CaseChannel.GIS)
    react(portal)
    portal.run()
    portal.run(later=timedelta(minutes=1))

    [message] = [one for one in portal.took() if "AnswerText" in one["body"]]
    assert ">Полный текст — в приложенном файле «answer-26-00-000001.pdf»." in message["body"]
    assert "Последнее слово" not in message["body"]
    [attached] = message["attached"]
    paper = answering.paper_of_letter(answer.letter_id)
    assert paper.text.endswith("Последнее слово") and len(paper.text) > 10_000
    assert portal.files()[attached] == len(paper_letter.render(paper, at=portal.now))
    assert noted(case)[-1] == ("answer", "done")


def test_a_letter_without_a_number_that_is_too_long_goes_whole_as_its_file_too(portal, people):
    operator = people.staff["operator"].user_id
    export(portal, *appeals(0))
    case = Case.objects.get()
    enclosed = files.store(scans.pdf(b"/A 1 "), name="Ответ.pdf", by=operator, at=portal.now)
    letter_id = actions.reply(
        case.pk,
        text="Начислено верно. " * 600 + "Последнее слово",
        by=operator,
        at=portal.now,
        request_key="r1",
        resolution=Resolution.EXPLAINED,
        file_ids=[enclosed.id],
    )
    react(portal)
    portal.run()
    portal.run(later=timedelta(minutes=1))

    [message] = [one for one in portal.took() if "AnswerText" in one["body"]]
    assert ">Полный текст — в приложенном файле «letter-26-00-000001.pdf»." in message["body"]
    paper = answering.letter_paper(case.number, letter_id, user_id=operator, at=portal.now)
    assert paper.text.endswith("Последнее слово") and paper.author and paper.name
    drawn, beside = message["attached"]
    assert portal.files()[drawn] == len(paper_letter.render(paper, at=portal.now))
    assert portal.files()[beside] == len(files.read(enclosed.id))
    assert noted(case)[-1] == ("answer", "done")


def test_words_about_a_longer_term_that_are_too_long_go_as_their_file(portal, people):
    operator = people.staff["operator"].user_id
    export(portal, *appeals(0))
    case = Case.objects.get()
    words = "Ждём ответ сетей. " * 60
    actions.extend_clock(case.pk, days=10, reason="Ждём сети", notice=words, by=operator, at=portal.now)
    react(portal)
    portal.run()
    portal.run(later=timedelta(minutes=1))

    [message] = [one for one in portal.took() if "RollOverAppeal" in one["body"]]
    assert "Полный текст — в приложенном файле" in message["body"] and "Ждём ответ сетей" not in message["body"]
    assert len(message["attached"]) == 1 and noted(case)[-1] == ("extend", "done")


def failing(*args, **given):
    raise TypesettingFailed("no")


def test_what_changes_on_the_portal_follows_in_the_register(portal, people):
    export(portal, *appeals(1, 2))

    collective = Case.objects.get(incoming_number="33-2026-98")
    withdrawn = Case.objects.get(incoming_number="33-2026-120")
    assert collective.account_id is None
    assert [one.name for one in collective.applicants.order_by("place")] == ["", "Орлов Игорь"]
    assert (withdrawn.state, withdrawn.resolution) == (CaseState.CLOSED, Resolution.WITHDRAWN)

    history, later = "<appeals:AppealHistory>", "<appeals:ChangeDate>2026-11-17</appeals:ChangeDate>"
    opinion = f"{history}{later}<appeals:Assesment><appeals:AnswerIsNotSatisfied>true</appeals:AnswerIsNotSatisfied>"
    opinion += "<appeals:DeclineComment>Не ответили про оплату</appeals:DeclineComment></appeals:Assesment>"
    assessed = appeals(1)[0].replace(history, f"{opinion}</appeals:AppealHistory>{history}", 1)
    export(portal, assessed)
    export(portal, assessed)
    assert [letter.text for letter in Letter.objects.filter(case=collective).order_by("pk")][1:] == [
        "Не ответили про оплату"
    ]
    assert Case.objects.get(pk=collective.pk).is_unread

    gone = assessed.replace(">InWork<", ">Withdrawn<")
    export(portal, gone)
    assert Case.objects.get(pk=collective.pk).resolution == Resolution.WITHDRAWN
    assert Case.objects.count() == 2

    guid = AppealOnPortal.objects.get(case=withdrawn).guid
    for _ in range(2):
        gis_appeals.redirect(guid, receiver=guid, comment="Не наш дом", request_key="k1", at=portal.now)
        gis_appeals.need_no_answer(guid, cause="Отозвано", request_key="k2", at=portal.now)
    portal.tell(error=["INT002000", "Нет такой организации"])
    portal.run()
    portal.run(later=timedelta(minutes=1))
    assert noted(withdrawn) == [("redirect", "refused"), ("not_required", "refused")]


def test_a_file_that_does_not_come_keeps_an_appeal_a_day_and_not_longer(portal, people):
    todays = appeals(0)[0].replace(">2026-11-17<", ">2026-11-18<")
    broken = appeals(1)[0].replace(">InWork<", ">Нет<")
    portal.tell(appeals=[todays, broken], silent_files=1)
    portal.run(later=NEXT_EXPORT)
    portal.run(later=timedelta(minutes=1))
    assert Case.objects.count() == 0
    assert exchange.requests(work.GATE, state="done")[0].last.result["failed"] == 2

    portal.run(later=timedelta(days=1))
    portal.run(later=timedelta(minutes=1))
    case = Case.objects.get()
    assert noted(case) == [("", "file_not_taken")]
