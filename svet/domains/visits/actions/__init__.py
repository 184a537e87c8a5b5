"""What happens in the hall: tickets, calls, work at windows, bookings, devices."""

from svet.domains.visits.actions.bookings import (
    Booked,
    book,
    cancel_booking,
    check_in,
    forget_bookings,
    move_booking,
    note_reminded,
)
from svet.domains.visits.actions.calling import (
    begin,
    call_next,
    finish,
    hold,
    miss,
    put_first,
    recall,
    transfer,
)
from svet.domains.visits.actions.days import end_days
from svet.domains.visits.actions.displacing import displace_bookings
from svet.domains.visits.actions.duties import change_services, leave, pause, resume, send_away, sit_down
from svet.domains.visits.actions.halls import (
    change_window,
    close_service,
    end_device,
    make_device,
    make_window,
    note_seen,
    reopen_service,
)
from svet.domains.visits.actions.issuing import Wanted, come_back, give_back, issue
from svet.domains.visits.actions.pace import count_paces
from svet.domains.visits.actions.rating import rate_at_window, rate_visit
from svet.domains.visits.actions.reference import load_reference

__all__ = [
    "Booked",
    "Wanted",
    "begin",
    "book",
    "call_next",
    "cancel_booking",
    "change_services",
    "change_window",
    "check_in",
    "close_service",
    "come_back",
    "count_paces",
    "displace_bookings",
    "end_days",
    "end_device",
    "finish",
    "forget_bookings",
    "give_back",
    "hold",
    "issue",
    "leave",
    "load_reference",
    "make_device",
    "make_window",
    "miss",
    "move_booking",
    "note_reminded",
    "note_seen",
    "pause",
    "put_first",
    "rate_at_window",
    "rate_visit",
    "recall",
    "reopen_service",
    "resume",
    "send_away",
    "sit_down",
    "transfer",
]
