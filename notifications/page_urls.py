"""The inbox and the lists of tasks, mounted at the root."""

from django.urls import path

from notifications.pages import inbox, tasks

urlpatterns = [
    path("m/<slug:code>/messages/", inbox, name="notifications_inbox"),
    path("staff/<slug:code>/tasks/", tasks, name="notifications_tasks"),
]
