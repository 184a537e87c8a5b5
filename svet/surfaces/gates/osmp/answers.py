"""Answers of the check/pay protocol in XML: pure, from an outcome to bytes. The words are `web.payment_words`."""

from __future__ import annotations

from decimal import Decimal
from xml.etree.ElementTree import Element, SubElement, tostring

from svet.flows.terminal_payment import Answer, Outcome
from svet.surfaces.web.payment_words import TERMINAL_COMMENTS

_MALFORMED = {"bad_account": Outcome.BAD_ACCOUNT}


def malformed(why: str) -> Answer:
    """Return the answer to a request that could not be read: 4 for the account's form, 300 for the rest."""
    return Answer(_MALFORMED.get(why, Outcome.OTHER), why)


def as_xml(answer: Answer, *, txn_id: str) -> bytes:
    """Return the protocol's document for `answer`; `txn_id` is digits or empty."""
    response = Element("response")
    SubElement(response, "osmp_txn_id").text = txn_id
    if answer.payment_id is not None:
        SubElement(response, "prv_txn").text = str(answer.payment_id)
    if answer.amount is not None:
        SubElement(response, "sum").text = str(answer.amount.quantize(Decimal("0.01")))
    SubElement(response, "result").text = str(answer.outcome.value)
    SubElement(response, "comment").text = TERMINAL_COMMENTS.get(answer.why, TERMINAL_COMMENTS["other"])
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(response, encoding="utf-8")
