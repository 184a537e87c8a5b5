"""Editors at work through the real forms: the door, drafts, approval by a second person, nasty input, lying files."""

from __future__ import annotations

import json
import re
import time
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from svet.domains.access import actions as access
from svet.domains.content import actions, jobs
from svet.domains.content.models import ArticlePage, QuestionPage, QuestionsPage, SiteFile
from tests import cast, reference
from tests.architecture.test_urls import signed_in

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\nstartxref\n0\n%%EOF\n"
NASTY = {
    "blocks": [
        {
            "key": "a",
            "text": "<script>alert(1)</script> слово",
            "type": "unstyled",
            "depth": 0,
            "inlineStyleRanges": [],
            "entityRanges": [{"offset": 0, "length": 6, "key": 0}],
        }
    ],
    "entityMap": {"0": {"type": "LINK", "mutability": "MUTABLE", "data": {"url": "javascript:alert(2)"}}},
}


@pytest.fixture
def staff(db):
    reference.load(actions, at=cast.NOW)
    people = {one.role: cast.employee(one).user_id for one in cast.names.STAFF}
    return {role: signed_in(user_id, proved=True) for role, user_id in people.items()}, people


def form_of(browser, page):
    """Return what the editor's form of a page would send back unchanged."""
    shown = browser.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    assert shown.status_code == 200, shown.headers
    form = shown.context["form"]
    sent = {}
    for name, field in form.fields.items():
        value = form[name].value()
        if hasattr(field, "block"):
            sent |= {f"{name}-count": "1", f"{name}-0-deleted": "", f"{name}-0-order": "0"}
            sent |= {f"{name}-0-type": "heading", f"{name}-0-value": "Заголовок", f"{name}-0-id": ""}
        elif value not in (None, ""):
            sent[name] = field.prepare_value(value) if not hasattr(value, "isoformat") else value.isoformat()
    for formset in form.formsets.values():
        sent |= {f"{formset.prefix}-TOTAL_FORMS": "0", f"{formset.prefix}-INITIAL_FORMS": "0"}
    return sent


def send(browser, page, **changes):
    return browser.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form_of(browser, page) | changes)


def test_only_those_who_write_or_approve_enter_and_nobody_manages_people_here(staff):
    browsers, people = staff
    home = reverse("wagtailadmin_home")

    for role, browser in browsers.items():
        wanted = 200 if role in {"editor", "administrator", "supervisor", "head"} else 403
        assert browser.get(home).status_code == wanted, role
    for name in ("wagtailusers_users:index", "wagtailusers_groups:index", "wagtailadmin_workflows:index"):
        assert browsers["administrator"].get(reverse(name)).status_code == 404
    assert browsers["editor"].get(reverse("wagtailadmin_account")).headers["Location"] == reverse("account_home")
    assert browsers["editor"].get(reverse("desk:find"), {"q": "1"}).status_code == 403

    policy = browsers["editor"].get(home).headers["Content-Security-Policy"]
    assert "script-src 'self';" in f"{policy};"
    assert "unsafe-eval" not in policy
    access.set_roles(people["editor"], roles=["cashier"], at=cast.NOW)
    assert browsers["editor"].get(home).status_code == 403


def test_a_mandatory_page_is_published_by_a_second_person_alone(staff, client):
    browsers, _ = staff
    page = ArticlePage.objects.get(item="non_payment")

    draft = send(browsers["editor"], page, title="Новое название", **{"action-publish": "1"})
    assert draft.status_code == 302
    assert "Новое название" not in client.get("/info/non-payment/").content.decode()

    send(browsers["supervisor"], page, title="Название руководителя", **{"action-submit": "1"})
    state = ArticlePage.objects.get(pk=page.pk).current_workflow_task_state
    approve = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk])
    for own in ("supervisor", "editor"):
        browsers[own].post(approve)
        assert ArticlePage.objects.get(pk=page.pk).title == page.title, own

    browsers["head"].post(approve)
    assert ArticlePage.objects.get(pk=page.pk).title == "Название руководителя"
    assert "Название руководителя" in client.get("/info/non-payment/").content.decode()


