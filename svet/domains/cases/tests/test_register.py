"""An appeal enters the register by any channel, once; its row is what its events come to; its terms say why."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.db.utils import DatabaseError, IntegrityError

from svet.domains.cases import actions, queries
from svet.domains.cases.actions import Details, Incoming, OutsideTerm, Paper
from svet.domains.cases.actions.events import present_of
from svet.domains.cases.models import Case, CaseClock, CaseEvent, Letter
from svet.domains.cases.rules.applicants import Applicant, Secrets
from svet.domains.cases.rules.clocks import Awaited, ClockKind
from svet.domains.cases.rules.life import Present, after
from svet.domains.cases.rules.register import (
    ApplicantKind,
    CaseChannel,
    CaseKind,
    CaseState,
    EventKind,
    Resolution,
)
from svet.domains.tariffs import actions as tariffs
from svet.kernel.errors import Conflict, DomainError, NotAllowed
from tests import cast, reference

AT = cast.NOW
LETTER = Incoming(channel=CaseChannel.EMAIL, text="Прошу проверить счёт за октябрь.", received_at=AT, key="<1@mail>")
PAUSE = {"until": (AT + timedelta(days=20)).date(), "resume_notice": "Ответим не позже {срок}."}
ANNA = Applicant(kind=ApplicantKind.PERSON, name="Смирнова Анна Павловна", email="anna@example.org")


@pytest.fixture
def people(db) -> cast.Cast:
    reference.load(tariffs, at=cast.moment(cast.LONG_AGO))
    reference.load(actions, at=cast.moment(cast.LONG_AGO))
    return cast.assemble()


def folded(case: Case) -> Present:
    present = Present()
    for event in case.events.order_by("position"):
        present = after(present, kind=EventKind(event.kind), data=event.data, at=event.at)
    return present


def test_a_letter_becomes_one_case_however_often_it_comes(people):
    made = actions.register(LETTER, applicant=ANNA, at=AT, subject_code="bill_amount")
    again = actions.register(LETTER, applicant=ANNA, at=AT + timedelta(hours=1))
    other = actions.register(replace(LETTER, key="<2@mail>"), applicant=ANNA, at=AT, office_code="vladimir-mira-61a")

    assert (made.number, other.number) == ("ОБ-26-00-000001", "ОБ-26-01-000001")
    assert again == replace(made, is_new=False)
    assert len(made.receipt_code) == 12 and made.receipt_code != other.receipt_code
    case = Case.objects.get(pk=made.case_id)
    assert case.missing == ["account_or_contract", "supply_address"]
    assert queries.case_of_letter(channel=CaseChannel.EMAIL, key="<1@mail>") == made.case_id
    assert queries.case_of_number("об 26 00 000001", at=AT) == made.case_id


def test_a_number_taken_in_vain_is_given_back(people):
    with pytest.raises(DomainError), transaction.atomic():
        actions.register(replace(LETTER, text=" "), applicant=ANNA, at=AT)

    assert actions.register(LETTER, applicant=ANNA, at=AT).number == "ОБ-26-00-000001"


def test_the_row_of_a_case_is_what_its_events_come_to(people):
    operator, boss = (people.staff[role].user_id for role in ("operator", "supervisor"))
    made = actions.register(LETTER, applicant=ANNA, at=AT, subject_code="other")
    number = made.case_id
    actions.take(number, by=operator, at=AT + timedelta(hours=1))
    actions.classify(number, kind=CaseKind.COMPLAINT, subject_code="bill_amount", by=operator, at=AT)
    actions.assign(number, to=boss, by=boss, at=AT, expected=operator)
    actions.reply(number, text="Счёт верен.", by=boss, at=AT, request_key="a", resolution=Resolution.EXPLAINED)
    actions.join(number, letter=replace(LETTER, key="<3@mail>", text="Не согласна"), at=AT)
    actions.reopen(number, reason="не согласна", by=boss, at=AT)
    actions.mark_read(number, by=boss, at=AT)
    actions.reply(number, text="Пересчитали.", by=boss, at=AT, request_key="b", resolution=Resolution.SATISFIED)
    actions.close(number, by=boss, at=AT)

    case = Case.objects.get(pk=number)
    assert present_of(case) == folded(case)
    assert (case.state, case.resolution, case.reopened) == (CaseState.CLOSED, Resolution.SATISFIED, 1)
    assert [event.position for event in case.events.order_by("position")] == list(range(1, case.events_count + 1))
    assert not CaseClock.objects.filter(case=case).exclude(state="stopped").exists() and case.due_at is None


def test_events_letters_and_stopped_clocks_stand(people):
    made = actions.register(LETTER, applicant=ANNA, at=AT, subject_code="bill")
    boss = people.staff["supervisor"].user_id
    actions.reply(made.case_id, text="Да.", by=boss, at=AT, request_key="", resolution=Resolution.EXPLAINED)

    for row in (CaseEvent.objects.first(), Letter.objects.first(), CaseClock.objects.first()):
        with pytest.raises(DatabaseError), transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(case_id=made.case_id)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=made.case_id).update(resolution="")


def test_terms_run_side_by_side_and_say_why(people):
    made = actions.register(LETTER, applicant=ANNA, at=AT, subject_code="bill_amount")
    clocks = {clock.kind: clock for clock in CaseClock.objects.filter(case_id=made.case_id)}

    # 18.11.2026 is a Wednesday: thirty days later is Friday, three working days later is Monday.
    assert queries.clock_due_on(made.case_id, kind=ClockKind.ANSWER) == date(2026, 12, 18)
    assert queries.clock_due_on(made.case_id, kind=ClockKind.CHECK) == date(2026, 11, 23)
    assert [step["step"] for step in clocks[ClockKind.CHECK].because] == ["start", "counted", "days_off"]
    assert clocks[ClockKind.CHECK].because[2]["days"] == ["2026-11-21", "2026-11-22"]
    assert Case.objects.get(pk=made.case_id).due_at == clocks[ClockKind.CHECK].due_at


def test_a_term_that_another_system_computed_is_taken(people):
    outside = OutsideTerm(date(2026, 12, 1), "ПП 354")
    letter = replace(LETTER, channel=CaseChannel.GIS, key="guid")
    made = actions.register(letter, applicant=ANNA, at=AT, details=Details(outside=outside))

    assert queries.clock_due_on(made.case_id, kind=ClockKind.ANSWER) == date(2026, 12, 1)


def test_a_term_is_extended_only_in_time_with_reason_and_notice_and_not_beyond_its_most(people):
    boss = people.staff["supervisor"].user_id
    case_id = actions.register(LETTER, applicant=ANNA, at=AT).case_id
    words = {"reason": "ждём сетевую", "notice": "Нужно больше времени.", "by": boss}

    for days, said in ((31, {}), (0, {}), (10, {"reason": " "}), (10, {"notice": ""})):
        with pytest.raises(DomainError):
            actions.extend_clock(case_id, days=days, at=AT, **(words | said))
    actions.extend_clock(case_id, days=20, at=AT, **words)
    with pytest.raises(DomainError):
        actions.extend_clock(case_id, days=11, at=AT, **words)
    assert queries.clock_due_on(case_id, kind=ClockKind.ANSWER) == date(2027, 1, 7)
    assert Letter.objects.get(case_id=case_id, direction="outgoing").address == "anna@example.org"

    actions.pause_clock(case_id, kind=ClockKind.ANSWER, at=AT + timedelta(days=10), **PAUSE, **words)
    assert Case.objects.get(pk=case_id).due_at is None
    actions.resume_clock(case_id, kind=ClockKind.ANSWER, by=boss, at=AT + timedelta(days=15))
    assert queries.clock_due_on(case_id, kind=ClockKind.ANSWER) == date(2027, 1, 12)
    with pytest.raises(Conflict):
        actions.extend_clock(case_id, days=1, at=AT + timedelta(days=90), **words)


def standing(people, *, awaits=None, days=5):
    """Register a case whose term stands from its second day for some days; return its id."""
    case_id = actions.register(LETTER, applicant=ANNA, at=AT).case_id
    actions.pause_clock(
        case_id,
        kind=ClockKind.ANSWER,
        reason="ждём документы",
        notice="Ждём документы.",
        until=(AT + timedelta(days=1 + days)).date(),
        resume_notice="Ответим не позже {срок}.",
        awaits=awaits,
        by=people.staff["supervisor"].user_id,
        at=AT + timedelta(days=1),
    )
    return case_id


def told(case_id):
    return list(
        Letter.objects.filter(case_id=case_id, direction="outgoing").order_by("pk").values_list("text", flat=True)
    )


def test_a_pause_ends_by_itself_after_its_day_and_the_applicant_is_told_the_new_one_once(people):
    case_id = standing(people)

    assert actions.end_pauses(at=AT + timedelta(days=6)) == 0
    assert Case.objects.get(pk=case_id).due_at is None
    assert actions.end_pauses(at=AT + timedelta(days=7)) == 1
    assert actions.end_pauses(at=AT + timedelta(days=7)) == 0

    assert queries.clock_due_on(case_id, kind=ClockKind.ANSWER) == date(2026, 12, 24)
    assert told(case_id) == ["Ждём документы.", "Ответим не позже 24.12.2026."]
    event = CaseEvent.objects.get(case_id=case_id, kind="clock_resumed")
    assert (event.by_id, event.data["reason"]) == (None, "pause_is_over")


def test_the_letter_that_a_pause_waits_for_ends_it_and_another_does_not(people):
    waits, stands = standing(people, awaits=Awaited.APPLICANT), None
    with pytest.raises(Conflict):
        actions.grid_answered(waits, text="Не было", by=people.staff["supervisor"].user_id, at=AT + timedelta(days=2))
    actions.join(waits, letter=replace(LETTER, key="<papers>"), at=AT + timedelta(days=3))
    assert queries.clock_due_on(waits, kind=ClockKind.ANSWER) == date(2026, 12, 20)

    stands = actions.register(replace(LETTER, key="<2@mail>"), applicant=ANNA, at=AT).case_id
    boss = people.staff["supervisor"].user_id
    actions.await_grid(stands, question="Было ли отключение?", by=boss, at=AT)
    actions.pause_clock(
        stands, kind=ClockKind.ANSWER, reason="ждём", notice="Ждём.", awaits=Awaited.GRID, by=boss, at=AT, **PAUSE
    )
    actions.join(stands, letter=replace(LETTER, key="<when>"), at=AT + timedelta(days=1))
    assert Case.objects.get(pk=stands).due_at is None
    actions.grid_answered(stands, text="Было", by=boss, at=AT + timedelta(days=2))
    assert queries.clock_due_on(stands, kind=ClockKind.ANSWER) == date(2026, 12, 20)
    assert CaseEvent.objects.get(case_id=stands, kind="clock_resumed").data["reason"] == "grid_has_answered"


def test_a_pause_that_moves_no_day_writes_no_letter(people):
    case_id = standing(people)

    actions.resume_clock(
        case_id, kind=ClockKind.ANSWER, by=people.staff["supervisor"].user_id, at=AT + timedelta(days=1, hours=1)
    )

    assert told(case_id) == ["Ждём документы."]


@pytest.mark.parametrize(
    "wrong",
    [
        {"until": (AT - timedelta(days=1)).date()},
        {"until": (AT + timedelta(days=366)).date()},
        {"resume_notice": "Скоро ответим"},
        {"notice": " "},
    ],
)
def test_a_pause_without_an_end_or_words_is_refused(people, wrong):
    case_id = actions.register(LETTER, applicant=ANNA, at=AT).case_id
    words = {"reason": "ждём", "notice": "Ждём.", "by": people.staff["supervisor"].user_id} | PAUSE

    with pytest.raises(DomainError):
        actions.pause_clock(case_id, kind=ClockKind.ANSWER, at=AT, **(words | wrong))


def test_terms_that_come_near_warn_those_that_pass_go_to_the_supervisor_and_the_grid_is_reminded(people):
    boss = people.staff["supervisor"].user_id
    case_id = actions.register(LETTER, applicant=ANNA, at=AT).case_id
    actions.await_grid(case_id, question="Было ли отключение?", address="grid@example.org", by=boss, at=AT)

    def kinds():
        return list(CaseEvent.objects.filter(case_id=case_id).values_list("kind", flat=True))

    actions.tend_clocks(at=AT + timedelta(days=20))
    actions.tend_clocks(at=AT + timedelta(days=20))
    assert kinds().count(EventKind.GRID_REMINDED) == 1 and EventKind.WARNED not in kinds()
    actions.tend_clocks(at=AT + timedelta(days=27))
    actions.tend_clocks(at=AT + timedelta(days=27))
    assert kinds().count(EventKind.WARNED) == 1
    actions.tend_clocks(at=AT + timedelta(days=31))
    actions.tend_clocks(at=AT + timedelta(days=31))
    assert kinds().count(EventKind.ESCALATED) == 1
    assert Case.objects.get(pk=case_id).is_escalated


def test_what_is_missing_is_asked_for_once_and_the_clock_stops_when_it_is_told(people):
    boss = people.staff["supervisor"].user_id
    made = actions.register(LETTER, applicant=ANNA, at=AT, subject_code="quality")
    actions.ask_for_missing(made.case_id, text="Сообщите …", by=boss, at=AT)
    with pytest.raises(Conflict):
        actions.ask_for_missing(made.case_id, text="Сообщите …", by=boss, at=AT)
    assert queries.clock_due_on(made.case_id, kind=ClockKind.DATA) == date(2026, 11, 30)

    known = replace(ANNA, account_number=people.anna.number, supply_address="ул. Садовая, д. 12, кв. 10")
    absent = actions.complete(
        made.case_id, applicant=known, at=AT, by=boss, secrets=Secrets("01.02.1980", "г. Лес", "1705 123456")
    )
    case = Case.objects.get(pk=made.case_id)
    assert absent == ("violation_time", "demands") and case.account_id == people.anna.account.id
    assert "1705" not in case.applicants.get().secrets
    assert "1705" not in str(list(case.events.values_list("data", flat=True)))
    actions.classify(case.pk, kind=CaseKind.QUESTION, subject_code="other", by=boss, at=AT)
    assert Case.objects.get(pk=case.pk).missing == []


def test_a_paper_letter_keeps_what_is_written_on_it(people):
    letter = replace(LETTER, channel=CaseChannel.POST, key="", received_at=AT - timedelta(days=1))
    paper = Paper("вх-17", date(2026, 11, 12))
    case = Case.objects.get(pk=actions.register(letter, applicant=ANNA, at=AT, details=Details(paper=paper)).case_id)

    assert (case.incoming_number, case.envelope_on) == ("вх-17", date(2026, 11, 12))
    with pytest.raises(DomainError):
        actions.register(replace(letter, received_at=AT + timedelta(1)), applicant=ANNA, at=AT)


def test_the_state_of_a_case_opens_by_number_and_code_together(people):
    made = actions.register(LETTER, applicant=Applicant(), at=AT)
    boss = people.staff["supervisor"].user_id
    actions.reply(made.case_id, text="Ответ.", by=boss, at=AT, request_key="", resolution=Resolution.EXPLAINED)

    opened = queries.status(made.number, code=f"{made.receipt_code[:4]} {made.receipt_code[4:]}")
    assert [letter.text for letter in opened.letters] == [LETTER.text, "Ответ."]
    assert queries.status(made.number, code="000000000000") is None
    assert queries.status("ОБ-26-00-999999", code=made.receipt_code) is None
    assert queries.status(made.number, code="") is None


def test_a_complaint_never_goes_to_whom_it_is_about(people):
    operator = people.staff["operator"].user_id
    case_id = actions.register(LETTER, applicant=ANNA, at=AT).case_id
    actions.take(case_id, by=operator, at=AT)
    actions.name_complained_about(case_id, users=[operator], units=[], by=people.staff["supervisor"].user_id, at=AT)

    assert Case.objects.get(pk=case_id).assignee_id is None
    with pytest.raises(NotAllowed):
        actions.take(case_id, by=operator, at=AT)
    with pytest.raises(NotAllowed):
        actions.reply(case_id, text="Всё хорошо", by=operator, at=AT, request_key="")


def test_renaming_a_case_there_and_back_leaves_it_a_term_and_wins_no_day(people):
    boss = people.staff["supervisor"].user_id
    case_id = actions.register(LETTER, applicant=ANNA, at=AT, subject_code="bill").case_id
    portal = replace(LETTER, channel=CaseChannel.GIS, key="guid")
    outside = Details(outside=OutsideTerm(date(2026, 12, 1), "ПП 354"))
    set_by_another = actions.register(portal, applicant=ANNA, at=AT, details=outside).case_id

    def ends(asked, code, *, later):
        actions.classify(asked, kind=CaseKind.QUESTION, subject_code=code, by=boss, at=AT + timedelta(days=later))
        return [queries.clock_due_on(asked, kind=kind) for kind in (ClockKind.ANSWER, ClockKind.CHECK)]

    assert ends(case_id, "personal_data", later=1) == [date(2026, 12, 2), None]
    assert ends(case_id, "bill_amount", later=2) == [date(2026, 12, 18), date(2026, 11, 23)]
    assert ends(set_by_another, "personal_data", later=1) == [date(2026, 12, 1), None]
    actions.reply(case_id, text="Да.", by=boss, at=AT, request_key="", resolution=Resolution.EXPLAINED)
    actions.reopen(case_id, reason="ошибка", by=boss, at=AT + timedelta(days=20))
    # Thirty days from 08.12.2026 end in the New Year holidays, so the last working day before them is the last.
    assert ends(case_id, "bill", later=21) == [date(2026, 12, 30), None]
