"""The first texts, the fifteen items, search in Russian, the knowledge base: what the site has from the first day."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote

import pytest
from django.urls import reverse
from wagtail.models import Page

from svet.domains.benefits import actions as benefits
from svet.domains.content import actions, queries
from svet.domains.content.models import ArticlePage, ContestEntry, NewsPage, SameWords
from svet.domains.content.rules import ITEMS, Freshness
from svet.domains.debts.rules.penalty import STAGES
from svet.domains.offices import actions as offices
from svet.domains.offices.rules.channels import Deed, Way
from svet.domains.tariffs import actions as tariffs
from svet.flows import reactions
from svet.infra.models import Fact
from svet.kernel.errors import Conflict, DomainError, NotFound
from tests import cast, reference
from tests.architecture.test_urls import signed_in

TODAY = cast.NOW.date()


@pytest.fixture
def loaded(db, monkeypatch):
    import time

    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(cast.NOW.timestamp() - time.time()))
    reference.load(actions, at=cast.NOW)
    reference.load(tariffs, at=cast.moment(cast.LONG_AGO))
    reference.load(offices, at=cast.moment(cast.LONG_AGO))


def test_all_fifteen_items_exist_are_fresh_and_open_and_loading_again_adds_nothing(loaded, client):
    states = queries.freshness(on=TODAY)

    assert [one.item for one in states] == [item.code for item in ITEMS]
    assert len(states) == 15
    assert {one.title: one.state for one in states if one.state is not Freshness.FRESH} == {}
    for item, state in zip(ITEMS, states, strict=True):
        page = client.get(f"/{item.path}")
        text = page.content.decode()
        assert (state.url, page.status_code) == (f"/{item.path}", 200)
        assert len(page.content) < 150_000
        assert text.count("<h1>") == 1
        assert '<html lang="ru">' in text
        assert state.source.replace("«", "").split(",")[0] in text
    assert actions.load_reference(at=cast.NOW) == 0


def test_a_page_grows_old_is_doubted_after_new_prices_and_loses_its_source(loaded):
    assert queries.freshness(on=date(2027, 6, 1))[0].state is Freshness.OLD

    published = Fact(name="tariffs.version_published", at=cast.NOW)
    names, doubt = reactions.REACTIONS["doubt_pages"]
    assert published.name in names
    doubt(published, cast.NOW)
    actions.note_happened("tariffs.version_published", at=cast.moment(cast.LONG_AGO))
    actions.note_happened("metering.reading_accepted", at=cast.NOW)
    doubted = {one.item for one in queries.freshness(on=TODAY) if one.state is Freshness.EVENT}
    assert doubted == {"tariffs", "norms", "computation"}

    ArticlePage.objects.filter(item="contract_procedure").update(source=" ")
    ArticlePage.objects.filter(item="non_payment").update(live=False)
    states = {one.item: one.state for one in queries.freshness(on=TODAY)}
    assert states["contract_procedure"] is Freshness.NO_SOURCE
    assert states["non_payment"] is Freshness.ABSENT


def test_pages_draw_from_the_records_what_would_be_typed_elsewhere(loaded, client):
    benefits.load_kinds(at=cast.NOW)
    shown = {
        path: client.get(f"/info/{path}/").content.decode() for path in ("contract-forms", "non-payment", "computation")
    }
    for form in queries.blanks(TODAY):
        assert reverse("website:form_sample", args=[form.code]) in shown["contract-forms"]
    for _, _, share in STAGES:
        assert f"1/{share} ключевой ставки" in shown["non-payment"]
    assert "Принесите: удостоверение ветерана" in shown["computation"]


def test_a_way_that_is_turned_off_says_so_on_the_pages_of_paying_and_appealing(loaded, client):
    for deed, path in ((Deed.PAYMENT, "how-to-pay"), (Deed.APPEALS, "how-to-appeal")):
        told = f"Теперь иначе: {path}"
        assert told not in client.get(f"/info/{path}/").content.decode()
        offices.turn_channel(
            Way.SITE, deed, is_on=False, redirect=told, reason="ремонт", from_at=None, by=1, at=cast.NOW
        )
        assert told in client.get(f"/info/{path}/").content.decode()


def test_search_knows_the_forms_of_words_and_mends_slips(loaded, client, django_assert_max_num_queries):
    def titles(query):
        return client.get(reverse("website:search"), {"q": query}).content.decode()

    assert "/info/norms/" in titles("норматив потребления")
    assert "/info/norms/" in titles("нормативами")
    assert "/tariffs/" in titles("тарифов")
    assert "/faq/instalments/" in titles("долг частями")
    assert "Показываем «тарифы»" in titles("тарфы")
    for nasty in ("", " ", "' OR 1=1 --", "\x00", "<script>alert(1)</script>", "🙂" * 200, "а" * 300, "& | ! :*"):
        answer = client.get(reverse("website:search"), {"q": nasty})
        assert answer.status_code == 200
        assert b"<script>alert" not in answer.content
    with django_assert_max_num_queries(30):
        titles("показания")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("субсидия", "/faq/subsidy/"),
        ("терминал", "/payment-places/"),
        ("расторгнуть", "/forms/#application-end"),
        ("Расторжения договора", "/faq/end-of-contract/"),
        ("о перерасчёте", "/forms/#application-recalculation"),
        ("прибора учёта", "/forms/#application-meter"),
        ("квитанцыя", "/faq/bill-is-large/"),
    ],
)
def test_people_find_by_their_own_words(loaded, client, asked, found):
    page = client.get(reverse("website:search"), {"q": asked}).content.decode()

    assert f'href="{found}"' in page


def test_words_of_one_meaning_are_kept_by_people_and_serve_questions_and_the_knowledge_base_too(loaded, client):
    def asked(query):
        return client.get("/faq/", {"q": query}).content.decode()

    assert "Почему счёт больше обычного?" in asked("квитанции")
    assert "Передал неверные показания" in asked("перерасчёт")
    assert "Такого вопроса пока нет" in asked("жировка")
    assert queries.find_knowledge("жировка") == []
    keeper = signed_in(
        cast.employee(next(one for one in cast.names.STAFF if one.role == "editor")).user_id, proved=True
    )
    group = SameWords.objects.get(words__startswith="счёт, ")
    place, terms = reverse("synonyms:edit", args=[group.pk]), {"words": f"{group.words}, жировка"}
    assert keeper.post(place, terms | {"words": "жировка, "}).status_code == 200
    assert keeper.post(place, terms).status_code == 302

    assert "Почему счёт больше обычного?" in asked("жировки")
    assert queries.find_knowledge("жировка") == queries.find_knowledge("счёт") != []


def test_questions_are_found_inside_answers(loaded, client):
    found = client.get("/faq/", {"q": "поломался счетчик"}).content.decode()

    assert "Сломался счётчик" in found
    assert len(queries.questions()) >= 20
    assert client.get("/faq/", {"q": "ъъъ'"}).status_code == 200


def test_a_question_that_is_not_there_leads_to_the_search_over_the_whole_site(loaded, client):
    page = client.get("/faq/", {"q": "напряжометр"}).content.decode()

    assert f"/search/?q={quote('напряжометр')}" in page


def test_nothing_is_sent_to_an_approval_that_nobody_gives(loaded):
    approvals = {page.slug: page.get_workflow() for page in Page.objects.filter(depth__gt=1)}

    assert approvals["faq"] is None
    assert approvals["info"].name == "Утверждение"


def test_a_long_question_finds_what_has_some_of_its_words(loaded, client):
    asked = {"q": "что делать если сгорел счётчик ночью"}
    questions = client.get("/faq/", asked).content.decode()
    assert "Сломался счётчик. Что делать?" in questions
    assert questions.count("<details") <= 5

    pages = client.get(reverse("website:search"), {"q": "льготы ветеранам"}).content.decode()
    assert "Всех этих слов вместе нет нигде" in pages
    assert "/info/computation/" in pages
    assert "Показываем «договор»" in client.get(reverse("website:search"), {"q": "дагавор"}).content.decode()
    assert reverse("website:book") in client.get(reverse("website:search"), {"q": "записаться"}).content.decode()


def test_a_number_alone_or_a_letter_finds_nothing_that_only_happens_to_have_it(loaded, client):
    def shown(query, place="/search/"):
        return client.get(place, {"q": query}).content.decode()

    assert "ничего не нашлось" in shown("<script>alert(1)</script>")
    assert "Такого вопроса пока нет" in shown("<script>alert(2)</script> и", "/faq/")
    assert "/offices/" in shown("улица мира 61а")
    assert reverse("website:search") in client.get("/nowhere/").content.decode().split("<footer")[0].split("<main")[1]


def test_one_contact_enters_a_contest_once_however_it_is_written(loaded, client):
    held = next(one for one in queries.news(on=TODAY) if one.kind == "contest")
    page = reverse("website:contest", args=[held.page_id])
    typed = {"name": "Анна", "text": "Свет гасим", "consent": "on"}

    for contact, status in (("+7 915 000-11-22", 302), ("8 (915) 0001122", 422), ("abc", 422), ("a@", 422)):
        answer = client.post(page, typed | {"contact": contact, "request_key": contact})
        assert answer.status_code == status, contact

    assert [one.contact for one in ContestEntry.objects.all()] == ["+79150001122"]


def test_a_contest_that_is_over_says_so_where_it_was_entered(loaded, client):
    held = next(one for one in queries.news(on=TODAY) if one.kind == "contest")
    assert "Участвовать" in client.get(held.url).content.decode()

    NewsPage.objects.filter(pk=held.page_id).update(starts_on=date(2020, 1, 1), ends_on=date(2020, 2, 1))

    over = client.get(held.url).content.decode()
    assert "Приём заявок завершён" in over
    assert "Участвовать" not in over


def test_a_contest_is_entered_once_with_consent_while_it_runs(loaded, client):
    held = next(one for one in queries.news(on=TODAY) if one.kind == "contest")
    page = reverse("website:contest", args=[held.page_id])
    good = {"name": "Анна О'Нил", "contact": "A@example.org", "text": "Свет <b>гасим</b> 🙂", "request_key": "one"}

    assert client.post(page, good).status_code == 422
    for _ in range(2):
        assert client.post(page, good | {"consent": "on"}).status_code == 302
    again = client.post(page, good | {"consent": "on", "request_key": "two"})

    assert "уже есть" in again.content.decode()
    entry = ContestEntry.objects.get()
    assert (entry.contact, "отозвать" in entry.consent) == ("a@example.org", True)
    with pytest.raises(DomainError, match="contest_is_over"):
        actions.enter_contest(
            held.page_id,
            name="Б",
            contact="b",
            text="в",
            consent="да",
            request_key="3",
            at=cast.moment(date(2027, 1, 1)),
        )
    assert client.get(reverse("website:contest", args=[10**18])).status_code == 404


def test_the_knowledge_base_is_for_staff_alone_by_subject_and_keeps_marks(loaded, client):
    about = queries.knowledge_about(["bill_penalty"])
    assert [card.title for card in about] == ["Объяснить пени"]
    assert "Платёж не виден" in {card.title for card in queries.find_knowledge("невыясненный платеж")}
    assert client.get("/base/why-average/").status_code == 404

    operator = cast.employee(cast.names.STAFF[1]).user_id
    actions.mark_helpful(about[0].id, is_helpful=True, by=operator, at=cast.NOW)
    actions.mark_helpful(about[0].id, is_helpful=False, by=operator, at=cast.NOW)
    shown = queries.article(about[0].id, user_id=operator)
    assert (shown.card.helpful, shown.card.unhelpful, shown.mine) == (0, 1, False)
    with pytest.raises(NotFound):
        actions.mark_helpful(10**15, is_helpful=True, by=operator, at=cast.NOW)


def test_an_entry_twice_by_one_contact_is_a_conflict(loaded):
    held = next(one for one in queries.news(on=TODAY) if one.kind == "contest")
    for key in ("one", "two"):
        terms = {"name": "А", "contact": "+7 900", "text": "т", "consent": "да", "request_key": key, "at": cast.NOW}
        if key == "two":
            with pytest.raises(Conflict, match="entered_already"):
                actions.enter_contest(held.page_id, **terms)
        else:
            actions.enter_contest(held.page_id, **terms)
