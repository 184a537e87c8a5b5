import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import authenticate, get_user_model

from svet.domains.access import actions, queries
from svet.kernel.errors import Conflict, DomainError, NotAllowed, NotFound
from tests import cast

AT = cast.NOW


@pytest.fixture
def staff(db):
    return {one.role: cast.employee(one) for one in cast.names.STAFF}


def employed(staff, username="novikova", roles=("operator",), **more):
    return actions.employ(
        username,
        name=("Новикова", "Инна", "Сергеевна"),
        position="специалист",
        roles=list(roles),
        unit_id=more.get("unit_id"),
        email=None,
        by=staff["administrator"].user_id,
        at=AT,
    )


def moved(staff, user_id, roles, *, seen, by="administrator"):
    actions.move_staff(
        user_id,
        position="старший специалист",
        roles=roles,
        unit_id=None,
        expected_roles=seen,
        by=staff[by].user_id,
        at=AT,
        reason="приказ 12",
    )


def test_a_new_employee_gets_a_first_password_that_another_person_knows(staff):
    user_id, password = employed(staff)

    member = queries.staff_member(user_id)
    assert member.password_is_temporary
    assert authenticate(None, username="novikova", password=password).pk == user_id
    actions.choose_own_password(user_id, at=AT)
    assert not queries.staff_member(user_id).password_is_temporary


def test_two_first_passwords_are_never_alike(staff):
    assert employed(staff)[1] != employed(staff, "novikova2")[1]


def test_an_employee_without_a_role_or_with_a_taken_login_is_refused_whole(staff):
    with pytest.raises(DomainError, match="roles_are_needed"):
        employed(staff, roles=())
    with pytest.raises(Conflict, match="login_is_taken"):
        employed(staff, "operator")

    assert len(queries.staff()) == len(cast.names.STAFF)


def test_roles_change_with_what_the_administrator_saw(staff):
    user_id, _ = employed(staff)

    moved(staff, user_id, ["operator", "cashier"], seen=["operator"])

    assert queries.staff_member(user_id).person.roles == ("operator", "cashier")
    with pytest.raises(Conflict, match="staff_changed_meanwhile"):
        moved(staff, user_id, ["operator"], seen=["operator"])


def test_nobody_manages_himself(staff):
    admin = staff["administrator"].user_id

    with pytest.raises(NotAllowed):
        moved(staff, admin, ["administrator", "head"], seen=["administrator"])
    with pytest.raises(NotAllowed):
        actions.dismiss(admin, by=admin, at=AT, reason="уход")
    with pytest.raises(NotAllowed):
        actions.reset_sign_in(admin, by=admin, at=AT, reason="забыл")


def test_the_last_administrator_stays_one(staff):
    admin = staff["administrator"].user_id

    with pytest.raises(Conflict, match="last_administrator"):
        moved(staff, admin, ["operator"], seen=["administrator"], by="head")
    second, _ = employed(staff, roles=("administrator",))
    actions.dismiss(admin, by=second, at=AT, reason="уволился")

    assert not queries.staff_member(admin).is_active
    assert authenticate(None, username="admin", password=cast.PASSWORD) is None
    actions.reopen_login(admin, by=second, at=AT, reason="вернулся")
    assert queries.staff_member(admin).is_active


def test_a_new_start_forgets_the_old_password_and_the_second_factor(staff):
    operator = staff["operator"].user_id

    password = actions.reset_sign_in(operator, by=staff["administrator"].user_id, at=AT, reason="потерян телефон")

    assert not Authenticator.objects.filter(user=operator).exists()
    assert authenticate(None, username="operator", password=cast.PASSWORD) is None
    assert authenticate(None, username="operator", password=password).pk == operator


def test_customers_are_no_staff_to_be_managed(staff):
    customer = actions.create_user("3300000019", password=cast.PASSWORD, at=AT)

    with pytest.raises(NotFound):
        actions.reset_sign_in(customer, by=staff["administrator"].user_id, at=AT, reason="?")
    with pytest.raises(NotFound):
        queries.staff_member(customer)
    assert get_user_model().objects.get(pk=customer).check_password(cast.PASSWORD)


def test_units_stand_below_one_another_but_never_below_themselves(staff):
    def unit(name, parent=None, **more):
        return actions.define_unit(name, parent_id=parent, office_code="", at=AT, **more)

    head = unit("Управление")
    office = unit("  Офис   на Садовой ", head)
    desk = unit("Касса", office)
    employed(staff, unit_id=office)

    assert [(one.name, one.depth, one.staff) for one in queries.units()] == [
        ("Управление", 0, 0),
        ("Офис на Садовой", 1, 1),
        ("Касса", 2, 0),
    ]
    with pytest.raises(DomainError, match="unit_below_itself"):
        unit("Управление", desk, unit_id=head)
    with pytest.raises(Conflict, match="unit_is_named_already"):
        unit("Касса", head)
    with pytest.raises(NotFound):
        unit("Архив", 10**9)
