"""An editor at work in a browser: words changed and sent for approval, looked at and published by a second person."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from svet.domains.content import actions as content
from svet.domains.content.models import ArticlePage
from tests import cast, reference
from tests.browser.conftest import come_back, photograph


def test_words_are_changed_by_one_and_published_by_another(visit, people):
    reference.load(content, at=cast.NOW)
    page = ArticlePage.objects.get(item="how_to_pay")
    editor = visit("/")
    come_back(editor, people.staff["editor"].username)
    editor.goto(f"/editor/pages/{page.pk}/edit/")
    editor.get_by_role("textbox", name="Коротко").fill("Как заплатить, не выходя из дома.")
    editor.locator("footer .w-dropdown-button button[data-w-dropdown-target=toggle]").last.click()
    photograph(editor, "editor-sends-for-approval-1280")
    editor.get_by_role("button", name="Отправить в").click()
    expect(editor.get_by_text("отправлен", exact=False).first).to_be_visible()

    public = visit("/info/how-to-pay/")
    expect(public.get_by_text("Способы без очереди и реквизиты для перевода.")).to_be_visible()
    approver = visit("/")
    come_back(approver, people.staff["supervisor"].username)
    approver.goto(f"/editor/pages/{page.pk}/edit/")
    approver.locator("footer .w-dropdown-button button[data-w-dropdown-target=toggle]").last.click()
    photograph(approver, "editor-approves-1280")
    approver.get_by_role("button", name="Одобрить и Опубликовать", exact=True).click()
    expect(approver.get_by_text("опубликован", exact=False).first).to_be_visible()

    public.reload()
    expect(public.get_by_text("Как заплатить, не выходя из дома.")).to_be_visible()
    approver.goto(f"/editor/pages/{page.pk}/history/")
    photograph(approver, "editor-history-1280")
    expect(approver.get_by_text("Утверждение", exact=False).first).to_be_visible()


def test_scripts_among_the_words_stay_words(visit, people):
    reference.load(content, at=cast.NOW)
    page = ArticlePage.objects.get(item="how_to_pay")
    editor = visit("/")
    come_back(editor, people.staff["editor"].username)
    editor.goto(f"/editor/pages/{page.pk}/edit/")
    editor.get_by_role("textbox", name="Коротко").fill("<script>document.title = 'чужое'</script> Кратко")
    editor.get_by_role("button", name="Сохранить черновик").click()
    expect(editor.get_by_text("обновлена")).to_be_visible()

    editor.goto(f"/editor/pages/{page.pk}/view_draft/")

    expect(editor.get_by_text("<script>document.title = 'чужое'</script> Кратко")).to_be_visible()
    expect(editor).not_to_have_title(re.compile("чужое"))


def test_a_synonym_is_refused_in_words_and_kept_when_it_is_one(visit, people):
    reference.load(content, at=cast.NOW)
    editor = visit("/healthz")
    come_back(editor, people.staff["editor"].username)
    editor.goto("/editor/synonyms/")
    editor.get_by_role("link", name="Добавить").click()
    words = editor.get_by_role("textbox", name="Слова с одним смыслом")
    words.fill("вспомоществование, !!!")
    editor.get_by_role("button", name="Создать").click()
    expect(editor.get_by_text("«!!!» — не слово")).to_be_visible()
    words.fill("вспомоществование, льготник")
    editor.get_by_role("button", name="Создать").click()
    expect(editor.get_by_text("Поиск уже знает: вспомоществование, льготник.")).to_be_visible()
    photograph(editor, "editor/synonyms")
