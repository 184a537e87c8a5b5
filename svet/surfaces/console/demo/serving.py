"""A morning at the desk: people call and come, ask about bills and take certificates, so that pages have something."""

from __future__ import annotations

from datetime import datetime, timedelta

from svet.domains.access import queries as access
from svet.domains.access.rules import Role
from svet.domains.accounts import queries as accounts
from svet.domains.accounts.queries import AccountView
from svet.domains.billing import queries as bills
from svet.domains.cases import actions as cases
from svet.domains.cases import queries as cases_of
from svet.domains.cases.actions import Incoming
from svet.domains.cases.rules.contacts import Settled, Subject
from svet.domains.cases.rules.identity import DocumentKind
from svet.domains.cases.rules.register import CaseChannel, Resolution
from svet.domains.ledger.rules import CertificateKind
from svet.flows import account_appeals, certificates
from svet.surfaces.console.demo import names, town

VISITS = (
    # who comes, how long it takes (minutes), about what, whether it is settled
    (1, 4, (Subject.READINGS,), Settled.YES),
    (2, 7, (Subject.CHARGES, Subject.BALANCE), Settled.YES),
    (3, 12, (Subject.PAYMENTS,), Settled.PROMISED),
    (4, 3, (Subject.DOCUMENTS,), Settled.YES),
    (2, 6, (Subject.CHARGES,), Settled.NO),
)
QUESTIONS = (
    (
        1,
        "Почему больше, чем в прошлом месяце? Мы уезжали на неделю.",
        "Показания за прошлый месяц пришли позже.",
    ),
    (2, "В счёте два тарифа, а счётчик у нас обычный. Проверьте, пожалуйста.", ""),
    (3, "Оплатил 5-го числа, а в счёте долг. Чек есть.", ""),
)


def live_a_morning(*, today: datetime) -> None:
    """Serve some of the cast at the desk this morning, answer one question, leave others waiting."""
    login = next(one.username for one in names.STAFF if one.role == Role.OPERATOR)
    operator = access.person_by_username(login)
    if operator is None:
        return
    at = min(today.replace(hour=9, minute=5, second=0, microsecond=0), today - timedelta(hours=1))
    _ask(by=operator.user_id, at=at)
    for place, minutes, subjects, settled in VISITS:
        number = town.account_number(place)
        if accounts.account_by_number(number) is None:
            continue
        cases.identify_by_document(number, operator_id=operator.user_id, document=DocumentKind.PASSPORT, at=at)
        running = cases_of.running(operator.user_id)
        at += timedelta(minutes=minutes)
        if running is not None:
            cases.end_contact(
                running.contact_id, operator_id=operator.user_id, subjects=subjects, settled=settled, at=at
            )
        at += timedelta(minutes=1)
    _certify(by=operator.user_id, at=at)


def _ask(*, by: int, at: datetime) -> None:
    for place, text, answer in QUESTIONS:
        number, asked_at = town.account_number(place), at - timedelta(days=1)
        owner = accounts.owner_of(number, on=at.date())
        if owner is None:
            continue
        account = accounts.open_for(owner, number, on=at.date())
        last = next(iter(bills.bills_of(account.id, limit=1)), None)
        if last is None:
            continue
        letter = Incoming(
            channel=CaseChannel.BILL, text=text, received_at=asked_at, key=f"demo-bill-{place}", user_id=owner
        )
        made = account_appeals.ask_about_bill(account, letter=letter, month=last.month, at=asked_at)
        if answer:
            cases.take(made.case_id, by=by, at=at)
            cases.reply(
                made.case_id,
                text=answer,
                by=by,
                at=at,
                request_key=f"demo-bill-{place}",
                channel=CaseChannel.CABINET,
                resolution=Resolution.EXPLAINED,
            )


def _certify(*, by: int, at: datetime) -> None:
    for place in (1, 2, 4):
        account = _account(place)
        if account is not None:
            certificates.give(
                account,
                kind=CertificateKind.BALANCE,
                stated_on=at.date(),
                request_key=f"demo-{place}",
                check_url="http://localhost:8000/check/",
                by=by,
                at=at,
            )


def _account(place: int) -> AccountView | None:
    return accounts.account_by_number(town.account_number(place))
