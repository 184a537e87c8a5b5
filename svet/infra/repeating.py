"""Transactions that do not wait for the disk when they commit, for work that is simply done again when it is lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def repeatable() -> Iterator[None]:
    """Run the block in a transaction that a fall of the server may undo as a whole, up to a second after its commit.

    For pieces whose one transaction holds their results and the mark that they are done: what was lost is not marked,
    and is done again. Whoever commits after it in the usual way makes it last too, so what follows from it is never
    kept without it. Others do such pieces at the same time, so its statements get no parallel workers of the server.
    Within another transaction it is a part of that one, which waits as it would.
    """
    waits = connection.in_atomic_block
    with transaction.atomic():
        if not waits:
            with connection.cursor() as cursor:
                cursor.execute(_SETTINGS)
        yield


_SETTINGS = (
    "SELECT set_config('synchronous_commit', 'off', true), set_config('max_parallel_workers_per_gather', '0', true)"
)
