"""Answers to SMS: each fits two parts with the longest facts, and each outcome has its words."""

import pytest

from svet.domains.metering.rules.texting import Ask
from svet.domains.notifications.rules import SmsState
from svet.surfaces.web import sms_words

LONGEST = {
    "tail": "0019",
    "bands": ["peak", "half_peak", "night"],
    "values": {"1": "123456.12", "2": "123456.12", "3": "123456.12"},
    "read_on": "2026-11-18",
    "answer_until": "2026-11-19T10:31:00+03:00",
    "why": "R03",
}


@pytest.mark.parametrize("code", sms_words.ANSWERS)
@pytest.mark.parametrize("facts", [LONGEST, {**LONGEST, "values": {"1": "9" * 80}, "bands": ["all"]}])
def test_an_answer_is_whole_within_two_parts(code, facts):
    text = sms_words.answer({"answer": code, **facts}, phone="8 (4922) 77-31-31")

    assert len(text) <= sms_words.TWO_PARTS
    assert "{" not in text
    assert text.endswith(("8 (4922) 77-31-31", ".", "!"))


@pytest.mark.parametrize("code", ["registers_missing", "zones_differ", "too_many_numbers"])
def test_without_an_account_nothing_is_said_of_it(code):
    text = sms_words.answer({"answer": code}, phone="")

    assert "…" not in text
    assert text[0].isupper()


def test_everything_that_can_become_of_an_sms_has_words():
    assert {ask.value for ask in Ask} <= set(sms_words.ANSWERS)
    assert set(sms_words.ANSWERS) <= set(sms_words.OUTCOMES)
    assert {state.value for state in SmsState} == set(sms_words.STATES)
