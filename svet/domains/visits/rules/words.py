"""The words of the queue: what becomes of a ticket, why it is called, where it came from. Pure."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a ticket stands."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    HELD = "held"  # the visitor fills in a form and comes back to the head
    SERVED = "served"
    NO_SHOW = "no_show"
    LEFT = "left"  # the visitor gave the ticket back
    EXPIRED = "expired"  # the day ended and nobody called it


ACTIVE = frozenset({State.WAITING, State.CALLED, State.SERVING, State.HELD})
ON_THE_BOARD = frozenset({State.CALLED, State.SERVING})


class Reason(StrEnum):
    """Why this ticket and no other was called; kept with each call."""

    RETURNED = "returned"
    OUT_OF_TURN = "out_of_turn"
    BOOKED = "booked"
    IN_TURN = "in_turn"
    WAITED_LONG = "waited_long"
    BOOKED_EARLY = "booked_early"
    BY_HAND = "by_hand"


class Happened(StrEnum):
    """What happened to a ticket, one row of its story each."""

    ISSUED = "issued"
    CALLED = "called"
    RECALLED = "recalled"
    BEGUN = "begun"
    HELD = "held"
    RETURNED = "came_back"
    TRANSFERRED = "transferred"
    MISSED = "missed"
    FINISHED = "finished"
    LEFT = "gave_back"
    EXPIRED = "day_ended"
    PUT_FIRST = "put_first"
    CALLED_OFF = "called_off"  # the window closed while the visitor was on the way to it


class Came(StrEnum):
    """By which way a place in the queue was taken."""

    KIOSK = "kiosk"
    SITE = "site"
    CABINET = "cabinet"
    PHONE = "phone"
    DESK = "desk"


class DeviceKind(StrEnum):
    """What stands in the hall."""

    KIOSK = "kiosk"
    BOARD = "board"
    TERMINAL = "terminal"
    TABLET = "tablet"  # stands at a window and asks for a rating


class RatedBy(StrEnum):
    """By which way a visit was rated: the tablet at the window, the address of the ticket, its printed code."""

    TABLET = "tablet"
    LINK = "link"
    QR = "qr"


def label(letter: str, number: int) -> str:
    """Return a ticket as it is printed and called.

    >>> label("Б", 7), label("А", 1204)
    ('Б007', 'А1204')
    """
    return f"{letter}{number:03d}"
