"""Answers at the desk: from a template, point by point, approved by two, on letterhead, sent once by the way chosen."""

import time
from dataclasses import replace

import pytest
from django.core import mail
from django.urls import reverse

from svet.domains.cases import actions, queries
from svet.domains.cases.actions import Incoming, Written
from svet.domains.cases.models import AnswerTemplate, CaseAnswer, CaseEvent, CasePoint, Letter, PostedLetter
from svet.domains.cases.rules.applicants import Applicant
from svet.domains.cases.rules.grounds import Ground
from svet.domains.cases.rules.register import ApplicantKind, CaseChannel, Resolution
from svet.domains.notifications import actions as notifications
from svet.domains.notifications.models import Message
from svet.domains.offices import actions as offices
from svet.domains.offices import queries as company
from svet.domains.tariffs import actions as tariffs
from svet.flows import answering, reactions
from svet.infra.models import AuditRecord
from svet.surfaces.gates.email.send import deliver
from tests import cast, reference
from tests.architecture.test_urls import signed_in

pytestmark = pytest.mark.django_db

AT = cast.NOW
ANNA = Applicant(
    kind=ApplicantKind.PERSON,
    name="О'Нил-Смирнова Анна {account} <b> 😀",
    email="anna@example.org",
    postal_address="г. Лес, ул. Садовая, 1",
)


@pytest.fixture
def people(monkeypatch):
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(AT.timestamp() - time.time()))
    reference.load(tariffs, at=cast.moment(cast.LONG_AGO))
    reference.load(offices, at=cast.moment(cast.LONG_AGO))
    reference.load(actions, at=cast.moment(cast.LONG_AGO))
    return cast.assemble()


def at_desk(people, role="operator"):
    return signed_in(people.staff[role].user_id, proved=True)


def wrote(people, subject="bill_amount", *, channel=CaseChannel.EMAIL, key=""):
    letter = Incoming(channel=channel, text="Почему столько? И когда перерасчёт?", received_at=AT, key=key)
    return actions.register(letter, applicant=ANNA, at=AT, subject_code=subject, account_id=people.anna.account.id)


def page(name, *args):
    return reverse(f"desk:{name}", args=args)


def text_of(response):
    return response.content.decode()


def assert_it_went_out_once(browser, made):
    letter = Letter.objects.get(is_answer=True)
    assert letter.text.endswith("2. Когда перерасчёт?\nВ декабре.\n\nКонец") and letter.address == "anna@example.org"
    paper = browser.get(page("letter_pdf", made.number, letter.pk))
    assert (
        paper.content.startswith(b"%PDF-")
        and paper.content == browser.get(page("letter_pdf", made.number, letter.pk)).content
    )
    assert browser.get(page("letter_pdf", made.number, letter.pk + 1)).status_code == 404
    reactions.deliver_facts(at=AT)
    assert Message.objects.filter(kind="appeal_letter").count() == 1
    going = notifications.claim_waiting(channel="email", at=AT)
    mail.outbox.clear()
    deliver(next(one for one in going if one.kind == "appeal_letter"), company=company.company(AT.date()))
    name, content, kind = mail.outbox[0].attachments[0]
    assert (name, kind) == ("answer-26-00-000001.pdf", "application/pdf") and content.startswith(b"%PDF-")
    shown = text_of(browser.get(page("case", made.number)))
    assert "ИСХ-26-00-000001" in shown and "Ждёт отправки" in shown


