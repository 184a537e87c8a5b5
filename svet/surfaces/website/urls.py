"""The public site."""

from django.urls import path

from svet.surfaces.web import converters  # noqa: F401 (teaches the parts of addresses)
from svet.surfaces.website import (
    appeal_views,
    application_views,
    asked,
    by_bill_views,
    debt_views,
    grid_views,
    office_views,
    price_views,
    queue_views,
    status_views,
    views,
    written,
)

app_name = "website"
urlpatterns = [
    path("", views.home, name="home"),
    path("contacts/", views.contacts, name="contacts"),
    path("offices/", office_views.listed, name="offices"),
    path("offices/offices.json", office_views.offices_json, name="offices_json"),
    path("offices/<slug:code>/", office_views.office, name="office"),
    path("offices/<slug:code>/hours.ics", office_views.hours, name="office_hours"),
    path("queue/book/", queue_views.book, name="book"),
    path("queue/booking/<str:booking>/", queue_views.booking, name="booking"),
    path("queue/<slug:ticket_code>/", queue_views.ticket, name="ticket"),
    path("queue/<slug:ticket_code>/ticket.pdf", queue_views.ticket_pdf, name="ticket_pdf"),
    path("check/", views.check, name="check"),
    path("asked/<str:token>/", asked.asked, name="asked"),
    path("readings/give/", by_bill_views.give_reading, name="give_reading"),
    path("readings/give/meter/", by_bill_views.give_reading_of_meter, name="give_reading_of_meter"),
    path("readings/give/<str:receipt>/", by_bill_views.reading_given, name="reading_given"),
    path("pay/", by_bill_views.pay, name="pay"),
    path("pay/sum/", by_bill_views.pay_sum, name="pay_sum"),
    path("pay/forget/", by_bill_views.forget_bill, name="forget_bill"),
    path("readings/sms/", views.sms_readings, name="sms_readings"),
    path("readings/sms/leaflet/", views.sms_leaflet, name="sms_leaflet"),
    path("appeals/", appeal_views.appeal_status, name="appeal_status"),
    path("appeals/new/", appeal_views.new_appeal, name="new_appeal"),
    path("appeals/<case:case_number>/", appeal_views.appeal, name="appeal"),
    path("appeals/<case:case_number>/sent/", appeal_views.appeal_sent, name="appeal_sent"),
    path("appeals/<case:case_number>/files/<int:file_id>/", appeal_views.appeal_file, name="appeal_file"),
    path("contract/apply/", application_views.apply, name="apply"),
    path("search/", written.search, name="search"),
    path("contests/<int:page_id>/", written.contest, name="contest"),
    path("tariffs/", price_views.tariffs, name="tariffs"),
    path("tariffs/norms/", price_views.norms, name="norms"),
    path("calculator/", price_views.calculator, name="calculator"),
    path("grid-companies/", grid_views.grid_companies, name="grid_companies"),
    path("consequences/", debt_views.consequences, name="consequences"),
    path("status/", status_views.status, name="status"),
]
