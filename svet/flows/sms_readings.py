"""A reading sent by SMS (clause M3): read, asked about where it is not sure, submitted, and always answered.

One transaction settles an SMS with its reading and its answer, so a killed worker leaves it as it was. To no phone is
anything told that it did not write itself: the account by its last digits, the values, never those before.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction

from svet.domains.access import queries as people
from svet.domains.accounts import queries as accounts
from svet.domains.accounts.queries import AccountView
from svet.domains.customers import actions as deciding
from svet.domains.customers import queries as customers
from svet.domains.customers.rules import ConsentPurpose, ContactKind, Subject, Way
from svet.domains.metering import actions as metering
from svet.domains.metering import queries as meters
from svet.domains.metering.rules import Channel, Verdict
from svet.domains.metering.rules.texting import (
    Ask,
    Command,
    KnownAccount,
    KnownMeter,
    Notes,
    Question,
    Understood,
    account_numbers,
    command_of,
    notes_of,
    understand,
)
from svet.domains.notifications import actions as notifications
from svet.domains.notifications import queries as messages
from svet.domains.notifications.actions import Outcome
from svet.domains.notifications.queries import SmsView
from svet.domains.notifications.rules import ANSWER_LASTS, MessageKind, SmsState, why_unanswered
from svet.domains.offices import queries as offices
from svet.domains.offices.rules.channels import Deed
from svet.domains.offices.rules.channels import Way as ChannelWay
from svet.infra.clock import MOSCOW
from svet.kernel.findings import Level

TAIL = 4
CHANNEL_IS_OFF = "channel_is_off"


def answer_sms(sms_id: int, *, at: datetime) -> None:
    """Settle an SMS that nobody has read yet and put its answer into the outbox; one that is settled stays.

    Raises NotFound, Conflict("busy") when somebody works on the account (then nothing has changed).
    """
    with transaction.atomic():
        sms = notifications.hold_sms(sms_id)
        if sms.state != SmsState.NEW:
            return
        earlier = messages.earlier_from(sms.phone, before_id=sms.id, at=at)
        silent = why_unanswered(sms.phone, text=sms.text, earlier=earlier, at=at)
        if silent:
            notifications.settle_sms(sms.id, Outcome(SmsState.SILENT, silent), at=at)
            return
        outcome = _outcome(sms, at=at)
        answer_id = notifications.send(
            MessageKind.SMS_ANSWER,
            channel="sms",
            address=sms.phone,
            facts={"answer": outcome.code, **outcome.facts},
            key=f"sms_answer:{sms.id}",
            at=at,
            account_id=outcome.account_id,
        )
        notifications.settle_sms(sms.id, outcome, at=at, answer_id=answer_id)


def _outcome(sms: SmsView, *, at: datetime) -> Outcome:
    if not sms.is_whole:
        return Outcome(SmsState.REFUSED, Ask.PART_MISSING)
    notes = notes_of(sms.text)
    command = command_of([word for word in notes.words if not word.isdecimal()])
    if command in {Command.YES, Command.NO} and _fits_question(notes, sms.phone):
        return _answered(sms, is_yes=command is Command.YES, at=at)
    if command is Command.STOP and not notes.numbers:
        return _stopped(sms, at=at)
    off = _redirect(at)
    if off:
        return Outcome(SmsState.SERVED, CHANNEL_IS_OFF, facts={"redirect": off})
    if command is Command.HELP and not notes.numbers:
        return Outcome(SmsState.SERVED, "help")
    own = _own_accounts(sms.phone, on=_day(sms.received_at))
    named = {number: accounts.account_by_number(number) for number in sorted(account_numbers(notes))}
    found = {one.number: one for one in [*own, *(one for one in named.values() if one is not None)]}
    known = [_known(one, own=own, on=_day(sms.received_at)) for one in found.values()]
    meant = understand(notes, accounts=known, today=_day(sms.received_at))
    if isinstance(meant, Question):
        return _asked_to_resend(meant, found)
    return _understood(sms, meant, account=found[meant.account.number], has_own=bool(own), at=at)


def _redirect(at: datetime) -> str:
    """Return where to go while readings by SMS are off. What we asked about ourselves is still taken by its "yes"."""
    off = offices.turned_off(at=at, deed=Deed.READINGS)
    return next((one.redirect for one in off if one.way is ChannelWay.SMS), "")


def _fits_question(notes: Notes, phone: str) -> bool:
    """Say whether a "yes" is bare or repeats the values that were asked about: «да 4512»."""
    asked = messages.asked_sms(phone)
    values = sorted(asked.facts["values"].values()) if asked is not None else []
    return not notes.numbers or sorted(one.text for one in notes.numbers) == values


def _understood(sms: SmsView, meant: Understood, *, account: AccountView, has_own: bool, at: datetime) -> Outcome:
    """Submit what is plain, ask about what is odd. A new reading takes the place of a question that waits."""
    told = Outcome(SmsState.REFUSED, "reading_refused", account.id, _facts(meant))
    preview = meters.preview_reading(
        account.id,
        values=told.facts["values"],
        taken_on=meant.taken_on,
        given_on=_day(sms.received_at),
        channel=Channel.SMS,
        meter_serial=meant.meter.serial,
    )
    if preview.verdict is Verdict.REFUSED:
        grave = [one.code for one in preview.findings if one.level is Level.REFUSE]
        return replace(told, facts={**told.facts, "why": grave[0] if grave else ""})
    notifications.drop_questions(sms.phone, code="replaced", at=at)
    is_foreign = has_own and not meant.account.is_own
    if preview.verdict is Verdict.HELD or meant.is_guess or is_foreign:
        code = "odd" if preview.verdict is Verdict.HELD else "guess" if meant.is_guess else "foreign"
        until = at + ANSWER_LASTS
        facts = {**told.facts, "answer_until": until.isoformat()}
        return Outcome(SmsState.ASKED, code, account.id, facts, asked_until=until)
    return _submitted(sms, told, unless=(Verdict.HELD, Verdict.REFUSED))


def _answered(sms: SmsView, *, is_yes: bool, at: datetime) -> Outcome:
    """Take the reading that was asked about, as given when it came; or leave it."""
    asked = messages.asked_sms(sms.phone)
    if asked is None:
        return Outcome(SmsState.SERVED, "nothing_asked")
    told = Outcome(SmsState.REFUSED, "not_confirmed", asked.account_id, asked.facts)
    if not is_yes or asked.asked_until is None or at > asked.asked_until:
        code = "too_late" if is_yes else "not_confirmed"
        notifications.drop_questions(sms.phone, code=code, at=at)
        return replace(told, state=SmsState.SERVED, code=code)
    taken = _submitted(asked, told, unless=(Verdict.REFUSED,))
    notifications.settle_sms(asked.id, taken, at=at)
    return replace(taken, state=SmsState.SERVED)


def _submitted(sms: SmsView, told: Outcome, *, unless: Collection[Verdict]) -> Outcome:
    """Submit the values of `told.facts` as those of this SMS; known by the gateway's id, so never twice."""
    facts = told.facts
    try:
        receipt = metering.submit_reading(
            account_id=told.account_id or 0,
            values=facts["values"],
            taken_on=date.fromisoformat(facts["read_on"]),
            received_at=sms.received_at,
            channel=Channel.SMS,
            source_id=f"sms:{sms.id}",
            meter_serial=facts["meter"],
            raw={"phone": sms.phone, "text": sms.text[:480]},
            unless=unless,
        )
    except metering.OddReading:
        return replace(told, code="reading_refused", facts={**facts, "why": ""})
    return replace(told, state=SmsState.TAKEN, code=receipt.verdict.value, receipt_number=receipt.number)