@pytest.mark.django_db(transaction=True)
def test_an_answer_goes_from_a_template_through_its_points_onto_letterhead_and_out_once(people):
    browser, boss = at_desk(people), at_desk(people, "supervisor")
    made = wrote(people)
    browser.post(reverse("desk:case_operation", args=[made.number, "take"]))
    filled = text_of(browser.get(page("answer", made.number) + "?template=bill_explained"))
    assert people.anna.number in filled and "О&#x27;Нил-Смирнова Анна {account} &lt;b&gt;" in filled
    for asked in ("Почему столько?", "Когда перерасчёт?", "Когда перерасчёт?", "Лишнее", " "):
        browser.post(page("add_point", made.number), {"text": asked})
    first, second, extra = CasePoint.objects.order_by("place")
    browser.post(page("drop_point", made.number, extra.pk))
    browser.post(page("drop_point", made.number, extra.pk))
    given = {
        "version": "0",
        "text": "Здравствуйте!\n\n{points}\n\n{bill_amount}",
        "resolution": "explained",
        "way": "0",
    }
    given[f"point_{first.pk}"] = "Так вышло."
    assert browser.post(page("answer", made.number), given | {"text": " "}).status_code == 422
    assert browser.post(page("answer", made.number), given | {"way": "77"}).status_code == 422
    assert browser.post(page("answer", made.number), given).status_code == 302
    stale = boss.post(page("answer", made.number), given)
    assert stale.status_code == 422 and "уже изменили" in text_of(stale) and "Так вышло." in text_of(stale)

    refused = browser.post(page("send_answer", made.number), {"version": "1"}, follow=True)
    assert "Без ответа: 2" in text_of(refused)
    by_the_side = {"text": "Да", "resolution": "explained", "way": "0", "request_key": "a" * 32}
    beside = browser.post(reverse("desk:case_operation", args=[made.number, "reply"]), by_the_side)
    assert beside.status_code == 422 and "Без ответа: 2" in text_of(beside)
    given |= {"version": "1", f"point_{second.pk}": "В декабре."}
    browser.post(page("answer", made.number), given)
    refused = browser.post(page("send_answer", made.number), {"version": "2"}, follow=True)
    assert "{bill_amount}" in text_of(refused) and not Letter.objects.filter(is_answer=True).exists()
    browser.post(page("answer", made.number), given | {"version": "2", "text": "Здравствуйте!\n\n{points}\n\nКонец"})
    assert browser.get(page("draft_pdf", made.number)).content.startswith(b"%PDF-")
    assert "уже изменили" in text_of(browser.post(page("send_answer", made.number), {"version": "2"}, follow=True))
    browser.post(page("send_answer", made.number), {"version": "3"})
    again = browser.post(page("send_answer", made.number), {"version": "3"}, follow=True)

    assert "уже изменили" in text_of(again) and "В декабре." in text_of(again)
    sent = CaseAnswer.objects.get()
    assert sent.number == "ИСХ-26-00-000001" and sent.snapshot["text"].count("Так вышло.") == 1
    assert_it_went_out_once(browser, made)


def test_an_answer_on_a_touchy_subject_goes_only_after_a_second_person(people):
    author, boss = at_desk(people), at_desk(people, "supervisor")
    made = wrote(people, "restriction", channel=CaseChannel.POST)
    given = {"version": "0", "text": "Извините нас.", "resolution": "satisfied", "way": "0"}
    by_the_side = {"text": "Да", "resolution": "explained", "way": "0", "request_key": "a" * 32}
    assert "второй сотрудник" in text_of(
        author.post(reverse("desk:case_operation", args=[made.number, "reply"]), by_the_side)
    )
    author.post(page("answer", made.number), given)
    author.post(page("send_answer", made.number), {"version": "1"})
    assert made.number in text_of(boss.get(page("waiting_answers")))
    own = author.post(page("decide_answer", made.number), {"version": "2", "decision": "approve"})
    assert own.status_code == 422 and CaseAnswer.objects.get().state == "answer_waits_for_approval"
    silent = boss.post(page("decide_answer", made.number), {"version": "2", "decision": "return", "note": " "})
    assert silent.status_code == 422
    boss.post(page("decide_answer", made.number), {"version": "2", "decision": "return", "note": "Мягче"})
    assert "Мягче" in text_of(author.get(page("answer", made.number)))
    assert "уже изменили" in text_of(
        boss.post(page("decide_answer", made.number), {"version": "2", "decision": "approve"})
    )
    author.post(page("answer", made.number), given | {"version": "3", "text": "Просим нас извинить."})
    author.post(page("send_answer", made.number), {"version": "4"})
    boss.post(page("decide_answer", made.number), {"version": "5", "decision": "approve"})

    sent = CaseAnswer.objects.get()
    assert sent.number and sent.approved_by_id == people.staff["supervisor"].user_id
    assert sent.letter.author_id == people.staff["operator"].user_id
    queue = text_of(boss.get(page("letters_to_post")))
    assert "г. Лес, ул. Садовая, 1" in queue and sent.number in queue
    boss.post(page("mark_posted", sent.letter_id), {"track": "8008 'RU' 😀"})
    boss.post(page("mark_posted", sent.letter_id), {"track": "другой"})
    assert PostedLetter.objects.get().track == "8008 'RU' 😀"
    assert made.number not in text_of(boss.get(page("letters_to_post")))
    assert "Сдано на почту" in text_of(boss.get(page("case", made.number)))
    assert CaseEvent.objects.filter(kind="letter_posted").count() == 1
    assert boss.post(page("mark_posted", 999_999)).status_code == 404


