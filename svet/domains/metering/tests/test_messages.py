"""Readings in short messages: the collection of odd ones, and anything at all that can come over the air."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from svet.domains import metering
from svet.domains.metering.rules.texting import KnownAccount, KnownMeter, Understood, corpus, notes_of, understand
from svet.domains.metering.rules.texting.forms import EXAMPLE_ACCOUNT, EXAMPLE_SERIAL, FORMS
from svet.kernel.energy import BANDS, Zoning

MESSAGES = (Path(metering.__file__).parent / "data" / "messages.txt").read_text()
EXAMPLES = list(corpus.examples(MESSAGES))
TODAY = date(2026, 11, 18)
HOME = KnownAccount("3300000027", True, (KnownMeter("41000002", BANDS[Zoning.TWO]),))


def test_no_message_of_the_collection_is_posted_wrongly_and_of_the_clear_ones_few_are_asked_about():
    score = corpus.score(MESSAGES)

    assert score.total >= 300
    assert score.wrong == 0
    assert score.taken_per_mille >= 950, score


def test_each_message_comes_out_as_written_but_for_those_that_are_asked_about_though_clear():
    others = [(one.line, one.text, out) for one, out in corpus.score(MESSAGES).others]

    assert [out for _, _, out in others if not out.startswith("?")] == []
    assert len(others) <= 3, others


def test_the_collection_tries_every_question_that_depends_on_the_text():
    asked = {one.expected for one in EXAMPLES if one.expected.startswith("?")}

    assert len(asked) >= 12


@given(st.text(max_size=200))
@example("")
@example("\x00" * 50)
@example("".join(map(chr, range(256))))
@example("9" * 10_000)
@example("4512 " * 3_000)
@example("\ud83d")
@example("\u202e4512\u202c")
def test_whatever_comes_is_read_without_a_fault(text):
    meant = understand(notes_of(text), accounts=[HOME], today=TODAY)

    if isinstance(meant, Understood):
        assert set(meant.values) == {"1", "2"}


@given(day=st.integers(0, 999_999), night=st.integers(0, 999_999), order=st.booleans(), mark=st.sampled_from(" ,;\n"))
def test_named_values_are_never_exchanged(day, night, order, mark):
    parts = [f"день {day}", f"ночь {night}"]
    text = f"{mark} ".join(parts if order else reversed(parts))

    meant = understand(notes_of(text), accounts=[HOME], today=TODAY)

    assert meant.values == {"1": str(day), "2": str(night)}


@pytest.mark.parametrize("byte", range(256))
def test_a_text_of_any_one_byte_beside_a_value_does_no_harm(byte):
    meant = understand(notes_of(f"4512{chr(byte)}2301"), accounts=[HOME], today=TODAY)

    if isinstance(meant, Understood):
        assert (meant.values, meant.is_guess) in [({"1": "4512", "2": "2301"}, False)]


@pytest.mark.parametrize("form", FORMS)
def test_each_form_of_the_leaflet_is_read_as_the_leaflet_says(form):
    meter = KnownMeter(EXAMPLE_SERIAL, BANDS[form.zoning])
    account = KnownAccount(EXAMPLE_ACCOUNT, form.needs_known_phone, (meter,))

    assert understand(notes_of(form.text), accounts=[account], today=TODAY).values == form.values


def test_a_message_of_ten_thousand_characters_is_not_read_for_values():
    meant = understand(notes_of("слово " * 2_000 + "4512 2301"), accounts=[HOME], today=TODAY)

    assert meant.ask == "too_long"


def test_a_phone_that_knows_no_account_posts_nothing_by_a_meter_alone():
    stranger = KnownAccount(HOME.number, False, HOME.meters)

    assert understand(notes_of("41000002 4512 2301"), accounts=[stranger], today=TODAY).ask == "which_account"
