"""Background entry points of the account area: disclosures are made here, because their pages are."""

from __future__ import annotations

import logging

from svet.domains.accounts import actions, queries
from svet.flows import personal_data
from svet.infra import clock
from svet.infra.jobs import app
from svet.surfaces.cabinet import archive

log = logging.getLogger(__name__)


@app.task(name=actions.MAKER, pass_context=False)
def make_disclosure(disclosure_id: int) -> None:
    """Put together everything held about a person; a second run of a finished one changes nothing."""
    asked, now = queries.disclosure(disclosure_id), clock.now()
    if not asked.is_moving:
        return
    try:
        file = archive.packed(personal_data.make(asked, at=now), made_at=now)
    except Exception as error:
        # The error's own text may hold what the file holds.
        log.error("disclosure %s cannot be made: %s", disclosure_id, type(error).__name__)
        actions.fail_disclosure(disclosure_id, error=type(error).__name__, at=clock.now())
        raise
    actions.finish_disclosure(disclosure_id, content=file, at=clock.now())


@app.task(queueing_lock="tend_disclosures", pass_context=False)
def tend_disclosures(timestamp: int) -> None:
    """Destroy files whose days are over, begin again what stands still (every ten minutes)."""
    actions.expire_disclosures(at=clock.now())
    actions.restart_disclosures(at=clock.now())
