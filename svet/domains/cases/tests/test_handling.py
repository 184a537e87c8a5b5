"""Cases in many hands: found and hidden, refused by two, merged and split, hung on matters, handed over."""

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from PIL import Image

from svet.domains.access import actions as access
from svet.domains.access.models import PersonalDataLook, Unit, User
from svet.domains.cases import actions, queries
from svet.domains.cases.actions import Details, Incoming
from svet.domains.cases.models import Case, CaseClock, Letter, MatterPart, Refusal
from svet.domains.cases.queries import Filters
from svet.domains.cases.rules.applicants import Applicant, Secrets
from svet.domains.cases.rules.contacts import ContactChannel, Settled, Subject
from svet.domains.cases.rules.grounds import Ground, Review
from svet.domains.cases.rules.matters import Part
from svet.domains.cases.rules.register import (
    ApplicantKind,
    CaseChannel,
    CaseKind,
    CaseState,
    Resolution,
)
from svet.domains.tariffs import actions as tariffs
from svet.infra import files
from svet.kernel.errors import Conflict, DomainError, NotAllowed, NotFound
from svet.kernel.period import Period
from tests import cast, reference, scans
from tests.architecture.test_urls import signed_in

AT = cast.NOW
ANNA = Applicant(kind=ApplicantKind.PERSON, name="Смирнова Анна Павловна", email="anna@example.org")


@pytest.fixture
def people(db) -> cast.Cast:
    reference.load(tariffs, at=cast.moment(cast.LONG_AGO))
    reference.load(actions, at=cast.moment(cast.LONG_AGO))
    return cast.assemble()


def wrote(text, *, key="", at=AT, applicant=ANNA, **more):
    letter = Incoming(channel=CaseChannel.EMAIL, text=text, received_at=at, key=key)
    return actions.register(letter, applicant=applicant, at=at, **more)


def found(user_id, **filters):
    return [row.number for row in queries.register_page(user_id, filters=Filters(**filters), at=AT).rows]


def staff(people, *roles):
    return [people.staff[role].user_id for role in roles]


def test_cases_are_found_by_words_numbers_and_filters_page_after_page(people):
    boss, operator = staff(people, "supervisor", "operator")
    power = wrote("Отключили электричество, холодильник потёк", subject_code="interruption_fault")
    bill = wrote("Неверный счёт", subject_code="bill", account_id=people.anna.account.id)
    actions.take(bill.case_id, by=operator, at=AT)

    assert found(boss, text="отключение электричества") == []
    assert found(boss, text="электричества") == [power.number]
    assert found(boss, text="смирновой") == [bill.number, power.number]
    assert found(boss, text=people.anna.number) == [bill.number]
    assert found(boss, text=power.number.lower()) == found(boss, text="2600000001") == [power.number]
    assert found(boss, text="' OR 1=1 -- \x00 😀 :*&|!") == []
    assert found(boss, subject="interruption") == [power.number]
    assert found(operator, assignee="mine") == [bill.number]
    assert found(boss, assignee="nobody", state="open") == [power.number]
    assert found(boss, since=AT.date(), until=AT.date(), channel="by_email", kind="question") != []
    assert found(boss, since=AT.date() + timedelta(days=1)) == found(boss, state="overdue") == []
    first = queries.register_page(boss, filters=Filters(), at=AT, limit=1)
    second = queries.register_page(boss, filters=Filters(), at=AT, limit=1, before=first.before)
    assert [row.number for row in (*first.rows, *second.rows)] == [bill.number, power.number]
    assert second.before is None


def test_who_is_complained_about_and_who_stands_below_him_see_nothing_of_it(people):
    office = Unit.objects.create(name="Офис")
    below = Unit.objects.create(name="Окно", parent=office)
    boss, operator, cashier = staff(people, "supervisor", "operator", "head")
    User.objects.filter(pk=boss).update(unit=office)
    User.objects.filter(pk=operator).update(unit=below)
    on_boss = wrote("Груб начальник", details=Details(about_users=(boss,)))
    on_unit = wrote("Грубы в окне", details=Details(about_units=(below.pk,)))
    on_clerk = wrote("Груб оператор", details=Details(about_users=(operator,)))

    assert found(operator) == []
    assert found(boss) == [on_clerk.number, on_unit.number]
    assert len(found(cashier)) == 3
    for number in (on_boss.number, on_unit.number, on_clerk.number, "ОБ-26-00-999999"):
        with pytest.raises(NotFound):
            queries.open_for(operator, number)
    with pytest.raises(NotAllowed):
        actions.assign(on_boss.case_id, to=operator, by=cashier, at=AT)
    assert sum(load.open_count for load in queries.workload(operator, at=AT)) == 0
    actions.assign(on_clerk.case_id, to=boss, by=boss, at=AT)
    assert [(load.name != "", load.open_count) for load in queries.workload(cashier, at=AT)] == [(False, 2), (True, 1)]


