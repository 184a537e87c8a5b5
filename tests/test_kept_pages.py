"""Pages made once for all strangers (decision 0010): never of one visitor, never older than what they show."""

from __future__ import annotations

import re
import time
from datetime import timedelta

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from svet.config import public
from svet.domains.content import actions as content
from svet.domains.content.models import ArticlePage
from svet.domains.offices import actions as offices
from svet.domains.offices.rules.channels import Deed, Way
from svet.domains.tariffs import actions as tariffs
from svet.infra import jobs as queue
from svet.infra import site_changes
from svet.infra.models import SiteChange
from tests import cast, reference
from tests.architecture.test_urls import EVERYTHING, address, signed_in

pytestmark = pytest.mark.django_db

WRITTEN = (
    "/info/", "/info/prices/", "/info/readings/", "/info/how-to-pay/", "/info/how-to-appeal/", "/info/norms/",
    "/info/non-payment/", "/info/where-to-pay/", "/info/our-offices/", "/info/grid-companies/", "/info/computation/",
    "/info/contract-forms/", "/faq/", "/faq/two-zones/", "/news/", "/news/paperless-bill/",
)  # fmt: skip
KEPT = [*(reverse(name) for name in sorted(public.KEPT) if name != "wagtail_serve"), *WRITTEN]
NEVER_SHOWN = {"infra_site_change"}


@pytest.fixture
def site(monkeypatch):
    def at(moment):
        monkeypatch.setenv("SVET_CLOCK_OFFSET", str(moment.timestamp() - time.time()))

    reference.load(content, at=cast.NOW)
    for loads in (tariffs, offices):
        reference.load(loads, at=cast.moment(cast.LONG_AGO))
    at(cast.NOW)
    return at


def stranger(path, **terms):
    return Client().get(path, **terms)


def test_the_second_stranger_gets_what_was_made_for_the_first_for_one_question(site, django_assert_num_queries):
    for path in KEPT:
        first = stranger(path)
        with django_assert_num_queries(1):
            second = stranger(path)
        assert (first.status_code, second.content) == (200, first.content), path
        assert not second.cookies, path
        assert b"csrfmiddlewaretoken" not in first.content, path
        again = stranger(path, headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b""), path


def test_each_table_that_a_kept_page_is_made_from_leaves_a_mark(site):
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'marks_site_change'")
        marked = {name for (name,) in cursor.fetchall()}
    read = {}
    for path in KEPT:
        with CaptureQueriesContext(connection) as asked:
            stranger(path)
        for one in asked.captured_queries:
            read |= dict.fromkeys(re.findall(r'(?:FROM|JOIN)\s+"?(\w+_\w+)"?', one["sql"]), path)
    assert len(read) > 25
    assert {table: path for table, path in read.items() if table not in marked | NEVER_SHOWN} == {}


def test_what_is_of_one_visitor_is_never_kept(site):
    others = [name for name in sorted(public.NAMES - public.KEPT.keys()) if not name.startswith("gates:")]
    assert [name for name in others if "ETag" in stranger(address(name, EVERYTHING[name]))] == []


def test_a_change_shows_at_once_whoever_makes_it(site):
    assert "по горячей линии" not in shown("/info/readings/")

    terms = {"is_on": False, "redirect": "Позвоните по горячей линии", "reason": "сломалось", "from_at": None}
    offices.turn_channel(Way.SITE, Deed.READINGS, **terms, by=1, at=cast.NOW)

    assert "Позвоните по горячей линии" in shown("/info/readings/")
    page = ArticlePage.objects.get(slug="readings")
    page.title = "Показания: что нового"
    page.save_revision().publish()
    assert "Показания: что нового" in shown("/info/readings/")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE offices_phone SET number = '8 800 000-00-0' || id % 10")
    assert shown("/contacts/").count("8 800 000-00-0") >= 4
    page.unpublish()
    assert stranger("/info/readings/").status_code == 404


def shown(path):
    return stranger(path).content.decode()


def test_open_now_is_right_to_the_minute(site):
    opens = cast.NOW.replace(hour=8, minute=0, second=0, microsecond=0)
    told = []
    for minute in range(-70, 660, 15):
        site(opens + timedelta(minutes=minute))
        kept, made = (answered("/offices/", **cookies) for cookies in ({}, {"messages": ""}))
        told.append(tuple(kept))
        assert kept == made
    assert len(set(told)) > 1


def answered(path, **cookies):
    browser = Client()
    for name, value in cookies.items():
        browser.cookies[name] = value
    return re.findall(r'<span class="(?:open|soft)">[^<]*</span>', browser.get(path).content.decode())


def test_looks_addresses_and_packing_are_kept_apart(site):
    seen = {stranger("/").content}
    for cookies in ({"theme": "dark"}, {"size": "large"}, {"spacing": "wide"}, {"theme": "contrast", "size": "large"}):
        browser = Client()
        for name, value in cookies.items():
            browser.cookies[name] = value
        seen.add(browser.get("/").content)
    assert len(seen) == 5
    packed = stranger("/", headers={"Accept-Encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in stranger("/")
    assert len({stranger(f"/tariffs/?category={name}").content for name in ("", "rural", "urban_gas")}) == 3
    assert stranger("/", headers={"Host": "evil.example"}).status_code == 400


def test_nobody_known_gets_or_leaves_a_kept_page(site):
    anonymous = stranger("/").content
    known = signed_in(cast.employee(cast.names.STAFF[0]).user_id, proved=True)
    for _ in range(2):
        own = known.get("/")
        assert own.content != anonymous
        assert "no-store" in own["Cache-Control"]
    assert stranger("/").content == anonymous


def test_what_somebody_typed_is_not_kept(site, django_assert_num_queries):
    for path in ("/payment-places/?place=Мира", "/grid-companies/?settlement=Суздаль", "/offices/?text=Мира", "/?a=1"):
        assert "ETag" not in stranger(path), path
    assert "ETag" not in stranger("/tariffs/?on=" + "1" * 300)


def test_a_look_is_chosen_by_pages_of_ours_alone(site):
    for headers, status in (
        ({"Sec-Fetch-Site": "same-origin"}, 302),
        ({"Origin": "http://testserver"}, 302),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
    ):
        browser = Client(enforce_csrf_checks=True)
        assert browser.post(reverse("theme"), {"theme": "dark"}, headers=headers).status_code == status, headers
        assert ("theme" in browser.cookies) == (status == 302), headers


def test_old_marks_are_forgotten_and_pages_stay_true(site):
    before = site_changes.token()
    assert site_changes.forget(before=SiteChange.objects.get().at) == 0
    assert site_changes.token() == before
    assert site_changes.forget(before=SiteChange.objects.get().at + timedelta(seconds=1)) == 1
    assert site_changes.token() != before
    assert "svet.flows.jobs.forget_site_changes" in queue.app.tasks


@pytest.mark.django_db(transaction=True)
def test_all_processes_see_a_change_when_it_is_committed_and_not_before(site):
    terms = connection.get_connection_params()
    first = shown("/contacts/")
    where = {key: terms[key] for key in ("dbname", "host", "user", "port", "password") if terms.get(key)}
    with psycopg.connect(**where) as other:
        other.execute("UPDATE offices_company SET email = 'novaya@pochta.example'")
        assert shown("/contacts/") == first
        other.commit()
        assert "novaya@pochta.example" in shown("/contacts/")
        other.execute("UPDATE offices_company SET email = 'drugaya@pochta.example'")
        other.rollback()
    assert "novaya@pochta.example" in shown("/contacts/")
