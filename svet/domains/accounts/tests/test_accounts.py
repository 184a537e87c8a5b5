"""Accounts: the two doors, numbers, agreements, households, grants."""

from datetime import date, datetime

import pytest

from svet.domains.access import actions as access
from svet.domains.access.models import PersonalDataLook
from svet.domains.accounts import actions, queries
from svet.domains.accounts.models import Account, Household
from svet.domains.accounts.rules import GrantRole, account_number, counts_as
from svet.domains.customers import actions as customers
from svet.domains.customers.rules import CustomerKind
from svet.domains.supply import actions as supply
from svet.domains.supply.rules import PremisesKind
from svet.infra.clock import MOSCOW
from svet.infra.models import AuditRecord, Fact
from svet.kernel.errors import Conflict, DomainError, NotAllowed, NotFound
from svet.kernel.identifiers import is_account_number

AT = datetime(2026, 11, 1, 10, tzinfo=MOSCOW)
TODAY, START = AT.date(), date(2020, 1, 1)


@pytest.fixture
def anna(db):
    customer = customers.register_customer(
        kind=CustomerKind.PERSON, family_name="Смирнова", given_name="Анна", patronymic="Павловна", at=AT
    )
    return actions.open_account(customer, opened_on=START, at=AT)


@pytest.fixture
def place(db):
    premises = supply.PremisesData(
        code="ПМ-1", kind=PremisesKind.FLAT, postal_code="600901", settlement="г. Светлогорье", street="ул. Садовая",
        house="12", flat="10",
    )  # fmt: skip
    return supply.register_supply_point("ТП-1", premises=premises, at=AT)


@pytest.fixture
def user(db):
    return access.create_user("anna", password=None, at=AT)


class TestDoors:
    def test_the_owner_comes_in(self, anna, user):
        actions.grant_access(anna.id, user_id=user, role=GrantRole.OWNER, from_on=START, at=AT)

        opened = queries.open_for(user, anna.number, on=TODAY)

        assert (opened.id, opened.role, opened.customer_name) == (anna.id, "owner", "Смирнова Анна Павловна")
        assert [one.number for one in queries.accounts_of(user, on=TODAY)] == [anna.number]

    @pytest.mark.parametrize("number", ["{foreign}", "9999999999", "", "1' OR 1=1", "３３０００００００1"])
    def test_a_forged_and_a_foreign_number_look_the_same(self, anna, user, number):
        asked = number.format(foreign=anna.number)

        with pytest.raises(NotFound) as refusal:
            queries.open_for(user, asked, on=TODAY)

        assert (refusal.value.code, refusal.value.facts) == ("account_not_found", {"number": asked})

    def test_a_revoked_grant_opens_nothing_from_its_day_on(self, anna, user):
        actions.grant_access(anna.id, user_id=user, role=GrantRole.OWNER, from_on=START, at=AT)

        actions.revoke_access(anna.id, user_id=user, until_on=TODAY, at=AT)

        assert queries.open_for(user, anna.number, on=date(2026, 10, 31)).id == anna.id
        with pytest.raises(NotFound):
            queries.open_for(user, anna.number, on=TODAY)
        with pytest.raises(NotFound):
            actions.revoke_access(anna.id, user_id=user, until_on=TODAY, at=AT)

    def test_a_person_has_one_role_at_a_time(self, anna, user):
        actions.grant_access(anna.id, user_id=user, role=GrantRole.OWNER, from_on=START, at=AT)

        with pytest.raises(Conflict, match="access_is_granted"):
            actions.grant_access(anna.id, user_id=user, role=GrantRole.READER, from_on=TODAY, at=AT)

    def test_staff_come_in_with_a_purpose_and_the_look_is_recorded(self, anna, user):
        opened = actions.open_for_staff(user, ["operator"], anna.number, purpose="customer_call", at=AT)

        assert opened.id == anna.id
        assert list(PersonalDataLook.objects.values_list("account_id", "purpose")) == [(anna.id, "customer_call")]

    def test_staff_without_the_right_or_a_purpose_stay_outside(self, anna, user):
        with pytest.raises(NotAllowed):
            actions.open_for_staff(user, ["administrator"], anna.number, purpose="customer_call", at=AT)
        with pytest.raises(DomainError, match="purpose_is_needed"):
            actions.open_for_staff(user, ["operator"], anna.number, purpose="curiosity", at=AT)
        with pytest.raises(NotFound):
            actions.open_for_staff(user, ["operator"], "9999999999", purpose="customer_call", at=AT)

        assert not PersonalDataLook.objects.exists()


