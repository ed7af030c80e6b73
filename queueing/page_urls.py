"""Queueing's pages, mounted at the root."""

from django.urls import path

from queueing import pages, phone_pages

urlpatterns = [
    path("staff/<slug:code>/rooms/", pages.rooms, name="queue_rooms"),
    path("staff/<slug:code>/queues/<uuid:queue_id>/", pages.room, name="queue_room"),
    path("staff/<slug:code>/queues/<uuid:queue_id>/live/", pages.room_live, name="queue_live"),
    path("staff/<slug:code>/triage/", pages.triage, name="queue_triage"),
    path("staff/<slug:code>/triage/check-in/", pages.desk_check_in, name="queue_desk_check_in"),
    path("wall/<slug:code>/<uuid:place_id>/", pages.wall, name="queue_wall"),
    path("wall/<slug:code>/<uuid:place_id>/live/", pages.wall_live, name="queue_wall_live"),
    path("m/<slug:code>/visits/today/", phone_pages.today, name="queue_today"),
    path("m/<slug:code>/visits/today/live/", phone_pages.today_live, name="queue_today_live"),
]
