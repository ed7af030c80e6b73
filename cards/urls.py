"""Cards' addresses under `/api/v1/hospitals/{code}/`."""

from django.urls import path

from cards import api

urlpatterns = [
    path("cards", api.CardList.as_view()),
    path("cards/bind", api.CardBinding.as_view()),
    path("cards/<uuid:card_id>/code", api.CardCodes.as_view()),
    path("cards/<uuid:card_id>/lost", api.CardLost.as_view()),
]
