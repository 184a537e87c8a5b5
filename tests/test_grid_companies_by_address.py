"""Which grid company serves an address: by settlement and street, telling nothing of who lives there."""

import pytest

from svet.domains.supply.models import NetworkOperator, SupplyPoint
from tests import cast

pytestmark = pytest.mark.django_db


def test_a_place_leads_to_its_company_and_a_place_nobody_knows_to_all(client):
    anna = cast.assemble().anna
    ours = NetworkOperator.objects.create(code="near", name="Ближние сети", phone="+7 4922 00-00-01")
    NetworkOperator.objects.create(code="far", name="Дальние сети")
    SupplyPoint.objects.filter(pk=anna.supply_point_id).update(network_operator=ours)
    town = SupplyPoint.objects.get(pk=anna.supply_point_id).premises.settlement

    for asked in ({"settlement": town}, {"settlement": town.lower(), "street": "садов"}, {"settlement": town[:5]}):
        page = client.get("/grid-companies/", asked).content.decode()
        assert ("Ближние сети" in page, "Дальние сети" in page) == (True, False), asked
    nowhere = client.get("/grid-companies/", {"settlement": "Нигде"}).content.decode()
    assert "никого не нашли" in nowhere
    assert "Дальние сети" in nowhere
    assert client.get("/grid-companies/", {"settlement": "а"}).status_code == 422
    assert anna.account.customer_name not in page