class TestNumbers:
    def test_numbers_follow_each_other_and_carry_check_digits(self, anna):
        second = actions.open_account(anna.customer_id, opened_on=TODAY, at=AT)

        assert (anna.number, second.number) == (account_number(1), account_number(2))
        assert is_account_number(second.number)

    def test_numbers_that_a_file_brought_are_skipped(self, anna):
        Account.objects.create(number=account_number(2), customer_id=anna.customer_id, opened_on=START)
        Account.objects.create(number=account_number(70), customer_id=anna.customer_id, opened_on=START)

        opened = [actions.open_account(anna.customer_id, opened_on=TODAY, at=AT).number for _ in range(2)]

        assert opened == [account_number(71), account_number(72)]

    def test_a_wrong_or_taken_number_is_refused(self, anna):
        with pytest.raises(DomainError, match="account_number_is_wrong"):
            actions.open_account(anna.customer_id, opened_on=TODAY, at=AT, number="1234567890")
        with pytest.raises(Conflict, match="account_number_is_taken"):
            actions.open_account(anna.customer_id, opened_on=TODAY, at=AT, number=anna.number)
        with pytest.raises(ValueError, match="no account number"):
            account_number(10_000_000)


class TestAgreements:
    def test_the_card_shows_who_is_supplied_where(self, anna, place):
        actions.make_agreement(anna.id, supply_point_id=place, from_on=START, number="Д-1", at=AT)
        actions.change_household(anna.id, from_on=START, registered=2, at=AT)

        card = queries.card(anna.id, on=TODAY)

        assert (card.address, card.postal_code) == ("г. Светлогорье, ул. Садовая, д. 12, кв. 10", "600901")
        assert (card.agreements[0].number, card.household.registered) == ("Д-1", 2)
        assert AuditRecord.objects.filter(account_id=anna.id).count() == 3
        assert Fact.objects.filter(account_id=anna.id, name="accounts.agreement_made").exists()

    def test_two_accounts_are_not_supplied_at_one_place_at_once(self, anna, place):
        agreement = actions.make_agreement(anna.id, supply_point_id=place, from_on=START, at=AT)
        other = actions.open_account(anna.customer_id, opened_on=START, at=AT)

        with pytest.raises(Conflict, match="supply_point_is_taken"):
            actions.make_agreement(other.id, supply_point_id=place, from_on=TODAY, at=AT)
        actions.end_agreement(agreement, until_on=TODAY, at=AT)
        actions.make_agreement(other.id, supply_point_id=place, from_on=TODAY, at=AT)

        assert queries.card(anna.id, on=TODAY).agreements == ()
        with pytest.raises(Conflict, match="agreement_has_ended"):
            actions.end_agreement(agreement, until_on=TODAY, at=AT)

    def test_an_account_closes_when_nothing_is_supplied_any_more(self, anna, place):
        agreement = actions.make_agreement(anna.id, supply_point_id=place, from_on=START, at=AT)

        with pytest.raises(DomainError, match="account_still_supplies"):
            actions.close_account(anna.id, closed_on=TODAY, at=AT)
        actions.end_agreement(agreement, until_on=TODAY, at=AT)
        actions.close_account(anna.id, closed_on=TODAY, at=AT)

        assert queries.account_by_number(anna.number).closed_on == TODAY
        with pytest.raises(Conflict, match="account_is_closed"):
            actions.make_agreement(anna.id, supply_point_id=place, from_on=TODAY, at=AT)

    def test_an_account_is_found_by_number_name_and_address(self, anna, place):
        actions.make_agreement(anna.id, supply_point_id=place, from_on=START, at=AT)
        actions.index_accounts([anna.id], on=TODAY)

        for text in (
            anna.number,
            anna.number[:6],
            "смирнова анна",
            "ул. Садовая, д. 12, кв. 10",
            "Смирнова садовая 12",
        ):
            assert [one.number for one in queries.search(text).found] == [anna.number], text
        assert queries.search("Смирнова лесная").found == ()
        assert queries.search("  ").found == ()


class TestHouseholds:
    def test_a_change_ends_what_was_before(self, anna):
        actions.change_household(anna.id, from_on=START, registered=2, at=AT)
        actions.change_household(anna.id, from_on=TODAY, registered=3, at=AT)

        assert queries.card(anna.id, on=date(2026, 10, 31)).household.registered == 2
        assert queries.card(anna.id, on=TODAY).household.registered == 3

    def test_a_change_in_the_past_lasts_until_the_next_known_one(self, anna):
        actions.change_household(anna.id, from_on=TODAY, registered=3, at=AT)
        actions.change_household(anna.id, from_on=START, registered=1, at=AT)
        actions.change_household(anna.id, from_on=START, registered=4, at=AT)

        assert queries.card(anna.id, on=START).household.registered == 4
        assert queries.card(anna.id, on=START).household.period.end == TODAY
        assert Household.objects.count() == 2

    def test_numbers_beyond_belief_are_refused(self, anna):
        with pytest.raises(DomainError, match="household_is_wrong"):
            actions.change_household(anna.id, from_on=START, registered=-1, at=AT)

    def test_owners_count_where_nobody_is_registered(self):
        assert counts_as(registered=0, temporary=0, owners=3) == 3
