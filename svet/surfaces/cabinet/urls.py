"""The account area. Every page of an account stands under its number and behind `door.own_account`."""

from django.urls import path

from svet.surfaces.cabinet import (
    appeal_views,
    choice_views,
    data_views,
    meter_views,
    paper_views,
    pay_views,
    people_views,
    plan_views,
    remark_views,
    views,
    visit_views,
)
from svet.surfaces.web import converters  # noqa: F401 (teaches the parts of addresses)

app_name = "cabinet"
urlpatterns = [
    path("", views.accounts_list, name="accounts"),
    path("visits/", visit_views.visits, name="visits"),
    path("my-data/", data_views.my_data, name="my_data"),
    path("my-data/progress/", data_views.my_data_progress, name="my_data_progress"),
    path("my-data/<int:disclosure>/", data_views.my_data_file, name="my_data_file"),
    path("<account:number>/", views.home, name="home"),
    path("<account:number>/readings/", views.readings, name="readings"),
    path("<account:number>/readings/new/", views.give_reading, name="give_reading"),
    path("<account:number>/readings/new/count/", views.count_reading, name="count_reading"),
    path("<account:number>/readings/receipts/<str:receipt>/", views.receipt, name="receipt"),
    path("<account:number>/meters/", meter_views.meters, name="meters"),
    path("<account:number>/meters/acts/<int:act_id>/scans/<int:file_id>/", meter_views.act_scan, name="act_scan"),
    path("<account:number>/bills/", views.bills, name="bills"),
    path("<account:number>/bills/<month:month>/", views.bill, name="bill"),
    path("<account:number>/bills/<month:month>/pdf/", views.bill_pdf, name="bill_pdf"),
    path("<account:number>/bills/<month:month>/remark/", remark_views.bill_remark, name="bill_remark"),
    path("<account:number>/appeals/", appeal_views.appeals, name="appeals"),
    path("<account:number>/appeals/new/", appeal_views.new_appeal, name="new_appeal"),
    path("<account:number>/appeals/<case:case_number>/", appeal_views.appeal, name="appeal"),
    path(
        "<account:number>/appeals/<case:case_number>/letters/<int:letter_id>/",
        appeal_views.appeal_letter,
        name="appeal_letter",
    ),
    path(
        "<account:number>/appeals/<case:case_number>/files/<int:file_id>/",
        appeal_views.appeal_file,
        name="appeal_file",
    ),
    path("<account:number>/payments/", views.payments, name="payments"),
    path("<account:number>/debts/", views.debts, name="debts"),
    path("<account:number>/what-if/", plan_views.what_if, name="what_if"),
    path("<account:number>/pay/", pay_views.pay, name="pay"),
    path("<account:number>/statement/", paper_views.statement, name="statement"),
    path("<account:number>/statement/pdf/", paper_views.statement_pdf, name="statement_pdf"),
    path("<account:number>/statement/xlsx/", paper_views.statement_xlsx, name="statement_xlsx"),
    path("<account:number>/certificates/", paper_views.certificates, name="certificates"),
    path("<account:number>/certificates/<int:certificate>/pdf/", paper_views.certificate_pdf, name="certificate_pdf"),
    path("<account:number>/looks/", data_views.looks, name="looks"),
    path("<account:number>/choices/", choice_views.choices, name="choices"),
    path(
        "<account:number>/choices/contacts/<int:contact_id>/confirm/",
        choice_views.confirm_contact,
        name="confirm_contact",
    ),
    path("<account:number>/choices/contacts/<int:contact_id>/end/", choice_views.end_contact, name="end_contact"),
    path("<account:number>/people/", people_views.people, name="people"),
    path("<account:number>/people/<int:user_id>/remove/", people_views.remove, name="remove_person"),
    path(
        "<account:number>/people/invitations/<int:invitation_id>/withdraw/",
        people_views.withdraw,
        name="withdraw_invitation",
    ),
]
