"""The staff workplace. Every page says which right it needs (web/doors.py); the middleware lets in only staff."""

from django.urls import path

from svet.surfaces.desk import views
from svet.surfaces.desk.views import operations, sheets
from svet.surfaces.web import converters  # noqa: F401 (teaches the parts of addresses)

app_name = "desk"
urlpatterns = [
    path("", views.home, name="home"),
    path("find/", views.find, name="find"),
    path("accounts/<account:number>/", views.account, name="account"),
    path("accounts/<account:number>/why/", views.why, name="why"),
    path("accounts/<account:number>/bills/<month:month>/", views.account_bill, name="account_bill"),
    path("accounts/<account:number>/payments/<int:payment_id>/", views.account_payment, name="account_payment"),
    path("accounts/<account:number>/statement/", views.statement, name="statement"),
    path("accounts/<account:number>/statement/pdf/", views.statement_pdf, name="statement_pdf"),
    path("accounts/<account:number>/statement/xlsx/", views.statement_xlsx, name="statement_xlsx"),
    path("accounts/<account:number>/certificates/", views.certificates, name="certificates"),
    path(
        "accounts/<account:number>/certificates/<int:certificate>/pdf/", views.certificate_pdf, name="certificate_pdf"
    ),
    path("accounts/<account:number>/readings/new/", operations.give_reading, name="give_reading"),
    path("accounts/<account:number>/readings/new/count/", operations.count_reading, name="count_reading"),
    path("accounts/<account:number>/readings/<str:receipt>/", operations.reading_receipt, name="reading_receipt"),
    path("contacts/new/", views.new_contact, name="new_contact"),
    path("contacts/<int:service_id>/end/", views.end_contact, name="end_contact"),
    path("readings/", views.held_readings, name="held_readings"),
    path("readings/sheets/", sheets.sheets, name="sheets"),
    path("readings/<int:reading_id>/", views.review, name="review"),
    path("billing/", views.runs, name="runs"),
    path("billing/start/", views.start, name="start_run"),
    path("billing/<int:run_id>/", views.run, name="run"),
    path("billing/<int:run_id>/progress/", views.progress, name="run_progress"),
    path("billing/<int:run_id>/parked/<account:number>/retry/", views.retry, name="retry_parked"),
    path("billing/<int:run_id>/parked/<cause:cause>/", views.parked_cause, name="parked_cause"),
    path(
        "billing/<int:run_id>/parked/<cause:cause>/progress/", views.parked_cause_progress, name="parked_cause_progress"
    ),
    path("billing/<int:run_id>/issue/", views.issue, name="issue_bills"),
    path("billing/close/<month:month>/", views.close, name="close_month"),
    path("payments/", views.unidentified, name="unidentified"),
    path("payments/<int:payment_id>/assign/", views.assign, name="assign"),
    path("payments/registers/", views.registers, name="registers"),
    path("payments/registers/load/", views.load_register, name="load_register"),
    path("payments/registers/<int:register_id>/", views.register, name="register"),
    path("messages/", views.failed_messages, name="failed_messages"),
    path("messages/<int:message_id>/again/", views.try_message_again, name="try_message_again"),
    path("access-log/", views.access_log, name="access_log"),
    path("staff/", views.staff, name="staff"),
    path("staff/new/", views.employ, name="employ"),
    path("staff/units/", views.units, name="units"),
    path("staff/<int:user_id>/", views.staff_member, name="staff_member"),
    path("staff/<int:user_id>/close/", views.close_login, name="close_login"),
    path("staff/<int:user_id>/reopen/", views.reopen_login, name="reopen_login"),
    path("staff/<int:user_id>/reset/", views.reset_sign_in, name="reset_sign_in"),
    path("tariffs/", views.tariff_calendar, name="tariffs"),
    path("tariffs/new/<slug:tariff_code>/", views.draft_tariff, name="draft_tariff"),
    path("tariffs/<int:version_id>/", views.tariff_version, name="tariff_version"),
    path("tariffs/<int:version_id>/publish/", views.publish_tariff, name="publish_tariff"),
    path("tariffs/<int:version_id>/discard/", views.discard_tariff, name="discard_tariff"),
]
