"""What changes in access: people get logins and roles, units are named, looks are recorded."""

from svet.domains.access.actions.people import (
    close_login,
    create_user,
    record_look,
    set_roles,
    set_up_authenticator,
)
from svet.domains.access.actions.staff import (
    choose_own_password,
    define_unit,
    dismiss,
    employ,
    move_staff,
    reopen_login,
    reset_sign_in,
)

__all__ = [
    "choose_own_password",
    "close_login",
    "create_user",
    "define_unit",
    "dismiss",
    "employ",
    "move_staff",
    "record_look",
    "reopen_login",
    "reset_sign_in",
    "set_roles",
    "set_up_authenticator",
]
