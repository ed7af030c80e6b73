"""Start-up of notifications."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Messages, their delivery, and tasks."""

    name = "notifications"
    verbose_name = "消息与任务"

    def ready(self) -> None:
        """Put the inbox among the phone's tabs, and the tasks among the staff's places."""
        from accounts.frames import staff_home
        from accounts.pushes import when_pushed
        from notifications.actions.open_task import TELL_IN_PERSON
        from notifications.inbox import call_and_tell
        from notifications.pages import message_tab, task_link
        from notifications.people import (
            LOOK_AT_REVIEW,
            close_review_task,
            open_review_task,
            review_title,
            silence_deceased,
        )
        from notifications.pushes import hear_change, hear_popup, hear_sent
        from notifications.words import task_title
        from patients.frames import phone_tabs
        from patients.news import after_death, after_review_decided, after_review_opened

        phone_tabs.answered_by(message_tab)
        staff_home.answered_by(task_link)
        task_title.answered_by(TELL_IN_PERSON, call_and_tell)
        task_title.answered_by(LOOK_AT_REVIEW, review_title)
        after_review_opened.answered_by(open_review_task)
        after_review_decided.answered_by(close_review_task)
        after_death.answered_by(silence_deceased)
        when_pushed.answered_by("subscribe_msg_popup_event", hear_popup)
        when_pushed.answered_by("subscribe_msg_change_event", hear_change)
        when_pushed.answered_by("subscribe_msg_sent_event", hear_sent)
