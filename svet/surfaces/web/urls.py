"""Signing in and one's own sign-in matters. The names are allauth's; those that Svet does not use are closed."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.webauthn import views as passkeys
from django.urls import path

from svet.surfaces.web import components, entry, icon, invitations, security, sign_in, sign_up, themes

urlpatterns = [
    path("favicon.ico", icon.icon, name="favicon"),
    path("sign-in/", account.login, name="account_login"),
    path("sign-in/code/", mfa.authenticate, name="mfa_authenticate"),
    path("sign-in/by-code/", entry.sign_in_by_code, name="sign_in_by_code"),
    path("sign-in/by-code/enter/", entry.enter_code, name="enter_code"),
    path("sign-in/forgotten/", entry.forgotten, name="forgotten"),
    path("sign-in/forgotten/enter/", entry.recover, name="recover"),
    path("sign-up/", sign_up.by_bill, name="account_signup"),
    path("sign-up/by-code/", sign_up.by_code, name="sign_up_by_code"),
    path("sign-up/by-code/contact/", sign_up.contact, name="sign_up_contact"),
    path("sign-up/by-code/enter/", sign_up.code, name="sign_up_code"),
    path("sign-up/finish/", sign_up.finish, name="sign_up_finish"),
    path("invitation/<str:token>/", invitations.show, name="invitation"),
    path("sign-out/", account.logout, name="account_logout"),
    path("my/", security.home, name="account_home"),
    path("my/inactive/", account.account_inactive, name="account_inactive"),
    path("my/confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("my/confirm/code/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("my/password/", security.change_password, name="account_change_password"),
    path("my/sessions/", security.sessions, name="usersessions_list"),
    path("my/second-factor/", mfa.index, name="mfa_index"),
    path("my/second-factor/set-up/", security.activate_second_factor, name="mfa_activate_totp"),
    path("my/second-factor/remove/", security.remove_second_factor, name="mfa_deactivate_totp"),
    path("my/second-factor/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("my/second-factor/codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("my/second-factor/codes/file/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("my/passkeys/", security.list_passkeys, name="mfa_list_webauthn"),
    path("my/passkeys/add/", security.add_passkey, name="mfa_add_webauthn"),
    path("my/passkeys/<int:pk>/remove/", security.remove_passkey, name="mfa_remove_webauthn"),
    path("my/confirm/passkey/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("sign-in/passkey/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("theme/", themes.choose, name="theme"),
    path("components/", components.show, name="components"),
    # allauth asks for these names when it builds links; there is nothing behind them.
    path("closed/email/", sign_in.closed, name="account_email"),
    path("closed/email/sent/", sign_in.closed, name="account_email_verification_sent"),
    path("closed/password/set/", sign_in.closed, name="account_set_password"),
    path("closed/password/reset/", sign_in.closed, name="account_reset_password"),
]
