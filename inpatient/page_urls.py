"""The pages of stays, mounted at the root."""

from django.urls import path

from inpatient import asking_pages, pages, phone_pages

STAY = "staff/<slug:code>/admissions/<uuid:admission_id>/"

urlpatterns = [
    path("staff/<slug:code>/wards/", pages.wards, name="inpatient_wards"),
    path("staff/<slug:code>/wards/<uuid:ward_id>/", pages.ward, name="inpatient_ward"),
    path(
        "staff/<slug:code>/wards/<uuid:ward_id>/live/", pages.ward_live, name="inpatient_ward_live"
    ),
    path("staff/<slug:code>/admissions/new", pages.admissions, name="inpatient_admissions"),
    path(STAY, pages.stay, name="inpatient_stay"),
    path(f"{STAY}live/", pages.stay_live, name="inpatient_stay_live"),
    path(f"{STAY}discharge/", pages.leave, name="inpatient_leave"),
    path(f"{STAY}wristband/", pages.wristband, name="inpatient_wristband"),
    path("staff/<slug:code>/admissions/ask/", asking_pages.patients, name="inpatient_patients"),
    path(
        "staff/<slug:code>/patients/<uuid:patient_id>/admission/",
        asking_pages.ask,
        name="inpatient_ask",
    ),
    path("m/<slug:code>/stay/", phone_pages.stays, name="inpatient_stays"),
    path("m/<slug:code>/stay/live/", phone_pages.stays_live, name="inpatient_stays_live"),
]
