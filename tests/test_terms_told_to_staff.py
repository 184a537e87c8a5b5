"""Terms of appeals that come near or pass reach, as messages, whoever must act: once, and nobody whom they must not."""

from datetime import timedelta

import pytest

from svet.domains.access import actions as access
from svet.domains.access.models import User
from svet.domains.cases import actions
from svet.domains.cases.actions import Incoming
from svet.domains.cases.rules.applicants import Applicant
from svet.domains.cases.rules.register import ApplicantKind, CaseChannel
from svet.domains.notifications.models import Message
from svet.domains.offices import actions as offices
from svet.domains.offices import queries as company
from svet.domains.tariffs import actions as tariffs
from svet.flows import reactions
from svet.infra.models import Fact
from svet.kernel.period import Period
from svet.surfaces.gates.sending import readable
from svet.surfaces.web import message_words
from tests import cast, reference

pytestmark = pytest.mark.django_db

AT = cast.NOW
NEAR, LATE = AT + timedelta(days=27), AT + timedelta(days=31)


@pytest.fixture
def people():
    for loads in (tariffs, actions, offices):
        reference.load(loads, at=cast.moment(cast.LONG_AGO))
    found = cast.assemble()
    unit_id = access.define_unit("Отдел обращений", parent_id=None, office_code="", at=AT)
    for role in ("operator", "supervisor", "head", "cashier"):
        User.objects.filter(pk=found.staff[role].user_id).update(unit_id=unit_id, email=f"{role}@svet.example")
    User.objects.filter(pk=found.staff["cashier"].user_id).update(roles=["operator"])
    return found


def taken(people, *, by="operator"):
    letter = Incoming(channel=CaseChannel.EMAIL, text="Прошу проверить счёт", received_at=AT)
    case = actions.register(letter, applicant=Applicant(kind=ApplicantKind.PERSON, name="Анна"), at=AT)
    if by:
        actions.take(case.case_id, by=people.staff[by].user_id, at=AT)
    return case


def tended(at):
    """Let the clocks be looked at twice and what they tell be delivered twice; return who was written to of what."""
    names, tell = reactions.REACTIONS["tell_of_term"]
    for _ in range(2):
        actions.tend_clocks(at=at)
        for fact in Fact.objects.filter(name__in=names).order_by("pk"):
            tell(fact, at)
    rows = Message.objects.filter(kind__in=["term_near", "term_passed"]).order_by("pk")
    return sorted((row.address.split("@")[0], row.kind) for row in rows)


def test_handler_and_supervisor_are_told_once_before_the_term_and_once_after_it(people):
    taken(people)
    near = [("operator", "term_near"), ("supervisor", "term_near")]

    assert tended(AT + timedelta(days=20)) == []
    assert tended(NEAR) == near
    assert tended(LATE) == sorted([*near, ("operator", "term_passed"), ("supervisor", "term_passed")])


def test_the_words_name_the_case_the_day_and_where_to_open_it(people):
    case = taken(people)
    tended(NEAR)
    facts = readable(Message.objects.filter(kind="term_near").first().facts)

    subject, paragraphs = message_words.letter("term_near", facts=facts, company=company.company(AT.date()))

    assert subject == f"Обращение {case.number}: срок до 18.12.2026"
    assert f"/desk/cases/{case.number.removeprefix('ОБ-')}/" in paragraphs[1]
    assert len(message_words.sms("term_passed", facts=facts, company=company.company(AT.date()))) < 134


@pytest.mark.parametrize(("deputy", "readers"), [("cashier", ["cashier", "supervisor"]), (None, ["supervisor"])])
def test_for_whoever_is_away_his_deputy_is_told_and_without_one_who_leads_him(people, deputy, readers):
    taken(people)
    actions.be_away(
        people.staff["operator"].user_id,
        period=Period((NEAR - timedelta(days=1)).date(), LATE.date()),
        deputy_id=people.staff[deputy].user_id if deputy else None,
        by=people.staff["supervisor"].user_id,
        at=AT,
    )

    # The clock is looked at before the night in which the cases of the absent are handed over.
    assert [who for who, _ in tended(NEAR)] == readers


def test_of_a_case_that_nobody_has_and_of_one_whose_handler_has_left_who_leads_is_told(people):
    taken(people, by="")
    assert [who for who, _ in tended(NEAR)] == ["supervisor"]

    taken(people)
    User.objects.filter(pk=people.staff["operator"].user_id).update(is_active=False)
    assert [who for who, _ in tended(NEAR)] == ["supervisor", "supervisor"]


def test_whom_the_case_is_about_is_not_told_of_it(people):
    case = taken(people)
    boss = people.staff["supervisor"].user_id
    actions.name_complained_about(case.case_id, users=[boss], units=[], by=people.staff["head"].user_id, at=AT)

    assert all(who != "supervisor" for who, _ in tended(NEAR))


def test_without_a_letter_box_an_sms_goes_and_without_any_address_nothing(people):
    taken(people)
    User.objects.filter(pk=people.staff["operator"].user_id).update(email=None, phone="+79160000001")
    User.objects.filter(pk=people.staff["supervisor"].user_id).update(email=None, phone=None)

    tended(NEAR)

    assert [(row.channel, row.address) for row in Message.objects.filter(kind="term_near")] == [("sms", "+79160000001")]


def test_of_what_the_applicant_owes_the_handler_alone_is_told(people):
    case = taken(people)
    actions.ask_for_missing(case.case_id, text="Укажите адрес", by=people.staff["operator"].user_id, at=AT)

    tended(AT + timedelta(days=20))

    rows = Message.objects.filter(kind="term_passed")
    assert [(row.address, row.facts["clock"]) for row in rows] == [("operator@svet.example", "data_clock")]
