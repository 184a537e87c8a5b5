"""An answer beside what it is made of: the case, its account, the templates; its paper, and whether it arrived.

All that the paper shows is frozen when the answer goes out. Of the account only what `Known` names gets into a text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from svet.domains.access import queries as access
from svet.domains.accounts import queries as accounts
from svet.domains.billing import queries as billing
from svet.domains.cases import actions
from svet.domains.cases import queries as cases
from svet.domains.cases.queries import (
    AnswerView,
    AskingView,
    CasePage,
    Followed,
    LetterToSend,
    LetterView,
    PointView,
    PostedView,
    TemplateView,
)
from svet.domains.cases.rules.applicants import Applicant
from svet.domains.cases.rules.identity import same_name
from svet.domains.cases.rules.register import CaseChannel, Direction, EventKind
from svet.domains.ledger import queries as ledger
from svet.domains.notifications import queries as messages
from svet.domains.offices import queries as offices
from svet.domains.offices.queries import CompanyView
from svet.domains.offices.rules.facts import PhoneFacts
from svet.flows import case_recalculating, gis_appeals
from svet.infra.clock import MOSCOW
from svet.infra.exchange import RequestView
from svet.kernel.errors import Conflict, NotFound
from svet.kernel.period import Month


@dataclass(frozen=True, slots=True)
class Known:
    """What a template may be filled with; `balance` plus = owes, None where no account is known.

    `is_anothers`: the applicant named an account whose holder he is not known to be; of it nothing is told him.
    """

    name: str
    number: str
    registered_at: datetime
    subject_name: str
    account: str
    address: str
    balance: Decimal | None
    bill_month: Month | None
    bill_amount: Decimal | None
    recalculation: str
    is_anothers: bool = False


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """A case with the answer to it as far as it is written, and what that can be made of."""

    case: CasePage
    draft: AnswerView | None
    sent: tuple[AnswerView, ...]
    points: tuple[PointView, ...]
    templates: tuple[TemplateView, ...]
    known: Known
    needs_approval: bool


@dataclass(frozen=True, slots=True)
class LetterPaper:
    """A letter on letterhead. `number` is empty for a draft and for a letter that is no numbered answer."""

    number: str
    on: date | None
    case_number: str
    registered_on: date
    name: str
    address: str
    account: str
    text: str
    author: str
    position: str
    company: CompanyView
    is_draft: bool = False


@dataclass(frozen=True, slots=True)
class Delivery:
    """A letter's way: `state` of the message, "posted", "to_print", "opened" by its applicant, or on the state portal
    ("on_portal", "to_portal", "portal_refused", "portal_unclear"); `note` the post's number or what went wrong.
    """

    state: str
    at: datetime | None
    note: str = ""


def answer_page(number: str, *, user_id: int, at: datetime) -> AnswerPage:
    """Return what an answer is written with; raise NotFound for whom the case must not reach."""
    case_id = cases.open_for(user_id, number)
    case = cases.case_page(case_id, user_id=user_id, at=at)
    on = at.astimezone(MOSCOW).date()
    return AnswerPage(
        case=case,
        draft=cases.draft(case_id),
        sent=cases.sent_answers(case_id),
        points=cases.points(case_id),
        templates=tuple(cases.templates_for(case.subject, on=on)),
        known=_known(case, on=on),
        needs_approval=cases.needs_second_person(case.subject, on=on),
    )


def put_forward(number: str, *, version: int, by: int, at: datetime) -> bool:
    """Send the answer or let it wait for a second person; return whether it is sent.

    Raises Conflict("answer_was_changed"), what `cases.actions.put_forward` raises.
    """
    case_id = cases.open_for(by, number)
    written = cases.draft(case_id)
    if written is None:
        raise Conflict("answer_was_changed")
    case = cases.case_page(case_id, user_id=by, at=at)
    return actions.put_forward(
        case_id, version=version, snapshot=_snapshot(case, author_id=written.written_by, at=at), by=by, at=at
    )


def letter_paper(number: str, letter_id: int, *, user_id: int, at: datetime) -> LetterPaper:
    """Return a letter that went out, for printing; raise NotFound."""
    case_id = cases.open_for(user_id, number)
    answer = cases.answer_of_letter(letter_id)
    if answer is not None and answer.case_id == case_id:
        return _paper(answer, answer.snapshot)
    case = cases.case_page(case_id, user_id=user_id, at=at)
    letter = next((one for one in case.letters if _went(one, letter_id)), None)
    if letter is None:
        raise NotFound(letter=letter_id)
    return _plain(cases.letter_to_send(letter_id))


def draft_paper(number: str, *, user_id: int, at: datetime) -> LetterPaper:
    """Return the answer as it would be printed now; raise NotFound where none is written."""
    case_id = cases.open_for(user_id, number)
    written = cases.draft(case_id)
    if written is None:
        raise NotFound(case=number)
    case = cases.case_page(case_id, user_id=user_id, at=at)
    return _paper(written, _snapshot(case, author_id=written.written_by, at=at))


def paper_for_applicant(followed: Followed, letter_id: int, *, by_way: CaseChannel, at: datetime) -> LetterPaper:
    """Return an answer of the case that its applicant opened, noting that he did; raise NotFound for other letters."""
    letter = next((one for one in followed.case.letters if one.letter_id == letter_id and one.number), None)
    paper = paper_of_letter(letter_id) if letter else None
    if paper is None:
        raise NotFound(letter=letter_id)
    actions.note_opened(followed.case.case_id, [letter_id], by_way=by_way, at=at)
    return paper


def paper_of_letter(letter_id: int) -> LetterPaper | None:
    """Return the paper of a numbered answer, None for any other letter."""
    answer = cases.answer_of_letter(letter_id)
    return None if answer is None else _paper(answer, answer.snapshot)


def paper_of_any_letter(letter_id: int) -> LetterPaper:
    """Return the paper of a letter that goes out, numbered answer or not; raise NotFound."""
    return paper_of_letter(letter_id) or _plain(cases.letter_to_send(letter_id))


def deliveries(case: CasePage) -> dict[int, tuple[Delivery, ...]]:
    """Return what is known of the way of each letter that went out, by the letter's id: each way it took."""
    gone = [one for one in case.letters if one.direction == Direction.OUT]
    sent = messages.by_keys([f"case_letter:{one.letter_id}" for one in gone]) if gone else {}
    by_post = any(one.channel == CaseChannel.POST for one in gone)
    posted = cases.posted_letters(case.row.case_id) if by_post else {}
    on_portal = gis_appeals.answers_on_portal(case.row.case_id) if gone and case.row.channel == CaseChannel.GIS else {}
    opened = {one.data["letter_id"]: one.at for one in case.events if one.kind == EventKind.OPENED}
    found = {}
    for one in gone:
        message, ways = sent.get(f"case_letter:{one.letter_id}"), []
        if message is not None:
            moment = message.delivered_at or message.sent_at or message.failed_at
            ways.append(Delivery(message.state, moment, message.last_error))
        elif one.letter_id in posted:
            ways.append(_by_post(posted[one.letter_id]))
        if (asked := on_portal.get(one.letter_id)) is not None:
            ways.append(_on_portal(asked))
        if one.letter_id in opened:
            ways.append(Delivery("opened", opened[one.letter_id]))
        if ways:
            found[one.letter_id] = tuple(ways)
    return found


