from datetime import datetime

import pytest
from django.db import DatabaseError, connection, transaction

from svet.domains.access import actions, queries
from svet.domains.access.rules import Right, Role
from svet.infra.clock import MOSCOW
from svet.infra.models import AuditRecord
from svet.kernel.errors import Conflict, DomainError, NotFound

AT = datetime(2026, 11, 2, 10, 0, tzinfo=MOSCOW)
LATER = datetime(2026, 11, 2, 11, 0, tzinfo=MOSCOW)

pytestmark = pytest.mark.django_db


def create_nina(**terms):
    given = {"family_name": "Орлова", "given_name": "Нина", "patronymic": "Павловна", "roles": [Role.BILLING_ENGINEER]}
    return actions.create_user("orlova", password="светлый-день-41", at=AT, **(given | terms))


def test_a_person_with_a_role_is_staff_and_has_the_roles_rights():
    nina = queries.person(create_nina())

    assert nina.name == "Орлова Нина Павловна"
    assert nina.is_staff
    assert nina.may(Right.RUN_BILLING)
    assert not nina.may(Right.READ_ACCESS_LOG)


def test_a_customers_person_has_no_rights_at_the_desk():
    customer = queries.person(actions.create_user("3300000019", password="светлый-день-41", at=AT))

    assert not customer.is_staff
    assert customer.rights == frozenset()
    assert customer.name == "3300000019"


def test_the_password_is_kept_only_as_a_hash():
    create_nina()

    with connection.cursor() as cursor:
        cursor.execute("SELECT password FROM access_user WHERE username = 'orlova'")
        assert cursor.fetchone()[0].startswith("argon2")


def test_a_login_belongs_to_one_person():
    create_nina()

    with pytest.raises(Conflict, match="login_is_taken"):
        create_nina()


def test_many_people_may_have_no_mail_but_a_mail_is_one_persons():
    actions.create_user("a", password=None, at=AT)
    actions.create_user("b", password=None, at=AT, email="")
    actions.create_user("c", password=None, at=AT, email="c@example.ru")

    with pytest.raises(Conflict):
        actions.create_user("d", password=None, at=AT, email="c@example.ru")


def test_a_role_that_does_not_exist_is_refused():
    with pytest.raises(DomainError, match="unknown_role"):
        create_nina(roles=["king"])


def test_who_loses_every_role_is_no_longer_staff_and_the_change_is_on_record():
    nina = create_nina()

    actions.set_roles(nina, roles=[], at=LATER)

    assert not queries.person(nina).is_staff
    record = AuditRecord.objects.get(verb="access.set_roles")
    assert record.data == {"before": ["billing_engineer"], "after": []}


def test_a_closed_login_is_nobodys():
    nina = create_nina()

    actions.close_login(nina, at=LATER, reason="уволена")

    with pytest.raises(NotFound):
        queries.person(nina)
    assert queries.person_by_username("orlova") is None


def test_a_look_is_recorded_with_its_purpose_and_found_by_account_and_by_person():
    nina, other = create_nina(), create_nina_the_second()
    actions.record_look(nina, account_id=7, purpose="customer_call", at=AT, page="desk:account")
    actions.record_look(other, account_id=8, purpose="billing_check", at=LATER)

    assert [look.account_id for look in queries.looks()] == [8, 7]
    assert [look.user_name for look in queries.looks(account_id=7)] == ["Орлова Нина Павловна"]
    assert [look.purpose for look in queries.looks(user_id=other)] == ["billing_check"]
    assert [look.account_id for look in queries.looks(before=LATER)] == [7]


def test_a_look_without_a_known_purpose_is_refused():
    with pytest.raises(DomainError, match="purpose_is_needed"):
        actions.record_look(create_nina(), account_id=7, purpose="curiosity", at=AT)


@pytest.mark.parametrize(
    "statement", ["UPDATE access_personal_data_look SET page = ''", "DELETE FROM access_personal_data_look"]
)
def test_a_recorded_look_can_be_neither_changed_nor_deleted(statement):
    actions.record_look(create_nina(), account_id=7, purpose="customer_call", at=AT)

    with (
        pytest.raises(DatabaseError, match="Cannot update or delete"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def create_nina_the_second():
    return actions.create_user("belova", password=None, at=AT, roles=[Role.OPERATOR])
