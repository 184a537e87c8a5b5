"""No public page weighs more than 150 KB without pictures: page, styles, scripts and fonts as they go by wire."""

import gzip
import re
import time
from functools import cache
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.contrib.staticfiles import finders
from django.test import Client

from svet.config import public
from svet.domains.content import actions as content
from svet.domains.offices import actions as offices
from svet.domains.tariffs import actions as tariffs
from tests import cast, reference
from tests.architecture.test_urls import EVERYTHING, address

pytestmark = pytest.mark.django_db

MOST = 150 * 1024
PAGES = sorted(name for name in public.NAMES if name.startswith("website:") or name.startswith("account_"))
WRITTEN = ("/info/", "/info/readings/", "/info/prices/", "/info/norms/", "/faq/", "/news/")


@pytest.fixture
def site(monkeypatch):
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(cast.NOW.timestamp() - time.time()))
    reference.load(content, at=cast.NOW)
    for loads in (tariffs, offices):
        reference.load(loads, at=cast.moment(cast.LONG_AGO))
    return Client()


def weight(page: bytes) -> int:
    """Return the bytes of a page with its styles, scripts and fonts that it asks for at once."""
    text = page.decode()
    named = dict.fromkeys(re.findall(r'(?:href|src)="/static/([^"]+\.(?:css|js|woff2))"', text))
    return _packed(page) + sum(_packed(Path(finders.find(name)).read_bytes()) for name in named)


@cache
def _packed(what: bytes) -> int:
    return len(gzip.compress(what))


def test_every_public_page_is_light(site):
    heavy, seen = {}, 0
    for path in [*(address(name, EVERYTHING[name]) for name in PAGES), *WRITTEN]:
        answer = site.get(path)
        assert answer.status_code == 200 or path not in WRITTEN, path
        if answer.headers.get("Content-Type", "").startswith("text/html") and answer.content:
            seen += 1
            if weight(answer.content) > MOST:
                heavy[path] = weight(answer.content)
    assert not heavy
    assert seen > len(WRITTEN) + 20


def test_the_weight_counts_what_a_page_asks_for(site):
    bare = site.get("/healthz").content

    assert weight(site.get("/").content) > weight(bare) + 20 * 1024


def test_strangers_get_pages_compressed_and_who_has_a_session_as_they_are(site):
    plain, packed = (site.get("/tariffs/", headers=asked) for asked in ({}, {"accept-encoding": "gzip, br"}))

    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.content) < len(plain.content) / 2
    assert "Accept-Encoding" in packed.headers["Vary"]

    site.force_login(get_user_model().objects.get(pk=cast.employee(cast.names.STAFF[0]).user_id))
    assert "Content-Encoding" not in site.get("/tariffs/", headers={"accept-encoding": "gzip"}).headers