def test_numbers_of_letters_have_no_gaps_and_each_office_its_own(people):
    operator = people.staff["operator"].user_id
    written = actions.Written("Да.", Resolution.EXPLAINED, CaseChannel.EMAIL, "anna@example.org")
    for place in range(3):
        made = wrote(people, key=f"<{place}>")
        actions.write_answer(made.case_id, written=written, version=0, by=operator, at=AT)
        if place == 1:
            with pytest.raises(Exception, match="answer_was_changed"):
                actions.put_forward(made.case_id, version=7, snapshot={}, by=operator, at=AT)
        actions.put_forward(made.case_id, version=1, snapshot={}, by=operator, at=AT)

    numbers = CaseAnswer.objects.order_by("pk").values_list("number", flat=True)
    assert [int(one[-6:]) for one in numbers] == [1, 2, 3]


def test_templates_are_written_by_supervisors_and_keep_their_texts_by_days(people):
    boss, operator = at_desk(people, "supervisor"), at_desk(people)
    general = queries.templates_for("other", on=AT.date())[-1]
    assert operator.get(page("answer_templates")).status_code == 200
    assert operator.get(page("answer_template", general.template_id)).status_code == 403
    given = {"name": "Наш '😀'", "subject": "meter", "ground": "ПП 354", "source": "Мы", "text": "Да, {name}"}
    given |= {"from_on": "2026-11-18"}
    wrong = boss.post(page("new_answer_template"), given | {"text": "{passport}"})
    assert wrong.status_code == 422 and "{passport}" in text_of(wrong) and "Наш &#x27;😀&#x27;" in text_of(wrong)
    boss.post(page("new_answer_template"), given)
    boss.post(page("new_answer_template"), given)
    assert AnswerTemplate.objects.filter(name="Наш '😀'").count() == 1

    change = {"name": general.name, "subject": "", "ground": "новое", "source": "Мы", "text": "Новый текст, {number}"}
    change |= {"from_on": "2026-12-01", "reason": "просили короче"}
    assert boss.post(page("answer_template", general.template_id), change | {"reason": ""}).status_code == 422
    assert (
        boss.post(page("answer_template", general.template_id), change | {"from_on": "2020-01-01"}).status_code == 422
    )
    boss.post(page("answer_template", general.template_id), change)
    stale = boss.post(page("answer_template", general.template_id), change | {"text": "Ещё раз"})
    assert stale.status_code == 422 and "уже заменили" in text_of(stale)
    texts = queries.template_history("general")
    assert [one.text[:5] for one in texts] == ["Новый", "Здрав"] and texts[1].valid.end == texts[0].valid.start
    assert queries.templates_for("other", on=AT.date())[-1].text == general.text
    assert boss.get(page("answer_template", 999_999)).status_code == 404
    assert AuditRecord.objects.filter(verb="cases.change_template", reason="просили короче").count() == 1


