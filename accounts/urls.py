"""The API of accounts, under `/api/v1/`; it belongs to no hospital."""

from django.urls import path

from accounts.api import (
    EndLogin,
    EndOtherLogins,
    LoginList,
    SignOut,
    SocketTickets,
    WebTickets,
    WeChatLogin,
)

urlpatterns = [
    path("login/wechat", WeChatLogin.as_view()),
    path("me/web-tickets", WebTickets.as_view()),
    path("me/socket-tickets", SocketTickets.as_view()),
    path("me/sign-out", SignOut.as_view()),
    path("me/sessions", LoginList.as_view()),
    path("me/sessions/end-others", EndOtherLogins.as_view()),
    path("me/sessions/<uuid:login_id>/end", EndLogin.as_view()),
]
