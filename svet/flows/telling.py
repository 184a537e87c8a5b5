"""What follows from a fact for the person it concerns: a message by the way he chose, or a warning.

Of many facts those whose customers chose nothing are sifted out by two reads. The key of a message is its fact, so a
repeated delivery of the fact tells nobody twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from svet.domains.access import queries as people
from svet.domains.accounts import queries as accounts
from svet.domains.accounts.rules import GrantRole
from svet.domains.cases import queries as cases
from svet.domains.cases.rules.register import CaseChannel
from svet.domains.customers import queries as customers
from svet.domains.customers.rules import Subject, way_of
from svet.domains.notifications import actions as notifications
from svet.domains.notifications.rules import Channel, MessageKind
from svet.flows.entry import warn
from svet.infra.clock import MOSCOW
from svet.infra.delivery import Sieve
from svet.infra.models import Fact
from svet.kernel.money import from_kopecks


def who_is_told(subject: Subject) -> Sieve:
    """Return the sieve that leaves facts of accounts whose customers chose a way to be told of the subject."""

    def sift(facts: Sequence[Fact], at: datetime) -> set[int]:
        customers_of = accounts.customers_of({fact.account_id for fact in facts if fact.account_id is not None})
        told = customers.who_chose(subject, of=set(customers_of.values()))
        return {fact.pk for fact in facts if customers_of.get(fact.account_id or 0) in told}

    return sift


def tell_bill(fact: Fact, at: datetime) -> None:
    """Tell that a bill is issued: the month and what is to be paid (never less than nothing)."""
    due = max(Decimal(fact.payload["closing"]), Decimal(0))
    _tell(fact, MessageKind.BILL_ISSUED, Subject.BILL, at, {"month": fact.payload["month"], "amount": str(due)})


def tell_revision(fact: Fact, at: datetime) -> None:
    """Tell that past months were charged anew, and the difference (plus = to be paid)."""
    difference = from_kopecks(int(fact.payload["kopecks"]))
    if difference:
        _tell(fact, MessageKind.BILLS_REVISED, Subject.BILL, at, {"amount": str(difference)})


def tell_payment(fact: Fact, at: datetime) -> None:
    """Tell that a payment was received."""
    taken_on = fact.at.astimezone(MOSCOW).date().isoformat()
    facts = {"amount": fact.payload["amount"], "taken_on": taken_on}
    _tell(fact, MessageKind.PAYMENT_RECEIVED, Subject.PAYMENT, at, facts)


def tell_reading(fact: Fact, at: datetime) -> None:
    """Tell what became of readings; to one who gave them by SMS the answer goes by SMS (`sms_readings.py`)."""
    if fact.payload.get("channel") == Channel.SMS:
        return
    facts = {"verdict": fact.payload["verdict"], "receipt": fact.payload["receipt"]}
    _tell(fact, MessageKind.READING_ANSWERED, Subject.READING, at, facts)


def tell_reply(fact: Fact, at: datetime) -> None:
    """Tell a customer that an answer waits for him in the account area; what the answer is, that tells.

    An answer that went by another way has told itself. Whoever was let into the account writes for himself, and the
    customer is not told of it.
    """
    if fact.payload["channel"] != CaseChannel.CABINET or not fact.payload["is_answer"]:
        return
    case = cases.sending(int(fact.payload["case_id"]))
    if case.account_id is None or case.applicant.customer_id is None:
        return
    told = customers.way_to_tell(case.applicant.customer_id, subject=Subject.REPLY, on=at.date())
    if told is not None:
        notifications.send(
            MessageKind.REPLY,
            channel=told[0],
            address=told[1],
            facts={"number": accounts.account_by_id(case.account_id).number, "case": case.number},
            key=f"{MessageKind.REPLY.value}:{fact.pk}",
            at=at,
            account_id=case.account_id,
            customer_id=case.applicant.customer_id,
        )


def warn_of_contact(fact: Fact, at: datetime) -> None:
    """Warn every other confirmed address of the customer (and the one just ended) that contacts changed."""
    contact_id, what = int(fact.payload["contact_id"]), fact.name.rpartition("_")[2]
    on = fact.at.astimezone(MOSCOW).date()
    addresses = customers.confirmed_addresses(
        fact.payload["customer_id"], on=on, without=None if what == "ended" else contact_id, with_ended=contact_id
    )
    for way, address in addresses:
        notifications.send(
            MessageKind.CONTACT_CHANGED,
            channel=way,
            address=address,
            facts={"what": what},
            key=f"contact:{fact.pk}:{address}"[:120],
            at=at,
            customer_id=fact.payload["customer_id"],
        )


def warn_of_access(fact: Fact, at: datetime) -> None:
    """Warn the customer, and whoever lost it, that somebody got or lost access to the account."""
    what, user_id = fact.name.rpartition(".")[2], int(fact.payload["user_id"])
    if fact.account_id is None or (what == "access_granted" and fact.payload["role"] == GrantRole.OWNER):
        return  # an owner's coming is told by sign-up, to every contact known
    account = accounts.account_by_id(fact.account_id)
    addresses = set(customers.confirmed_addresses(account.customer_id, on=at.date()))
    if what == "access_revoked":
        addresses |= {(way_of(kind).value, value) for kind, value in people.addresses_of(user_id)}
    warn(sorted(addresses), what=what, key=f"access:{fact.pk}", at=at, account_id=account.id)


def _tell(fact: Fact, kind: MessageKind, subject: Subject, at: datetime, facts: Mapping[str, Any]) -> None:
    if fact.account_id is None:
        return
    account = accounts.account_by_id(fact.account_id)
    told = customers.way_to_tell(account.customer_id, subject=subject, on=at.date())
    if told is None:
        return
    notifications.send(
        kind,
        channel=told[0],
        address=told[1],
        facts={"number": account.number, **facts},
        key=f"{kind.value}:{fact.pk}",
        at=at,
        account_id=account.id,
        customer_id=account.customer_id,
    )
