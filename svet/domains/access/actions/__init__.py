"""What changes in access: people get logins and roles, units are named, looks are recorded."""

from svet.domains.access.actions.addresses import end_sessions, forget_address, prove_address, recover_password
from svet.domains.access.actions.codes import (
    IssuedCode,
    check_attempts,
    check_sent,
    forget_codes,
    issue_code,
    lift_limits,
    record_attempt,
    redeem_code,
)
from svet.domains.access.actions.people import (
    close_login,
    create_user,
    record_look,
    record_looks,
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
    "IssuedCode",
    "check_attempts",
    "check_sent",
    "choose_own_password",
    "close_login",
    "create_user",
    "define_unit",
    "dismiss",
    "employ",
    "end_sessions",
    "forget_address",
    "forget_codes",
    "issue_code",
    "lift_limits",
    "move_staff",
    "prove_address",
    "record_attempt",
    "record_look",
    "record_looks",
    "recover_password",
    "redeem_code",
    "reopen_login",
    "reset_sign_in",
    "set_roles",
    "set_up_authenticator",
]