def test_a_letter_after_the_answer_is_owed_too(people):
    boss, operator = staff(people, "supervisor", "operator")
    case = wrote("Счёт")
    actions.take(case.case_id, by=boss, at=AT)
    actions.reply(case.case_id, text="Верно.", by=boss, at=AT, request_key="", resolution=Resolution.EXPLAINED)
    assert queries.waiting_for(boss, at=AT) == (0, 0)
    more = Incoming(channel=CaseChannel.EMAIL, text="Не верно", received_at=AT, key="later")
    actions.join(case.case_id, letter=more, at=AT)

    later = AT + timedelta(days=6)
    assert [row.number for row in queries.mine(boss, at=AT)] == [case.number]
    assert [row.number for row in queries.overdue_cases(boss, at=later)] == [case.number]
    assert queries.waiting_for(boss, at=later) == (1, 1)
    actions.tend_clocks(at=later)
    assert found(boss, state="escalated") == [case.number] and queries.escalated_count(boss) == 1
    desk = signed_in(boss, proved=True).get(reverse("desk:home")).content.decode()
    assert "1\u00a0обращение ждёт вашего решения" in desk
    theirs = signed_in(operator, proved=True).get(reverse("desk:home")).content.decode()
    assert "Мои обращения" in theirs and "вашего решения" not in theirs
    actions.mark_read(case.case_id, by=boss, at=later)
    assert found(boss, state="escalated") == [] and queries.escalated_count(boss) == 0
    hidden = wrote("На начальника", details=Details(about_users=(boss,)), key="about")
    Case.objects.filter(pk=hidden.case_id).update(is_escalated=True)
    assert queries.escalated_count(boss) == 0, "whom it is about is not told of it"
    assert queries.waiting_for(boss, at=later) == (0, 0)


def test_a_refusal_needs_two_people_and_tells_the_applicant(people):
    boss, operator = staff(people, "supervisor", "operator")
    case = wrote("Вы идиоты!", applicant=Applicant())
    hints = {one.ground: one.evidence for one in queries.suggestions(case.case_id)}
    assert set(hints) == {Ground.ANONYMOUS, Ground.INSULTING} and hints[Ground.INSULTING] == {"words": ["идиоты"]}
    assert Case.objects.get(pk=case.case_id).state == CaseState.REGISTERED

    one = actions.propose_refusal(case.case_id, ground=Ground.INSULTING, note="оскорбления", by=operator, at=AT)
    with pytest.raises(Conflict):
        actions.propose_refusal(case.case_id, ground=Ground.ANONYMOUS, note="нет имени", by=boss, at=AT)
    with pytest.raises(NotAllowed):
        actions.confirm_refusal(one, notice="Не рассматриваем.", by=operator, at=AT)
    actions.decline_refusal(one, note="по делу", by=boss, at=AT)
    two = actions.propose_refusal(case.case_id, ground=Ground.INSULTING, note="оскорбления", by=operator, at=AT)
    actions.confirm_refusal(two, notice="Ваше обращение не рассматриваем.", by=boss, at=AT)
    with pytest.raises(Conflict):
        actions.confirm_refusal(two, notice="Ещё раз.", by=boss, at=AT)

    read = queries.status(case.number, code=case.receipt_code)
    assert (read.state, read.resolution) == (CaseState.CLOSED, Resolution.NOT_CONSIDERED)
    assert read.letters[-1].text == "Ваше обращение не рассматриваем."
    assert [row.refusal_id for row in queries.refusals_to_review(boss)] == [two]
    with pytest.raises(NotAllowed):
        actions.review_refusal(two, found=Review.RIGHT, note="", by=boss, at=AT)
    actions.review_refusal(two, found=Review.WRONG, note="вопрос был по делу", by=staff(people, "head")[0], at=AT)
    assert Refusal.objects.get(pk=two).review == Review.WRONG and not queries.refusals_to_review(boss)


