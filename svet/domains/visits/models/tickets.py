"""Tickets of a day with their append-only story, and bookings."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from svet.domains.cases.models import ServiceContact
from svet.domains.offices.rules import Audience
from svet.domains.visits.models.hall import Duty, Privilege, Series, Window
from svet.domains.visits.rules import ACTIVE, ON_THE_BOARD, Came, Happened, RatedBy, Reason, State
from svet.infra.appendonly import append_only
from svet.infra.history import keep_history


@keep_history()
class Booking(models.Model):
    """A time that a visitor booked. `place` tells apart the places of one time, so that the last goes once.

    Displaced: the office does not work at that time any more; its visitor was told and chooses another.
    """

    code = models.CharField(max_length=12, unique=True)
    request_key = models.CharField(max_length=32, unique=True)
    office_code = models.CharField(max_length=60)
    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="+")
    audience = models.CharField(max_length=16, choices=[(a.value, a.value) for a in Audience])
    starts_at = models.DateTimeField()
    place = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    came = models.CharField(max_length=10, choices=[(c.value, c.value) for c in Came])
    made_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    came_at = models.DateTimeField(null=True)
    displaced_at = models.DateTimeField(null=True)
    displaced_why = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "visits_booking"
        constraints = [
            models.UniqueConstraint(
                fields=["office_code", "series", "starts_at", "place"],
                condition=models.Q(cancelled_at=None),
                name="a_place_of_a_time_is_booked_once",
            ),
            models.CheckConstraint(
                name="a_cancelled_booking_is_not_kept",
                condition=models.Q(cancelled_at=None) | models.Q(came_at=None),
            ),
        ]
        indexes = [
            models.Index(fields=["starts_at"], condition=models.Q(cancelled_at=None), name="booking_by_time"),
            models.Index(fields=["user"], condition=models.Q(user__isnull=False), name="booking_by_user"),
        ]

    def __str__(self) -> str:
        return f"{self.office_code} {self.starts_at:%Y-%m-%d %H:%M}"


@keep_history()
class Ticket(models.Model):
    """A place in the queue of one office and day. Names nobody; the contact does, once the visitor is identified."""

    office_code = models.CharField(max_length=60)
    day = models.DateField()
    letter = models.CharField(max_length=1)
    number = models.PositiveSmallIntegerField()
    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="+")
    audience = models.CharField(max_length=16, choices=[(a.value, a.value) for a in Audience])
    privilege = models.ForeignKey(Privilege, on_delete=models.PROTECT, related_name="+", null=True)
    booking = models.OneToOneField(Booking, on_delete=models.PROTECT, related_name="ticket", null=True)
    booked = models.BooleanField(default=False)
    came = models.CharField(max_length=10, choices=[(c.value, c.value) for c in Came])
    request_key = models.CharField(max_length=32, unique=True)
    follow_code = models.CharField(max_length=16, unique=True)

    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in State], default=State.WAITING)
    issued_at = models.DateTimeField()
    counts_from = models.DateTimeField()
    expected_at = models.DateTimeField(null=True)
    returned = models.BooleanField(default=False)
    put_first = models.BooleanField(default=False)
    for_window = models.ForeignKey(Window, on_delete=models.PROTECT, related_name="+", null=True)

    window = models.ForeignKey(Window, on_delete=models.PROTECT, related_name="+", null=True)
    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="+", null=True)
    first_called_at = models.DateTimeField(null=True)
    called_at = models.DateTimeField(null=True)
    call_reason = models.CharField(max_length=12, choices=[(r.value, r.value) for r in Reason], blank=True)
    missed = models.PositiveSmallIntegerField(default=0)
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    contact = models.ForeignKey(ServiceContact, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        db_table = "visits_ticket"
        constraints = [
            models.UniqueConstraint(
                fields=["office_code", "day", "letter", "number"], name="a_ticket_has_its_number_of_the_day"
            ),
            models.UniqueConstraint(
                fields=["duty"], condition=models.Q(state__in=sorted(ON_THE_BOARD)), name="a_window_serves_one_ticket"
            ),
            models.CheckConstraint(
                name="a_ticket_at_a_window_says_which_and_why",
                condition=~models.Q(state__in=sorted(ON_THE_BOARD))
                | (
                    models.Q(window__isnull=False, duty__isnull=False, called_at__isnull=False)
                    & ~models.Q(call_reason="")
                ),
            ),
            models.CheckConstraint(
                name="a_ticket_that_is_over_says_when",
                condition=models.Q(state__in=sorted(ACTIVE | {State.NO_SHOW})) | models.Q(ended_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["office_code", "day"], condition=models.Q(state__in=sorted(ACTIVE)), name="tickets_in_the_hall"
            ),
            models.Index(fields=["office_code", "series", "ended_at"], name="ticket_by_service"),
        ]

    def __str__(self) -> str:
        return f"{self.office_code} {self.day} {self.letter}{self.number}"


class TicketStep(models.Model):
    """What happened to a ticket: its story, and what a board asks for since it last looked.

    `contact`: of who came to the window; a visitor sent on has one at each window.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="events")
    office_code = models.CharField(max_length=60)
    at = models.DateTimeField()
    happened = models.CharField(max_length=12, choices=[(h.value, h.value) for h in Happened])
    window = models.ForeignKey(Window, on_delete=models.PROTECT, related_name="+", null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    reason = models.CharField(max_length=12, choices=[(r.value, r.value) for r in Reason], blank=True)
    passed_over = models.PositiveSmallIntegerField(default=0)
    note = models.CharField(max_length=200, blank=True)
    contact = models.ForeignKey(ServiceContact, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        db_table = "visits_event"
        indexes = [
            models.Index(fields=["office_code", "-id"], name="ticket_event_by_office"),
            models.Index(fields=["window", "-id"], name="ticket_event_by_window"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.happened}"


class VisitRating(models.Model):
    """What the visitor said of his visit, once (clause O7)."""

    ticket = models.OneToOneField(Ticket, on_delete=models.PROTECT, related_name="rating")
    score = models.PositiveSmallIntegerField()
    comment = models.CharField(max_length=1000, blank=True)
    way = models.CharField(max_length=8, choices=[(w.value, w.value) for w in RatedBy], default=RatedBy.LINK)
    at = models.DateTimeField()

    class Meta:
        db_table = "visits_rating"
        constraints = [
            models.CheckConstraint(name="a_visit_is_rated_1_to_5", condition=models.Q(score__gte=1, score__lte=5))
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.score}"
