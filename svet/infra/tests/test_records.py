"""What happened stays as it was written: audit and facts are append-only, a message comes once."""

from datetime import UTC, datetime

import pytest
from django.db import transaction
from django.db.utils import DatabaseError

from svet.infra import audit, inbox, outbox
from svet.infra.context import Actor, Context, acting, current
from svet.infra.models import AuditRecord, Fact, InboxMessage

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 5, 9, tzinfo=UTC)


def write_both():
    audit.record("tea.make", target_kind="kettle", target_id=7, at=AT)
    outbox.record("tea.made", at=AT)


@pytest.mark.parametrize("model", [AuditRecord, Fact])
@pytest.mark.parametrize(
    "change",
    [lambda rows: rows.update(at=AT.replace(year=2020)), lambda rows: rows.delete()],
    ids=["rewritten", "taken away"],
)
def test_what_happened_is_never_rewritten_or_taken_away(model, change):
    write_both()

    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
        change(model.objects.all())

    assert model.objects.get().at == AT


def test_a_record_names_who_acted_and_in_which_request():
    with acting(Context(Actor("user", "42"), request_id="r-1")):
        write_both()

    record = AuditRecord.objects.get()
    assert (record.actor_kind, record.actor_name, record.request_id) == ("user", "42", "r-1")
    assert Fact.objects.get().request_id == "r-1"


def test_whoever_acts_stops_acting_when_the_block_ends_badly():
    before = current()

    with pytest.raises(ZeroDivisionError), acting(Context(Actor("user", "42"))):
        _ = 1 / 0

    assert current() == before


def test_a_record_goes_with_the_transaction_that_failed():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        write_both()
        _ = 1 / 0

    assert not AuditRecord.objects.exists()
    assert not Fact.objects.exists()


def test_a_message_comes_once_per_gate():
    first, is_new = inbox.receive("bank", external_id="1", raw=b"<a/>", at=AT)
    again, is_new_again = inbox.receive("bank", external_id="1", raw=b"<other/>", at=AT)
    other_gate, _ = inbox.receive("post", external_id="1", raw=b"<a/>", at=AT)

    assert (is_new, is_new_again) == (True, False)
    assert again == first != other_gate
    assert bytes(InboxMessage.objects.get(pk=first.pk).raw) == b"<a/>"


@pytest.mark.parametrize(("failed", "state"), [(False, "done"), (True, "failed")])
def test_what_came_of_a_message_is_noted(failed, state):
    message, _ = inbox.receive("bank", external_id="1", raw=b"\x00\xff", at=AT)

    inbox.finish(message, at=AT, result={"rows": 3}, failed=failed)

    stored = InboxMessage.objects.get()
    assert (stored.state, stored.result, stored.finished_at) == (state, {"rows": 3}, AT)
    assert bytes(stored.raw) == b"\x00\xff"