def test_a_repeated_appeal_is_suggested_with_the_case_that_answered_it(people):
    boss = staff(people, "supervisor")[0]
    first = wrote("Прошу проверить начисления за октябрь по моему счёту")
    actions.reply(first.case_id, text="Верно.", by=boss, at=AT, request_key="", resolution=Resolution.EXPLAINED)
    again = wrote("Проверьте начисление за октябрь, мой счёт")

    [hint] = queries.suggestions(again.case_id)
    assert hint.ground is Ground.REPEATED
    assert hint.evidence["cases"][0]["number"] == first.number and hint.evidence["cases"][0]["percent"] >= 60


def test_a_blank_picture_suggests_that_nothing_can_be_read(people):
    white = Image.new("RGB", (800, 1000), "white")
    made = io.BytesIO()
    white.save(made, "PNG")
    blank = files.store(made.getvalue(), name="скан.png", by=None, at=AT)
    seen = files.store(scans.picture(size=(800, 1000)), name="фото.jpg", by=None, at=AT)
    letter = Incoming(channel=CaseChannel.EMAIL, text="", received_at=AT, file_ids=(seen.id, blank.id))
    case = actions.register(letter, applicant=ANNA, at=AT)

    assert [(one.ground, one.evidence["files"]) for one in queries.suggestions(case.case_id)] == [
        (Ground.UNREADABLE, ["скан.png"])
    ]


def test_merged_and_split_cases_stay_told(people):
    boss = staff(people, "supervisor")[0]
    one, two = wrote("Нет света", key="a"), wrote("Нет света второй день", key="b")
    actions.merge_cases(two.case_id, into_id=one.case_id, by=boss, at=AT)

    for pair in ((two.case_id, one.case_id), (one.case_id, two.case_id), (one.case_id, one.case_id)):
        with pytest.raises(Conflict):
            actions.merge_cases(pair[0], into_id=pair[1], by=boss, at=AT)
    later = Incoming(channel=CaseChannel.EMAIL, text="И счёт неверный", received_at=AT, key="c")
    joined = actions.join(two.case_id, letter=later, at=AT)
    assert joined.case_id == one.case_id and not actions.join(two.case_id, letter=later, at=AT).is_new
    merged = Case.objects.get(pk=two.case_id)
    assert (merged.state, merged.merged_into_id, merged.resolution) == ("case_closed", one.case_id, Resolution.MERGED)
    assert merged.matter_id == Case.objects.get(pk=one.case_id).matter_id
    assert not CaseClock.objects.filter(case=merged).exclude(state="stopped").exists()

    made = actions.split_case(joined.letter_id, subject_code="bill", kind=CaseKind.CLAIM, by=boss, at=AT)
    assert actions.split_case(joined.letter_id, subject_code="bill", kind=CaseKind.CLAIM, by=boss, at=AT) == replace(
        made, is_new=False
    )
    assert Letter.objects.get(case_id=made.case_id).text == "И счёт неверный"
    assert Case.objects.get(pk=made.case_id).matter_id == merged.matter_id


def test_a_matter_gathers_cases_and_contacts_and_lets_them_go(people):
    boss, operator = staff(people, "supervisor", "operator")
    anna = people.anna.account.id
    one = wrote("Счёт", account_id=anna, subject_code="bill")
    two = wrote("Снова счёт", account_id=anna, subject_code="bill")
    other = wrote("Снова   СЧЁТ!", applicant=Applicant(name="Кто Угодно"))
    near = [row.number for row in queries.same_matter(two.case_id, user_id=boss, at=AT)]
    assert near == [other.number, one.number]

    matter = queries.matter_of(one.number, user_id=boss)
    actions.join_matter(two.case_id, matter_id=matter, by=boss, at=AT, is_suggested=True)
    with pytest.raises(Conflict):
        actions.join_matter(two.case_id, matter_id=matter, by=boss, at=AT)
    contact = actions.begin_contact(operator, channel=ContactChannel.CALL, at=AT)
    actions.hang_on_matter(Part.CONTACT, part_id=contact, matter_id=matter, by=operator, at=AT)
    with pytest.raises(NotFound):
        actions.hang_on_matter(Part.REMARK, part_id=999, matter_id=matter, by=operator, at=AT)
    page = queries.case_page(one.case_id, user_id=boss, at=AT)
    assert ([row.number for row in page.beside], page.contacts_beside) == ([two.number], 1)

    own = actions.leave_matter(two.case_id, by=boss, at=AT, field="field_bill")
    actions.merge_matters(own, into_id=matter, by=boss, at=AT)
    assert Case.objects.get(pk=two.case_id).matter_id == matter
    assert MatterPart.objects.filter(part=Part.CASE, part_id=two.case_id).count() == 4


