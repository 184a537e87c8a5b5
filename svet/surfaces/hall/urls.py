"""What stands in an office: kiosk, board, terminal, tablet at a window. Each device has its own secret address."""

from django.urls import path

from svet.surfaces.hall import board_views, kiosk_views, offline_views, tablet_views, terminal_print, terminal_views

app_name = "hall"
urlpatterns = [
    path("worker.js", offline_views.worker, name="worker"),
    path("offline/", offline_views.page, name="offline"),
    path("kiosk/<str:device>/", kiosk_views.start, name="kiosk"),
    path("kiosk/<str:device>/booked/", kiosk_views.booked, name="kiosk_booked"),
    path("kiosk/<str:device>/ticket/<slug:ticket_code>/", kiosk_views.taken, name="kiosk_ticket"),
    path("kiosk/<str:device>/<slug:series>/", kiosk_views.service, name="kiosk_service"),
    path("board/<str:device>/", board_views.board, name="board"),
    path("board/<str:device>/now/", board_views.now, name="board_now"),
    path("terminal/<str:device>/", terminal_views.start, name="terminal"),
    path("terminal/<str:device>/<slug:deed>/", terminal_views.deed, name="terminal_deed"),
    path("terminal/<str:device>/<slug:deed>/print/", terminal_print.page, name="terminal_print"),
    path("terminal/<str:device>/<slug:deed>/strip.pdf", terminal_print.strip, name="terminal_strip"),
    path("tablet/<str:device>/", tablet_views.tablet, name="tablet"),
    path("tablet/<str:device>/now/", tablet_views.now, name="tablet_now"),
]
