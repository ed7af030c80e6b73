"""Cards' pages, mounted at the root."""

from django.urls import path

from cards import counter, desk, pages

urlpatterns = [
    path("m/<slug:code>/me/cards/", pages.cards, name="cards"),
    path("m/<slug:code>/me/cards/<uuid:card_id>/", pages.card, name="card"),
    path("m/<slug:code>/me/cards/<uuid:card_id>/code/", pages.card_code, name="card_code"),
    path("staff/<slug:code>/cards/", desk.reader, name="card_reader"),
    path("staff/<slug:code>/cards/window/", counter.counter, name="card_window"),
]
