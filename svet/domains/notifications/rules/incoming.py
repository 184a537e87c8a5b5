"""SMS that come to us: their states, and which of them are answered (clause M3). Pure.

Robots write too: operators from short numbers and names, answering machines, and our own words sent back. To none of
them anything is answered, and no phone gets more than so many answers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

ANSWER_LASTS = timedelta(hours=24)
"""How long a question waits for its "yes"."""
MOST_ANSWERS = ((10, timedelta(hours=1)), (30, timedelta(days=1)))
"""How many answers a phone gets: a household gives some readings a month."""
SAME_TEXTS = 3
"""So often the same text within an hour is a machine's."""
LONGEST_WINDOW = timedelta(days=1)


class SmsState(StrEnum):
    """What became of an SMS."""

    NEW = "new"
    TAKEN = "taken"
    ASKED = "asked"
    REFUSED = "refused"
    SERVED = "served"
    DROPPED = "dropped"
    SILENT = "silent"


def is_mobile(phone: str) -> bool:
    """Say whether a person with a telephone can stand behind the sender: short numbers and names are machines'.

    >>> is_mobile("+79161234567"), is_mobile("0611"), is_mobile("BEELINE")
    (True, False, False)
    """
    return bool(re.fullmatch(r"\+[1-9][0-9]{9,14}", phone))


def why_unanswered(phone: str, *, text: str, earlier: Sequence[tuple[datetime, str]], at: datetime) -> str:
    """Return why nothing is answered, "" where it is: "short_number", "same_again" or "too_many".

    `earlier` are the moments and texts of what the phone sent in the last day.
    """
    if not is_mobile(phone):
        return "short_number"
    hour = [said for moment, said in earlier if moment > at - timedelta(hours=1)]
    if hour.count(text) >= SAME_TEXTS:
        return "same_again"
    for most, within in MOST_ANSWERS:
        if sum(moment > at - within for moment, _ in earlier) >= most:
            return "too_many"
    return ""
