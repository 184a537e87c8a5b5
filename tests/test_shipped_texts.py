"""A release brings new answers to a site that runs, and never touches what its editors did."""

from __future__ import annotations

from shutil import copytree

import pytest
import yaml
from django.test import Client

from svet.domains.content import actions
from svet.domains.content.actions import loading
from svet.domains.content.models import (
    ArticlePage,
    KnowledgeArticle,
    NewsPage,
    QuestionPage,
    QuestionsPage,
    ShippedPage,
)
from svet.infra import site_changes
from svet.infra.models import SiteChange
from tests import cast, replay

MISSING, EDITED, DELETED, HIDDEN, RENAMED = "subsidy", "two-zones", "verification", "meter-broken", "which-digits"


@pytest.fixture
def earlier(db, monkeypatch, tmp_path):
    """A site set up with an earlier release: one answer, one article of each kind and one piece of news fewer."""
    texts = copytree(loading.DATA, tmp_path / "data")
    for name in loading.FILES:
        shipped = yaml.safe_load((texts / f"{name}.yaml").read_text())
        left_out = MISSING if name == "questions" else shipped["pages"][-1]["slug"]
        shipped["pages"] = [row for row in shipped["pages"] if row["slug"] != left_out]
        (texts / f"{name}.yaml").write_text(yaml.safe_dump(shipped, allow_unicode=True))
    with monkeypatch.context() as of_earlier:
        of_earlier.setattr(loading, "DATA", texts)
        loading._shipped.cache_clear()
        replay.once("site of an earlier release", lambda: actions.load_reference(at=cast.NOW))
    loading._shipped.cache_clear()
    yield
    loading._shipped.cache_clear()


def shown(path):
    return Client().get(path).content.decode()


def publish(page, **changes):
    for name, value in changes.items():
        setattr(page, name, value)
    page.save_revision().publish()


@pytest.mark.parametrize("remembers", [True, False], ids=["remembered", "from_before_it_was_remembered"])
def test_a_running_site_gets_the_answer_it_never_had_and_keeps_what_editors_did(earlier, remembers):
    publish(QuestionPage.objects.get(slug=EDITED), title="Как считают по зонам?", answer="<p>Ответ редактора</p>")
    publish(QuestionPage.objects.get(slug=RENAMED), title="Какие цифры?", slug="digits")
    QuestionPage.objects.get(slug=DELETED).delete()
    QuestionPage.objects.get(slug=HIDDEN).unpublish()
    publish(ArticlePage.objects.get(slug="readings"), summary="Слова редактора")
    if not remembers:
        ShippedPage.objects.all().delete()
    before = {
        model: set(model.objects.values_list("slug", flat=True)) for model in (QuestionPage, ArticlePage, NewsPage)
    }
    articles = KnowledgeArticle.objects.count()

    assert actions.load_reference(at=cast.NOW) == 2

    assert set(QuestionPage.objects.values_list("slug", flat=True)) == before[QuestionPage] | {MISSING}
    assert KnowledgeArticle.objects.count() == articles + 1
    for model in (ArticlePage, NewsPage):
        assert set(model.objects.values_list("slug", flat=True)) == before[model]
    page = shown("/faq/")
    assert QuestionPage.objects.get(slug=MISSING).title in page
    assert "Ответ редактора" in page
    assert QuestionPage.objects.get(slug=HIDDEN).title not in page
    assert Client().get(f"/faq/{DELETED}/").status_code == 404

    QuestionPage.objects.get(slug=MISSING).delete()
    assert actions.load_reference(at=cast.NOW) == 0


def test_an_answer_of_the_editors_own_at_the_same_address_stays_theirs(earlier):
    own = QuestionPage(title="Своя субсидия", slug=MISSING, summary="Своё", answer="<p>Своё</p>")
    QuestionsPage.objects.get().add_child(instance=own)

    actions.load_reference(at=cast.NOW)

    assert QuestionPage.objects.get(slug=MISSING).title == "Своя субсидия"


def test_a_shelf_that_editors_emptied_stays_empty(earlier):
    for page in NewsPage.objects.all():
        page.delete()

    actions.load_reference(at=cast.NOW)

    assert not NewsPage.objects.exists()


def test_setting_up_again_changes_nothing_that_strangers_see(earlier):
    actions.load_reference(at=cast.NOW)
    SiteChange.objects.all().delete()
    kept = site_changes.token()

    actions.load_reference(at=cast.NOW)

    assert site_changes.token() == kept
