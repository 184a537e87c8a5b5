from datetime import date, timedelta

import pytest
from django.urls import reverse

from svet.domains.tariffs import actions as tariffs
from svet.domains.tariffs import queries
from svet.flows import tariff_pages
from tests import cast, reference
from tests.architecture.test_urls import signed_in

CODE = "nn-urban-gas"
NEXT = date(2027, 1, 1)


@pytest.fixture
def engineer(db, monkeypatch):
    reference.load(tariffs, at=cast.moment(cast.LONG_AGO))
    one = next(one for one in cast.names.STAFF if one.role == "billing_engineer")
    return signed_in(cast.employee(one).user_id, proved=True)


def filled(**other):
    base = queries.latest_version(CODE)
    rates = {f"rate{place}": str(price.rate + 1).replace(".", ",") for place, price in enumerate(base.prices)}
    papers = {"from_on": NEXT.isoformat(), "order_number": "№ 60/12", "order_on": "2026-11-24", "source": "сайт РЭК"}
    return papers | rates | other


def drafted(engineer, **other):
    answer = engineer.post(reverse("desk:draft_tariff", args=[CODE]), filled(**other))
    assert answer.status_code == 302, answer.content.decode()
    return int(answer.headers["Location"].rstrip("/").rsplit("/", 1)[1])


def test_new_prices_are_drafted_compared_and_published(engineer):
    before = queries.latest_version(CODE)
    version_id = drafted(engineer)

    page = engineer.get(reverse("desk:tariff_version", args=[version_id])).content.decode()
    assert "черновик" in page
    assert "Опубликовать нельзя" not in page
    steps = tariff_pages.version(version_id).steps
    assert all(step.price.rate == step.before + 1 and step.percent > 0 for step in steps)

    engineer.post(reverse("desk:publish_tariff", args=[version_id]))

    assert queries.latest_version(CODE).version_id == version_id
    assert queries.version(before.version_id).until_on == NEXT
    assert [one.version_id for one in queries.tariff_table(on=NEXT) if one.code == CODE] == [version_id]


def test_a_published_version_is_published_and_discarded_no_more(engineer):
    version_id = drafted(engineer)
    engineer.post(reverse("desk:publish_tariff", args=[version_id]))

    for name in ("desk:publish_tariff", "desk:discard_tariff"):
        again = engineer.post(reverse(name, args=[version_id]), follow=True)
        assert "уже опубликован" in again.content.decode()

    assert queries.version(version_id).is_published


def test_a_draft_that_leaves_a_gap_says_so_and_stays_a_draft(engineer):
    first = drafted(engineer, until_on="2027-07-01")
    engineer.post(reverse("desk:publish_tariff", args=[first]))
    late = drafted(engineer, from_on="2027-08-01")

    shown = engineer.post(reverse("desk:publish_tariff", args=[late]), follow=True).content.decode()

    assert "не действует ни одна версия тарифа" in shown
    assert not queries.version(late).is_published
    engineer.post(reverse("desk:discard_tariff", args=[late]))
    assert engineer.get(reverse("desk:tariff_version", args=[late])).status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("rate0", ""),
        ("rate0", "-1"),
        ("rate0", "пять"),
        ("rate0", "1e30"),
        ("rate0", "5,1234567"),
        ("from_on", "31.02.2027"),
        ("from_on", ""),
        ("until_on", "2026-12-31"),
        ("order_number", ""),
        ("source", ""),
        ("order_number", "№" * 300),
    ],
)
def test_what_cannot_be_a_price_list_is_refused_and_kept_as_typed(engineer, field, value):
    answer = engineer.post(
        reverse("desk:draft_tariff", args=[CODE]), filled(**{field: value, "note": "наше «примечание»"})
    )

    assert answer.status_code == 422
    assert "наше «примечание»" in answer.content.decode()
    assert queries.drafts() == []


def test_the_calendar_shows_what_lies_ahead_and_what_is_a_draft(engineer, monkeypatch):
    version_id = drafted(engineer)

    page = tariff_pages.calendar(on=NEXT - timedelta(days=30))

    assert [(one.on, one.kind, one.version_id) for one in page.ahead if one.version_id == version_id] == [
        (NEXT, "draft", version_id)
    ]
    assert list(page.ahead) == sorted(page.ahead, key=lambda one: one.on)
    assert {one.kind for one in queries.changes(from_on=date(2000, 1, 1), until_on=date(2030, 1, 1))} >= {
        "tariff",
        "draft",
        "social_norm",
        "consumption_norm",
        "vat",
    }
    assert engineer.get(reverse("desk:tariffs")).status_code == 200


def test_an_unknown_price_list_or_version_is_not_found(engineer):
    assert engineer.get(reverse("desk:draft_tariff", args=["no-such"])).status_code == 404
    for name in ("desk:publish_tariff", "desk:discard_tariff"):
        assert engineer.post(reverse(name, args=[10**9])).status_code == 404