def test_first_contacts_and_repeats_are_counted_over_all_channels(people):
    boss, operator = staff(people, "supervisor", "operator")
    contact = actions.begin_contact(operator, channel=ContactChannel.CALL, at=AT)
    actions.end_contact(contact, operator_id=operator, subjects=[Subject.READINGS], settled=Settled.YES, at=AT)
    anna = people.anna.account.id
    wrote("Счёт", account_id=anna, subject_code="bill")
    wrote("Снова счёт", account_id=anna, subject_code="bill_amount", at=AT + timedelta(days=5))
    third = wrote("Другое", account_id=anna, subject_code="other")
    actions.reply(third.case_id, text="Да.", by=boss, at=AT, request_key="", resolution=Resolution.SATISFIED)

    counted = queries.first_contacts(since=AT - timedelta(days=1), until=AT + timedelta(days=10))
    assert (counted.total.matters, counted.total.settled_at_once, counted.total.repeats) == (3, 2, 1)
    assert dict(counted.channels)["call"].per_cent == 100


def test_who_is_away_has_his_cases_handed_over_but_never_to_whom_they_are_about(people):
    boss, operator = staff(people, "supervisor", "operator")
    plain, hidden = wrote("Счёт"), wrote("Грубит начальник", details=Details(about_users=(boss,)))
    for case in (plain, hidden):
        actions.take(case.case_id, by=operator, at=AT)
    away = Period(AT.date(), AT.date() + timedelta(days=14))
    with pytest.raises(DomainError):
        actions.be_away(operator, period=away, deputy_id=operator, by=boss, at=AT)
    actions.be_away(operator, period=away, deputy_id=boss, by=boss, at=AT)
    with pytest.raises(Conflict):
        actions.be_away(operator, period=away, deputy_id=None, by=boss, at=AT)

    assert actions.hand_over_absent(at=AT) == 0
    assert Case.objects.get(pk=plain.case_id).assignee_id == boss
    assert Case.objects.get(pk=hidden.case_id).assignee_id is None
    with pytest.raises(DomainError):
        actions.assign(hidden.case_id, to=operator, by=boss, at=AT)


def test_sealed_data_are_opened_with_a_reason_and_the_look_is_recorded(people):
    boss, operator = staff(people, "supervisor", "operator")
    case = wrote(
        "Мигает свет",
        account_id=people.anna.account.id,
        details=Details(secrets=Secrets("01.02.1980", "г. Лес", "1705 123456"), about_users=(operator,)),
    )
    with pytest.raises(DomainError):
        actions.reveal(case.case_id, reason=" ", by=boss, at=AT)
    with pytest.raises(NotAllowed):
        actions.reveal(case.case_id, reason="проверка", by=operator, at=AT)
    assert not PersonalDataLook.objects.exists()

    assert actions.reveal(case.case_id, reason="проверка", by=boss, at=AT).passport == "1705 123456"
    assert PersonalDataLook.objects.get().account_id == people.anna.account.id


def test_units_tell_who_leads_whom(people):
    top = access.define_unit("Управление", parent_id=None, office_code="", at=AT)
    own = access.define_unit("Отдел", parent_id=top, office_code="", at=AT)
    head, boss, operator = staff(people, "head", "supervisor", "operator")
    User.objects.filter(pk=head).update(unit=top)
    User.objects.filter(pk__in=[boss, operator]).update(unit=own)

    above = {one: queries_above(one) for one in (head, boss, operator)}
    assert above == {head: (set(), {top}), boss: ({head}, {own, top}), operator: ({head, boss}, {own, top})}


def queries_above(user_id):
    from svet.domains.access import queries as who

    found = who.above(user_id)
    return set(found.leader_ids), set(found.unit_ids)
