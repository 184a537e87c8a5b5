"""Customers: names by kind, contacts in one form, numbers with check digits."""

from datetime import date, datetime

import phonenumbers
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from svet.domains.customers import actions, queries
from svet.domains.customers.models import Customer
from svet.domains.customers.rules import (
    ContactKind,
    CustomerKind,
    check_contacts,
    check_customers,
    full_name,
    has_its_name,
    has_right_inn,
    is_code,
    normal_contacts,
    normal_email,
    normal_phone,
)
from svet.infra.clock import MOSCOW
from svet.kernel.errors import Conflict, DomainError, NotFound
from svet.kernel.identifiers import is_inn

AT = datetime(2026, 11, 1, 10, tzinfo=MOSCOW)
START, TODAY = date(2020, 1, 1), AT.date()


class TestRules:
    @given(st.lists(st.from_regex(r"\A[0-9]{10}(?:[0-9]{2})?\Z") | st.text(max_size=13), min_size=1, max_size=30))
    def test_check_digits_of_a_column_are_those_of_each_number(self, numbers):
        frame = pl.DataFrame({"inn": numbers}, schema={"inn": pl.String})

        said = frame.select(has_right_inn(pl.col("inn"))).to_series().to_list()

        assert said == [is_inn(number) and number.isascii() for number in numbers]

    def test_right_numbers_are_right(self):
        frame = pl.DataFrame({"inn": ["7722245108", "500100732259", "500100732258"]})

        assert frame.select(has_right_inn(pl.col("inn"))).to_series().to_list() == [True, True, False]

    @given(st.from_regex(r"\A(?:\+7|8|7)?[ (-]{0,2}[3489][0-9]{2}[ )-]{0,2}[0-9]{3}[ -]?[0-9]{2}[ -]?[0-9]{2}\Z"))
    def test_the_quick_way_of_phones_is_the_slow_way(self, text):
        quick = normal_contacts(pl.Series(["phone"]), values=pl.Series([text]))[0]

        assert quick == normal_phone(text)
        assert phonenumbers.is_possible_number(phonenumbers.parse(quick, None))

    @pytest.mark.parametrize(
        ("text", "normal"),
        [("8 (916) 123-45-67", "+79161234567"), ("+375 29 1234567", "+375291234567"), ("12", None), ("нет", None),
         ("8 916 123-45-67 доб. 5", None), ("8 495 123-45-67 ext. 5", None), ("", None)],
    )  # fmt: skip
    def test_phones_of_any_form_come_out_in_one(self, text, normal):
        assert normal_phone(text) == normal
        assert normal_contacts(pl.Series(["phone"]), values=pl.Series([text]))[0] == normal

    def test_values_go_by_their_kind(self):
        kinds, values = pl.Series(["email", "email", "post"]), pl.Series(["A@B.ru", "a b@c.ru", "ул. Мира"])

        assert normal_contacts(kinds, values=values).to_list() == ["a@b.ru", None, "ул. Мира"]
        assert normal_email("a@b") is None

    def test_names_go_by_the_kind_of_customer(self):
        assert has_its_name(kind="person", family_name="Иванов", organisation_name="")
        assert not has_its_name(kind="utility_provider", family_name="Иванов", organisation_name="")
        assert full_name(family_name="Ли", given_name="", patronymic="") == "Ли"
        assert not is_code("а\nб")

    def test_findings_say_what_is_wrong(self):
        rows = pl.DataFrame(
            {"line": [2, 3], "kind": ["person", "company"], "family_name": ["", "Х"], "organisation_name": ["", ""],
             "inn": ["1", ""], "kpp": ["1", ""], "ogrn": ["1", ""]}
        )  # fmt: skip

        assert check_customers(rows)["code"].to_list() == [
            "name_is_missing", "inn_looks_wrong", "kpp_looks_wrong", "ogrn_looks_wrong", "name_is_missing",
        ]  # fmt: skip

    def test_a_contact_that_ends_before_it_begins_is_found(self):
        rows = pl.DataFrame({"line": [2], "kind": ["post"], "value": ["x"], "from_on": [TODAY], "until_on": [START]})

        assert check_contacts(rows)[1]["code"].to_list() == ["period_is_empty"]


@pytest.mark.django_db
class TestActions:
    def person(self, **changes):
        return actions.register_customer(**{"kind": CustomerKind.PERSON, "family_name": "Орлова", "at": AT, **changes})

    def test_codes_are_given_out_and_never_twice(self):
        first, second = self.person(), self.person()

        assert [queries.customer(one).code for one in (first, second)] == ["К-0000001", "К-0000002"]
        with pytest.raises(Conflict, match="customer_code_is_taken"):
            self.person(code="К-0000001")
        with pytest.raises(DomainError, match="code_is_wrong"):
            self.person(code="К 1")

    def test_a_customer_without_the_name_of_his_kind_is_refused(self):
        with pytest.raises(DomainError, match="customer_has_no_name"):
            self.person(kind=CustomerKind.COMPANY)

    def test_a_new_name_keeps_the_former_one_in_history(self):
        vera = self.person(given_name="Вера")

        actions.change_name(vera, family_name="Белова", reason="брак", at=AT)

        assert queries.customer(vera).name == "Белова Вера"
        assert [event.family_name for event in Customer.objects.get().history.all()] == ["Орлова"]
        with pytest.raises(DomainError, match="customer_has_no_name"):
            actions.change_name(vera, family_name="", reason="", at=AT)

    def test_contacts_are_added_once_and_ended(self):
        vera = self.person()
        phone = actions.add_contact(vera, kind=ContactKind.PHONE, value="8 916 123-45-67", from_on=START, at=AT)

        assert [one.value for one in queries.contacts_of(vera, on=TODAY)] == ["+79161234567"]
        with pytest.raises(Conflict, match="contact_is_known"):
            actions.add_contact(vera, kind=ContactKind.PHONE, value="+79161234567", from_on=TODAY, at=AT)
        with pytest.raises(DomainError, match="contact_is_wrong"):
            actions.add_contact(vera, kind=ContactKind.EMAIL, value="вера", from_on=START, at=AT)
        with pytest.raises(DomainError, match="period_is_empty"):
            actions.end_contact(phone, until_on=START, at=AT)
        actions.end_contact(phone, until_on=TODAY, at=AT)

        assert queries.contacts_of(vera, on=TODAY) == []
        with pytest.raises(Conflict, match="contact_has_ended"):
            actions.end_contact(phone, until_on=TODAY, at=AT)

    def test_nobody_is_said_to_be_nobody(self):
        for ask in (lambda: queries.customer(0), lambda: queries.customer_by_code("нет")):
            with pytest.raises(NotFound):
                ask()
        with pytest.raises(NotFound):
            actions.end_contact(0, until_on=TODAY, at=AT)
