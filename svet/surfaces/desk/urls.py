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
    path("accounts/<account:number>/timeline/", views.timeline, name="timeline"),
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
    path("accounts/<account:number>/pay/", views.take_payment, name="take_payment"),
    path("till/", views.till, name="till"),
    path("till/<int:till_id>/open/", views.open_shift, name="open_shift"),
    path("till/close/", views.close_shift, name="close_shift"),
    path("till/cash/", views.till_cash, name="till_cash"),
    path("till/operations/<int:operation_id>/", views.till_operation, name="till_operation"),
    path("till/operations/<int:operation_id>/state/", views.till_operation_state, name="till_operation_state"),
    path("till/operations/<int:operation_id>/print/", views.print_again, name="print_again"),
    path("till/operations/<int:operation_id>/give-back/", views.give_back, name="give_back"),
    path("till/shifts/<int:shift_id>/", views.shift_report, name="shift_report"),
    path("till/shifts/<int:shift_id>/pdf/", views.shift_report_pdf, name="shift_report_pdf"),
    path("tills/", views.all_shifts, name="all_shifts"),
    path("tills/shifts/<int:shift_id>/", views.any_shift_report, name="any_shift_report"),
    path("tills/shifts/<int:shift_id>/pdf/", views.any_shift_report_pdf, name="any_shift_report_pdf"),
    path("tills/shifts/<int:shift_id>/close/", views.close_any_shift, name="close_any_shift"),
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
