"""The list of pages that anybody may see. Every other page is behind a door (surfaces/web/middleware.py)."""

NAMES = frozenset(
    {
        "healthz",
        "readyz",
        "website:home",
        "website:contacts",
        "website:offices",
        "website:offices_json",
        "website:office",
        "website:office_hours",
        "website:give_reading",  # by the facts of the last bill; throttled, tells nothing of the person
        "website:give_reading_of_meter",  # the account proved in this session, else the form that asks
        "website:reading_given",
        "website:pay",
        "website:pay_sum",
        "website:forget_bill",
        "website:sms_leaflet",
        "website:sms_readings",
        "website:tariffs",
        "website:search",
        "website:contest",  # a contest that editors opened: a form with consent
        "wagtail_serve",  # the pages that editors published; drafts are seen in the editor alone
        "wagtaildocs_serve",  # the files on them
        "website:norms",
        "website:calculator",
        "website:grid_companies",
        "website:forms",
        "website:form_blank",
        "website:form_sample",
        "website:contact_leaflet",
        "website:payment_places",
        "website:consequences",
        "website:status",  # how the services are, without figures
        "website:new_appeal",
        "website:apply",  # an application for a contract: a case like an appeal
        "website:appeal_status",
        "website:appeal",  # what was sent or opened by its code in this session, else the form that asks for the code
        "website:appeal_sent",
        "website:appeal_file",
        "website:appeal_letter",
        "website:asked",  # whoever has the signed code from a message: one question about one answer, once
        "website:check",  # says of a certificate only that it is genuine, what it is about and its days
        "website:ticket",  # whoever has the code printed on the ticket: a number in a line, no name
        "website:ticket_pdf",
        "website:book",
        "website:booking",  # whoever has the signed address of the booking
        "hall:worker",  # what the devices keep for when there is no network: nothing of an office
        "hall:offline",
        "hall:kiosk",  # devices of an office, each with its secret in the address
        "hall:kiosk_service",
        "hall:kiosk_booked",
        "hall:kiosk_ticket",
        "hall:board",
        "hall:board_now",
        "hall:terminal",
        "hall:terminal_deed",  # as on the site: by the facts of the last bill, the device bounds the tries
        "hall:terminal_print",  # what the visit on the terminal came to, while it goes on
        "hall:terminal_strip",
        "hall:tablet",
        "hall:tablet_now",
        "favicon",
        "theme",  # a cookie about colours
        "account_login",
        "account_logout",
        "account_inactive",
        "gates:osmp",  # machines, not people: networks and a password of its own (surfaces/gates/door.py)
        "gates:sms_in",  # the SMS gateway: its network and a password
        "gates:sms_report",  # the SMS gateway: its network and our signature in the address
        "mfa_login_webauthn",
        "mfa_authenticate",  # the second step of signing in; allauth itself asks for the first
        "sign_in_by_code",
        "enter_code",
        "forgotten",
        "recover",
        "account_signup",
        "sign_up_by_code",
        "sign_up_contact",
        "sign_up_code",
        "sign_up_finish",
        "invitation",
        # Closed pages of allauth: they answer 404 to everybody.
        "account_email",
        "account_email_verification_sent",
        "account_set_password",
        "account_reset_password",
    }
)

KEPT: dict[str, frozenset[str]] = {
    "website:home": frozenset(),
    "website:contacts": frozenset(),
    "website:offices": frozenset({"audience", "open_now", "feature"}),
    "website:offices_json": frozenset(),
    "website:sms_readings": frozenset(),
    "website:tariffs": frozenset({"on", "territory", "category", "plan"}),
    "website:norms": frozenset({"on", "territory"}),
    "website:calculator": frozenset(),
    "website:grid_companies": frozenset(),
    "website:forms": frozenset(),
    "website:payment_places": frozenset(),
    "website:consequences": frozenset(),
    "wagtail_serve": frozenset(),
}
"""Public pages that are made once for all strangers, and what may be asked of them in the address (decision 0010).

Only what is chosen from a list: an address, a place or a figure that somebody typed is never kept.
"""