@dataclass(frozen=True, slots=True)
class Around:
    """What stands on the page of a case around its letters: points, answers, their way, what the applicant said."""

    points: tuple[PointView, ...]
    draft: AnswerView | None
    sent: tuple[AnswerView, ...]
    deliveries: Mapping[int, tuple[Delivery, ...]]
    askings: tuple[AskingView, ...]


def around(case: CasePage) -> Around:
    """Return what stands around the letters of a case, in a constant number of queries."""
    case_id = case.row.case_id
    answers = cases.answers_of(case_id) if case.has_answers else ()
    return Around(
        points=cases.points(case_id) if case.has_points else (),
        draft=next((one for one in answers if one.sent_at is None), None),
        sent=tuple(one for one in answers if one.sent_at is not None),
        deliveries=deliveries(case),
        askings=cases.askings(case_id) if any(one.is_answer for one in case.letters) else (),
    )


def _by_post(row: PostedView) -> Delivery:
    return Delivery("posted" if row.posted_at else "to_print", row.posted_at, row.track)


def _on_portal(asked: RequestView) -> Delivery:
    if asked.last is None or (not asked.is_over and asked.state != "unclear"):
        return Delivery("to_portal", None)
    state = {"done": "on_portal", "refused": "portal_refused"}.get(asked.state, "portal_unclear")
    return Delivery(state, asked.last.at, asked.last.text)


