"""Reminders of readings before the month's window closes: once a month for an account that has given none.

Only to who asked for it, agreed to it (`notifications.rules.CONSENTS`) and proved the address by a code.
"""

from __future__ import annotations

from datetime import date, datetime

from svet.domains.accounts import queries as accounts
from svet.domains.customers import queries as customers
from svet.domains.customers.rules import ConsentPurpose, Subject
from svet.domains.metering import queries as metering
from svet.domains.notifications import actions as notifications
from svet.domains.notifications.rules import MessageKind
from svet.infra.clock import MOSCOW
from svet.kernel.period import Month

DAYS_BEFORE = 5
"""How many days before the last one reminders begin; who is not reached on the first day may be on a later one."""
AT_ONCE = 1000


def remind_of_readings(*, at: datetime) -> int:
    """Remind all who are to be reminded on this day; return how many messages were put into the outbox or were there.

    The same again on the same day or the next reminds nobody twice in a month.
    """
    on = at.astimezone(MOSCOW).date()
    until = on.replace(day=min(metering.policies_on(on).cutoff_day, Month.of(on).days))
    if not 0 <= (until - on).days <= DAYS_BEFORE:
        return 0
    wanting = customers.who_wants(Subject.REMINDER, purpose=ConsentPurpose.REMINDERS)
    groups = [wanting[first : first + AT_ONCE] for first in range(0, len(wanting), AT_ONCE)]
    return sum(_remind(group, on=on, until=until, at=at) for group in groups)


def _remind(customer_ids: list[int], *, on: date, until: date, at: datetime) -> int:
    known = accounts.open_accounts_of(customer_ids)
    told = 0
    for account_id in metering.without_readings(list(known), on=on):
        account = known[account_id]
        way = customers.way_to_tell(account.customer_id, subject=Subject.REMINDER, on=on)
        if way is None:
            continue
        notifications.send(
            MessageKind.READING_REMINDER,
            channel=way[0],
            address=way[1],
            facts={"number": account.number, "until": until.isoformat()},
            key=f"reading_reminder:{on:%Y-%m}:{account.id}",
            at=at,
            account_id=account.id,
            customer_id=account.customer_id,
        )
        told += 1
    return told