def _asked_to_resend(question: Question, found: Mapping[str, AccountView]) -> Outcome:
    account = found[question.account.number] if question.account else None
    facts: dict[str, Any] = {}
    if question.account is not None:
        facts["tail"] = question.account.number[-TAIL:]
    if question.meter is not None and question.account is not None and question.account.is_own:
        facts["bands"] = [band.value for band in question.meter.bands]
    return Outcome(SmsState.REFUSED, question.ask, account.id if account else None, facts)


def _stopped(sms: SmsView, *, at: datetime) -> Outcome:
    """Send no more reminders or news by SMS to the customers of this phone; the answer is the same to anybody."""
    for customer_id in customers.customers_with(sms.phone, kind=ContactKind.PHONE, on=_day(at)):
        deciding.state_consent(
            customer_id, purpose=ConsentPurpose.REMINDERS, is_given=False, channel="sms", at=sms.received_at
        )
        chosen = customers.preferences_of(customer_id)
        silent = {Subject(subject): Way.NONE for subject, way in chosen.items() if way == Way.SMS}
        if silent:
            deciding.prefer(customer_id, ways=silent, at=at)
    return Outcome(SmsState.SERVED, "stopped")


def _own_accounts(phone: str, *, on: date) -> list[AccountView]:
    """Return the accounts of the phone's customers and those its owner was let into, by number."""
    with_phone = customers.customers_with(phone, kind=ContactKind.PHONE, on=on)
    own = {one.number: one for one in accounts.open_accounts_of(with_phone).values()}
    person = people.person_by_address(phone)
    if person is not None:
        own |= {one.number: one for one in accounts.accounts_of(person.user_id, on=on)}
    return [own[number] for number in sorted(own)]


def _known(account: AccountView, *, own: list[AccountView], on: date) -> KnownAccount:
    hanging = meters.form_for(account.id, on=on)
    return KnownAccount(
        number=account.number,
        is_own=any(one.id == account.id for one in own),
        meters=tuple(KnownMeter(one.meter_serial, tuple(row.band for row in one.registers)) for one in hanging),
    )


def _facts(meant: Understood) -> dict[str, Any]:
    return {
        "tail": meant.account.number[-TAIL:],
        "meter": meant.meter.serial,
        "bands": [band.value for band in meant.meter.bands],
        "values": dict(meant.values),
        "read_on": meant.taken_on.isoformat(),
    }


def _day(moment: datetime) -> date:
    return moment.astimezone(MOSCOW).date()
