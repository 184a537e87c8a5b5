"""Editors keep the synonyms of the site's search: at once, told to the audit, closed to all others."""

from __future__ import annotations

from itertools import product

import pytest
from django.test import Client
from django.urls import reverse

from svet.domains.access import actions as access
from svet.domains.content import actions
from svet.domains.content.models import SameWords
from svet.infra.models import AuditRecord, Fact
from tests import cast, reference
from tests.architecture.test_urls import EVERYTHING, signed_in

INDEX, ADD = "/editor/synonyms/", "/editor/synonyms/new/"


@pytest.fixture
def people(db):
    reference.load(actions, at=cast.NOW)
    return {one.role: cast.employee(one).user_id for one in cast.names.STAFF}


@pytest.fixture
def editor(people):
    return signed_in(people["editor"], proved=True)


def found(query):
    return Client().get(reverse("website:search"), {"q": query}).content.decode()


def edit(row):
    return reverse("synonyms:edit", args=[row.pk])


def records():
    return list(AuditRecord.objects.filter(target_kind="content.samewords").order_by("pk"))


def test_a_group_is_added_changed_and_deleted_the_search_follows_at_once_and_each_is_told(editor, people):
    assert "/faq/subsidy/" not in found("вспомоществование")

    assert editor.post(ADD, {"words": " вспомоществование ;\tсубсидиарность "}).status_code == 302
    row = SameWords.objects.get(words="вспомоществование, субсидиарность")
    assert editor.post(edit(row), {"words": "вспомоществование, выгода от государства"}).status_code == 302
    assert editor.post(edit(row), {"words": "вспомоществование, выгода от государства"}).status_code == 302
    assert "/faq/subsidy/" not in found("вспомоществование")
    shipped = SameWords.objects.get(words__contains="субсидия")
    assert editor.post(reverse("synonyms:delete", args=[row.pk])).status_code == 302
    assert editor.post(edit(shipped), {"words": f"{shipped.words}, вспомоществование"}).status_code == 302
    assert "/faq/subsidy/" in found("вспомоществования")

    told = [(one.verb, one.data["before"].get("words"), one.data["after"].get("words")) for one in records()]
    assert told == [
        ("reference.add", None, "вспомоществование, субсидиарность"),
        ("reference.change", "вспомоществование, субсидиарность", "вспомоществование, выгода от государства"),
        ("reference.delete", "вспомоществование, выгода от государства", None),
        ("reference.change", shipped.words, f"{shipped.words}, вспомоществование"),
    ]
    assert {(one.actor_kind, one.actor_name) for one in records()} == {("user", str(people["editor"]))}
    assert Fact.objects.filter(name="reference.changed").count() == 4
    assert editor.get(reverse("synonyms:history", args=[shipped.pk])).status_code == 200


def test_a_word_with_a_hyphen_is_found_as_people_type_it(editor):
    editor.post(ADD, {"words": "онлайн-подача, передать показания"})

    for query in ("онлайн-подача", "онлайн подачу"):
        assert "/info/readings/" in found(query), query


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "Напишите через запятую хотя бы два слова"),
        (" , ,", "Напишите через запятую хотя бы два слова"),
        ("жировка", "Напишите через запятую хотя бы два слова"),
        ("жировка, бумажка, Жировка", "«Жировка» написано дважды"),
        ("жировка, жировки", "«жировки» — то же слово, что «жировка»"),
        ("жировка, !!!", "«!!!» — не слово"),
        ("жировка, 354", "«354» — не слово"),
        ("жировка, <script>alert(1)</script>", "«&lt;script&gt;alert(1)&lt;/script&gt;» — не слово"),
        ("жировка, 🙂", "«🙂» — не слово"),
        ("жировка, и", "«и» поиск пропускает"),
        ("жировка, бумажка из почтового ящика", "«бумажка из почтового ящика» — слишком длинно"),
        ("жировка, квитанции", "«квитанции» уже есть в наборе «счёт, квитанция, платёжка, платёжный документ»"),
        ("а" * 5000, "не более 300 символов"),
        ("жировка\x00, бумажка", "Данные содержат запрещённый символ: ноль-байт"),
    ],
)
def test_what_is_no_group_of_words_is_refused_in_words(editor, words, said):
    kept = SameWords.objects.count()

    answer = editor.post(ADD, {"words": words})

    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert "<script>alert" not in answer.content.decode()
    assert (SameWords.objects.count(), records()) == (kept, [])


def test_a_group_may_be_saved_again_and_what_does_not_exist_is_not_found(editor):
    row = SameWords.objects.get(words__startswith="счёт, ")

    assert editor.post(edit(row), {"words": row.words}).status_code == 302
    assert records() == []
    for name in ("edit", "delete", "history"):
        assert editor.get(reverse(f"synonyms:{name}", args=[2**40])).status_code == 404, name


def test_the_shipped_groups_are_such_as_an_editor_may_save(editor):
    for row in SameWords.objects.all():
        answer = editor.post(edit(row), {"words": row.words})
        assert answer.status_code == 302, answer.context["form"].errors


def test_strangers_and_who_does_not_write_the_site_stay_outside(people):
    row = SameWords.objects.first()
    places = [
        reverse(name, args=[row.pk] if pattern.pattern.converters else [])
        for name, pattern in EVERYTHING.items()
        if name.startswith("synonyms:")
    ]
    assert len(places) == 8
    kept = list(SameWords.objects.values_list("words", flat=True))
    writers = {"editor", "administrator"}
    browsers = {role: signed_in(user_id, proved=True) for role, user_id in people.items() if role not in writers}
    for place, ask in product(places, ("get", "post")):
        sent = {"words": "жировка, бумажка"}
        gone = getattr(Client(), ask)(place, sent)
        assert (gone.status_code, gone.headers["Location"].split("?")[0]) == (302, reverse("account_login")), place
        for role, browser in browsers.items():
            answer = getattr(browser, ask)(place, sent)
            if role in {"supervisor", "head"}:  # these approve pages: the workplace is theirs, this page of it is not
                assert (answer.status_code, answer.headers["Location"]) == (302, reverse("wagtailadmin_home")), role
            else:
                assert answer.status_code == 403, (role, place)
    assert list(SameWords.objects.values_list("words", flat=True)) == kept


def test_the_menu_leads_only_those_who_may(people, editor):
    supervisor = signed_in(people["supervisor"], proved=True)

    assert INDEX in editor.get("/editor/").content.decode()
    assert INDEX not in supervisor.get("/editor/").content.decode()
    access.set_roles(people["editor"], roles=["supervisor"], at=cast.NOW)
    assert editor.get(INDEX).status_code == 302