def test_whom_a_complaint_is_about_reaches_no_page_of_its_answer(people):
    made = wrote(people, "conduct")
    about, boss = people.staff["operator"].user_id, at_desk(people, "supervisor")
    actions.name_complained_about(made.case_id, users=[about], units=[], by=people.staff["supervisor"].user_id, at=AT)
    browser = at_desk(people)
    for name in ("answer", "decide_answer", "draft_pdf"):
        assert browser.get(page(name, made.number)).status_code == 404
    for name in ("add_point", "send_answer"):
        assert browser.post(page(name, made.number), {"text": "x", "version": "1"}).status_code == 404
    boss.post(page("answer", made.number), {"version": "0", "text": "Да", "resolution": "satisfied", "way": "0"})
    boss.post(page("send_answer", made.number), {"version": "1"})
    assert made.number not in text_of(browser.get(page("waiting_answers")))


def test_another_cases_point_and_a_closed_case_take_nothing(people):
    operator = people.staff["operator"].user_id
    one, other = wrote(people, key="<1>"), wrote(people, key="<2>")
    point = actions.add_point(other.case_id, text="Почему?", by=operator, at=AT)
    written = actions.Written("Да.", Resolution.EXPLAINED, CaseChannel.SITE, points={point: "чужое"})
    with pytest.raises(Exception, match="not_found"):
        actions.write_answer(one.case_id, written=written, version=0, by=operator, at=AT)
    actions.write_answer(one.case_id, written=replace(written, points={}), version=0, by=operator, at=AT)
    actions.put_forward(one.case_id, version=1, snapshot={}, by=operator, at=AT)
    with pytest.raises(Exception, match="case_stands_otherwise"):
        actions.add_point(one.case_id, text="Ещё?", by=operator, at=AT)


@pytest.mark.parametrize(
    ("name", "channel", "is_told"),
    [
        ("Петрова Мария Ивановна", CaseChannel.SITE, False),
        ("", CaseChannel.EMAIL, False),
        ("смирнова анна павловна", CaseChannel.POST, True),
        ("Петрова Мария Ивановна", CaseChannel.CABINET, True),
    ],
)
def test_of_an_account_only_its_holder_is_told_whoever_names_its_number(people, name, channel, is_told):
    letter = Incoming(channel=channel, text="Сколько я должна?", received_at=AT)
    stranger = Applicant(name=name, email="maria@example.org", account_number=people.vera.number)
    holder = Applicant(name=name, account_number=people.anna.number)
    mine = people.anna if is_told else people.vera
    made = actions.register(letter, applicant=holder if is_told else stranger, at=AT, subject_code="bill_amount")

    shown = text_of(at_desk(people).get(page("answer", made.number) + "?template=bill_explained"))
    written = shown[shown.index("<textarea") : shown.index("</textarea>")]
    assert mine.number in written
    assert ("ул. Садовая" in written, "{balance}" in written) == (is_told, not is_told)
    assert ("Счёт не заявителя" in shown) == (not is_told)


def test_the_first_page_tells_what_waits_for_the_second_person_and_what_came_back(people):
    operator, boss = at_desk(people), at_desk(people, "supervisor")
    made, other = wrote(people, "conduct", key="1"), wrote(people, "conduct", key="2")
    written = Written(text="Разобрались", resolution=Resolution.EXPLAINED, channel=CaseChannel.EMAIL)
    who = people.staff["operator"].user_id
    version = actions.write_answer(made.case_id, written=written, version=0, by=who, at=AT)
    answering.put_forward(made.number, version=version, by=who, at=AT)
    actions.propose_refusal(other.case_id, ground=Ground.REPEATED, note="Уже отвечали", by=who, at=AT)

    home = reverse("desk:home")
    told = text_of(boss.get(home))
    assert "ответ ждёт согласования" in told and "предложение ждёт решения" in told
    assert "ждёт согласования" not in text_of(operator.get(home))
    deciding = text_of(boss.get(page("decide_answer", made.number)))
    assert "<details open>" in deciding and "Почему столько?" in deciding

    waits = queries.draft(made.case_id).version
    actions.return_answer(made.case_id, version=waits, note="Мягче", by=people.staff["supervisor"].user_id, at=AT)
    assert f'Вернули ваш ответ: <a class="nowrap" href="{page("answer", made.number)}"' in text_of(operator.get(home))
    assert "Вернули" not in text_of(boss.get(home))
