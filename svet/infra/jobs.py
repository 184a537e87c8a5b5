"""Background jobs: procrastinate on the same PostgreSQL. Domains declare theirs in `jobs.py`.

A job is enqueued in the caller's transaction and rolls back with it.
"""

from __future__ import annotations

from procrastinate.contrib.django import app

__all__ = ["app"]
