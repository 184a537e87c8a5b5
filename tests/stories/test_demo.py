"""The demo town is built on the real paths, the same every time, with some of every case."""

import pytest
from django.core.management import call_command

from svet.domains.accounts import queries as accounts
from svet.domains.billing import queries as billing
from svet.domains.cases import queries as cases
from svet.domains.cases.models import ServiceContact
from svet.domains.cases.queries import Filters
from svet.domains.cases.rules.register import CaseChannel
from svet.domains.houses import queries as houses
from svet.domains.ledger import queries as ledger
from svet.domains.visits import queries as queue
from svet.surfaces.console.demo import hall, house, story, town
from svet.surfaces.console.management.commands.demo import TODAY


def test_the_town_is_the_same_every_time():
    assert town.build(50) == town.build(50)


@pytest.mark.django_db(transaction=True)
def test_a_small_town_lives_its_fourteen_months():
    call_command("load_reference", verbosity=0)
    said = []

    story.build(60, today=TODAY, say=said.append)

    assert story.is_built()
    runs = billing.runs()
    assert len(runs) == 14
    assert all(run.totals["agree"] and run.is_issued for run in runs)
    assert len(ledger.closed_months()) == 13
    (of_the_cast,) = houses.house_lines(month=story.LAST_MONTH, text=house.CODE)
    assert of_the_cast.settled is not None
    assert of_the_cast.settled.charged >= house.LIT
    bill = billing.charges_of(accounts.account_by_number(town.account_number(1)).id, month=story.LAST_MONTH)[0]
    lines = billing.explain(accounts.account_by_number(town.account_number(1)).id, bill.charge_id).lines
    assert [line.kwh > 0 for line in lines if line.rule_code == "H01"] == [True]
    assert ledger.differing_turnovers(ledger.closed_months()[-1]) == []
    assert any("100 %" in line for line in said)
    asked = cases.register_page(0, filters=Filters(channel=CaseChannel.BILL), at=TODAY).rows
    assert sorted(one.state for one in asked) == ["case_answered", "case_registered", "case_registered"]
    assert ledger.certificates_of(accounts.account_by_number(town.account_number(1)).id)
    assert ServiceContact.objects.filter(ended_at__isnull=False, account__isnull=False).count() == 5
    visits = ServiceContact.objects.filter(office_code=hall.OFFICE, ending="finished").count()
    assert visits > hall.DAYS * hall.A_DAY * 0.8
    assert queue.accuracy(hall.OFFICE).tickets >= visits
    assert [list(one.evidence["words"]) for one in cases.waiting_refusals(0)] == [["Идиоты"]]
    of_the_portal = cases.portal_appeals(cases.open_portal_appeals(before=TODAY.date())).values()
    assert [one.found_by for one in of_the_portal] == ["number", ""]
