"""While nobody can count who asks, nobody is answered, and everybody is told to come again."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from tests.notifications.test_cache_away import NOBODY_THERE

pytestmark = pytest.mark.django_db


def test_a_code_is_not_answered_uncounted_and_the_page_says_so(
    client: Client, settings: Settings
) -> None:
    settings.CACHES = NOBODY_THERE

    answers = [client.get("/verify/unknown/") for _ in range(2)]

    assert [one.status_code for one in answers] == [503, 503]
    assert "现在无法查询" in answers[0].content.decode()


def test_neither_is_a_file(client: Client, settings: Settings) -> None:
    settings.CACHES = NOBODY_THERE
    brought = SimpleUploadedFile("p.pdf", b"%PDF-1.7", content_type="application/pdf")

    assert client.post("/verify/file/", {"paper": brought}).status_code == 503