def test_scripts_never_get_through_the_editors_forms(staff, client):
    browser = staff[0]["editor"]
    page = QuestionPage.objects.first()

    changed = send(
        browser,
        page,
        title="<script>alert('t')</script>",
        summary='"><img src=x onerror=alert(3)>',
        answer=json.dumps(NASTY),
        **{"action-publish": "1"},
    )
    assert changed.status_code == 302
    for address in (f"/faq/{page.slug}/", "/faq/", "/search/?q=слово"):
        shown = client.get(address).content.decode()
        assert not re.search(r"<script>alert|<img src=x|href=.javascript:", shown), address
    assert "&lt;script&gt;" in client.get(f"/faq/{page.slug}/").content.decode()
    assert "слово" in QuestionPage.objects.get(pk=page.pk).answer


def test_what_is_published_for_a_later_moment_waits_for_it_and_a_draft_waits_for_its_editor(staff, client, monkeypatch):
    browser, page = staff[0]["editor"], QuestionPage.objects.first()
    place, was, answer = f"/faq/{page.slug}/", page.title, json.dumps(NASTY)
    assert send(browser, page, title="Черновик", answer=answer).status_code == 302
    assert was in client.get(place).content.decode()
    assert "Черновик" not in client.get(place).content.decode()

    soon = timezone.localtime() + timedelta(hours=2)
    sent = {"title": "Новое с вечера", "answer": answer, "go_live_at": f"{soon:%Y-%m-%d %H:%M}", "action-publish": "1"}
    assert send(browser, page, **sent).status_code == 302
    jobs.publish_scheduled(timestamp=0)
    assert was in client.get(place).content.decode()

    monkeypatch.setattr("django.utils.timezone.now", lambda: soon + timedelta(minutes=1))
    jobs.publish_scheduled(timestamp=0)

    assert "Новое с вечера" in client.get(place).content.decode()


def test_files_that_lie_are_refused_and_true_ones_only_saved(staff, client):
    browser = staff[0]["editor"]
    add = reverse("wagtaildocs:add")
    for name, content in (
        ("page.pdf", b"<html><script>alert(1)</script></html>"),
        ("bad.pdf", PDF.replace(b"<<>>", b"<</JavaScript 1>>")),
        ("picture.png", b"\x89PNG\r\n\x1a\nnot a picture"),
        ("page.html", b"<html></html>"),
        ("vector.svg", b"<svg onload='alert(1)'/>"),
        ("program.exe", PDF),
    ):
        kept = SimpleUploadedFile(name, content)
        refused = browser.post(add, {"title": name, "file": kept, "collection": "1"})
        assert not SiteFile.objects.filter(title=name).exists(), name
        assert len(refused.context["form"].errors["file"]) == 1, name

    assert "PDF, JPEG или PNG не больше 10,0\xa0МБ" in browser.get(add).content.decode()
    answer = browser.post(add, {"title": "Листок", "file": SimpleUploadedFile("листок.pdf", PDF)})
    assert answer.status_code == 302, answer.context["form"].errors
    given = client.get(SiteFile.objects.get().url)
    assert (given.status_code, given.content) == (200, PDF)
    assert given.headers["Content-Disposition"].startswith("attachment")
    assert client.get(SiteFile.objects.get().url.replace(".pdf", ".exe")).status_code == 404


def test_the_pages_of_the_workplace_open_for_an_editor(staff):
    browser = staff[0]["editor"]
    questions = QuestionsPage.objects.get()

    for page in (
        reverse("wagtailadmin_explore", args=[questions.pk]),
        reverse("wagtailadmin_pages:add", args=["content", "questionpage", questions.pk]),
        reverse("wagtailadmin_pages:history", args=[questions.pk]),
        reverse("wagtaildocs:index"),
        reverse("desk:site_freshness"),
        reverse("desk:knowledge"),
    ):
        assert browser.get(page).status_code == 200, page


def test_the_first_page_tells_an_editor_what_is_to_be_read_again_and_leads_to_the_workplace(staff, monkeypatch):
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(cast.NOW.timestamp() - time.time()))
    editor, operator = (staff[0][role].get for role in ("editor", "operator"))
    assert "Все страницы сверены" in editor(reverse("desk:home")).content.decode()

    ArticlePage.objects.filter(item="non_payment").update(source="")
    QuestionPage.objects.filter(slug="two-zones").update(reviewed_on=None)

    shown = editor(reverse("desk:home")).content.decode()
    assert "2 страницы пора сверить" in shown.replace("\xa0", " ")
    assert reverse("wagtailadmin_home") in shown
    assert reverse("wagtailadmin_home") not in operator(reverse("desk:home")).content.decode()
