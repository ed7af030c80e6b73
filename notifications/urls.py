"""The API of one's own messages, under `/api/v1/me/`."""

from django.urls import path

from notifications.api import MyMessageRead, MyMessages, MySubscriptions

my_urlpatterns = [
    path("messages", MyMessages.as_view()),
    path("messages/<uuid:message_id>/read", MyMessageRead.as_view()),
    path("subscriptions", MySubscriptions.as_view()),
]