def _went(letter: LetterView, letter_id: int) -> bool:
    return letter.letter_id == letter_id and letter.direction == Direction.OUT


def _known(case: CasePage, *, on: date) -> Known:
    who = case.applicants[0] if case.applicants else None
    balance = address = amount = None
    recalculated = ""
    month = case.bill_month
    is_anothers = case.account_id is not None and not _is_theirs(case, who)
    if case.account_id is not None and not is_anothers:
        balance = ledger.balance(case.account_id)
        address = accounts.addresses([case.account_id], on=on).get(case.account_id)
        bills = billing.bills_of(case.account_id, limit=24)
        bill = next((one for one in bills if month is None or one.month == month), None)
        month, amount = (bill.month, bill.charged) if bill else (month, None)
        asked = case_recalculating.of_case(case.row.case_id, account_id=case.account_id)
        recalculated = next((one.outcome for one in asked if one.is_settled), "")
    return Known(
        name=who.name if who else "",
        number=case.row.number,
        registered_at=case.row.registered_at,
        subject_name=case.row.subject_name,
        account=case.row.account_number,
        address=address or (who.supply_address if who else ""),
        balance=balance,
        bill_month=month,
        bill_amount=amount,
        recalculation=recalculated,
        is_anothers=is_anothers,
    )


def _is_theirs(case: CasePage, who: Applicant | None) -> bool:
    """Say whether the account is proved to be the applicant's: he signed in to it, or named it with its holder's name.

    Whoever writes may name any number; of the account he is told no more than a caller who says the same (clause T3).
    """
    if case.row.channel in {CaseChannel.CABINET, CaseChannel.BILL}:
        return True
    if who is None or case.account_id is None:
        return False
    account = accounts.account_by_id(case.account_id)
    return who.customer_id == account.customer_id or same_name(who.name, [account.customer_name])


def _snapshot(case: CasePage, *, author_id: int, at: datetime) -> dict[str, Any]:
    author = access.staff_member(author_id).person
    return _head(
        case.applicants[0] if case.applicants else None,
        account=case.row.account_number,
        registered_at=case.row.registered_at,
        at=at,
    ) | {"author": author.name, "position": author.position}


def _plain(letter: LetterToSend) -> LetterPaper:
    """Return the paper of a letter that is no numbered answer, with what is known of its case now."""
    case = cases.sending(letter.case_id)
    account = accounts.account_by_id(case.account_id).number if case.account_id is not None else ""
    position, _, author = letter.signature.rpartition(", ")
    kept = _head(case.applicant, account=account, registered_at=case.registered_at, at=letter.at)
    return _as_paper(
        kept | {"author": author, "position": position, "text": letter.text},
        number="",
        on=letter.at.astimezone(MOSCOW).date(),
        case_number=case.number,
    )


def _head(who: Applicant | None, *, account: str, registered_at: datetime, at: datetime) -> dict[str, Any]:
    return {
        "company": asdict(offices.company(at.astimezone(MOSCOW).date())),
        "name": who.name if who else "",
        "address": (who.postal_address or who.email) if who else "",
        "account": account,
        "registered_on": registered_at.astimezone(MOSCOW).date().isoformat(),
    }


def _paper(answer: AnswerView, kept: Mapping[str, Any]) -> LetterPaper:
    return _as_paper(
        {**kept, "text": answer.whole},
        number=answer.number,
        on=answer.sent_at.astimezone(MOSCOW).date() if answer.sent_at else None,
        case_number=answer.case_number,
    )


def _as_paper(kept: Mapping[str, Any], *, number: str, on: date | None, case_number: str) -> LetterPaper:
    return LetterPaper(
        number=number,
        on=on,
        case_number=case_number,
        registered_on=date.fromisoformat(kept["registered_on"]),
        name=kept["name"],
        address=kept["address"],
        account=kept["account"],
        text=kept["text"],
        author=kept["author"],
        position=kept["position"],
        company=_thawed(kept["company"]),
        is_draft=on is None,
    )


def _thawed(kept: Mapping[str, Any]) -> CompanyView:
    phones = []
    for phone in kept["phones"]:
        hours = {name: _time(phone[name]) for name in ("opens_at", "closes_at")}
        phones.append(PhoneFacts(**{**phone, **hours}))
    return CompanyView(**{**kept, "phones": tuple(phones)})


def _time(value: Any) -> time:
    return value if isinstance(value, time) else time.fromisoformat(value)
