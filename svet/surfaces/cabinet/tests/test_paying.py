"""Paying from home: the code on the page says to whom, for whom and how much; impossible sums make none."""

import base64
import io
import re

import pytest
import zxingcpp
from django.urls import reverse
from PIL import Image

from svet.domains.accounts import actions as accounts
from svet.domains.accounts.rules import GrantRole
from svet.domains.offices import actions as offices
from tests import cast, reference
from tests.architecture.test_urls import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    reference.load(offices, at=cast.moment(cast.LONG_AGO))
    return cast.assemble()


def page(people, person, *, by=None, **asked):
    browser = signed_in((by or person).user_id)
    return browser.get(reverse("cabinet:pay", args=[person.number]), asked)


def code_of(answer):
    found = re.search(r'src="data:image/png;base64,([^"]+)"', answer.content.decode())
    if found is None:
        return None
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(base64.b64decode(found[1]))))
    return code.bytes.decode()


def test_the_code_has_the_sum_that_is_owed(people):
    answer = page(people, people.vera)

    text = code_of(answer)
    assert text.startswith("ST00012|Name=")
    assert "|Sum=421860|" in text
    assert f"|PersAcc={people.vera.number}|" in text


@pytest.mark.parametrize(("typed", "kopecks"), [("1", 100), ("12,34", 1234), ("1000", 100000), ("1000000.00", 10**8)])
def test_another_sum_makes_another_code(people, typed, kopecks):
    assert f"|Sum={kopecks}|" in code_of(page(people, people.vera, amount=typed))


@pytest.mark.parametrize("typed", ["", "0", "-5", "0,99", "1,234", "сто", "1000000,01", "9" * 40, "NaN", "<b>", "😀"])
def test_impossible_sums_make_no_code_and_stay_in_the_field(people, typed):
    answer = page(people, people.vera, amount=typed)

    assert answer.status_code == 422
    assert code_of(answer) is None
    assert typed not in {"сто", "0,99"} or f'value="{typed}"' in answer.content.decode()
    assert "<b>" not in answer.content.decode()


def test_who_owes_nothing_is_told_so_and_may_pay_ahead(people):
    answer = page(people, people.anna)

    assert "Платить ничего не нужно" in answer.content.decode()
    assert code_of(answer) is None
    assert "|Sum=50000|" in code_of(page(people, people.anna, amount="500"))


def test_a_payer_pays_and_a_reader_and_a_stranger_do_not(people):
    for role, person in ((GrantRole.PAYER, people.igor), (GrantRole.READER, people.intruder)):
        accounts.grant_access(
            people.vera.account.id, user_id=person.user_id, role=role, from_on=cast.LONG_AGO, at=cast.NOW
        )

    assert page(people, people.vera, by=people.igor).status_code == 200
    assert page(people, people.vera, by=people.intruder).status_code == 403
    assert page(people, people.vera, by=people.anna).status_code == 404
