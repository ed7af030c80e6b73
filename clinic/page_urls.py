"""The administrator's pages about staff, mounted at the root."""

from django.urls import path

from clinic import people_pages

urlpatterns = [
    path("staff/<slug:code>/people/", people_pages.people, name="clinic_people"),
    path("staff/<slug:code>/people/hire/", people_pages.hire, name="clinic_hire"),
    path("staff/<slug:code>/people/<uuid:staff_id>/", people_pages.person, name="clinic_person"),
]
