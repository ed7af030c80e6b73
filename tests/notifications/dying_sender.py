"""A sender in a process of its own, which the test kills.

`python -m tests.notifications.dying_sender DATABASE WECHAT_URL MOMENT`
"""

import os
import sys
from datetime import datetime

import django


def main() -> None:
    """Deliver one batch on the test's database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    from django.conf import settings  # noqa: PLC0415 - before Django is set up

    database, url, moment = sys.argv[1:]
    settings.DATABASES["default"]["NAME"] = database
    settings.WECHAT_API_URL = url
    django.setup()

    from common import clock  # noqa: PLC0415 - needs Django
    from notifications.actions.deliver import deliver_messages  # noqa: PLC0415 - likewise
    from tests.notifications.phones import register_words  # noqa: PLC0415 - likewise

    register_words()
    with clock.freeze(datetime.fromisoformat(moment)):
        deliver_messages()


if __name__ == "__main__":
    main()
