"""Letters at the same moment: each becomes one case, numbers have no gap; of two who take a case one is refused."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from django.db import connection

from svet.domains.cases import actions
from svet.domains.cases.actions import Incoming
from svet.domains.cases.models import Case, CaseEvent
from svet.domains.cases.rules.applicants import Applicant
from svet.domains.cases.rules.register import CaseChannel
from svet.domains.tariffs import actions as tariffs
from svet.kernel.errors import Conflict
from tests import cast, reference

pytestmark = pytest.mark.django_db(transaction=True)
AT = cast.NOW
LETTER = Incoming(channel=CaseChannel.EMAIL, text="Нет света", received_at=AT)


def at_once(work, given):
    def one(value):
        try:
            return work(value)
        except Conflict as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(one, given))


def test_letters_and_hands_at_once():
    reference.load(tariffs, at=cast.moment(cast.LONG_AGO))
    reference.load(actions, at=cast.moment(cast.LONG_AGO))
    keys = [f"<{place % 4}@mail>" for place in range(12)]
    offices = ["", "vladimir-mira-61a", "vladimir-mira-61a", "suzdal"]

    made = at_once(
        lambda key: actions.register(
            replace(LETTER, key=key), applicant=Applicant(), at=AT, office_code=offices[int(key[1])]
        ),
        keys,
    )
    assert len({one.case_id for one in made}) == Case.objects.count() == 4
    assert sum(one.is_new for one in made) == 4
    counts = sorted(one.number[-6:] for one in {one.case_id: one for one in made}.values())
    assert counts == ["000001", "000001", "000001", "000002"]

    staff = [cast.employee(one).user_id for one in cast.names.STAFF if one.role in {"operator", "supervisor"}]
    case_id = made[0].case_id
    taken = at_once(lambda who: actions.take(case_id, by=who, at=AT), staff)
    assert sorted(taken, key=str) == [None, "case_is_taken"]

    joined = at_once(lambda key: actions.join(case_id, letter=replace(LETTER, key=key), at=AT), ["a", "b", "a", "b"])
    assert sum(one.is_new for one in joined) == 2
    positions = list(CaseEvent.objects.filter(case_id=case_id).order_by("position").values_list("position", flat=True))
    assert positions == list(range(1, len(positions) + 1))
