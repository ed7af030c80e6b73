"""Where the provider tells us of money; no hospital in it, the merchant names one."""

from django.urls import path

from payments.api import notify

urlpatterns = [path("<slug:mchid>/notify", notify)]
