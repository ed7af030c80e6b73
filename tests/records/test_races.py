"""Several phones ask for one visit's record at the same moment."""

import pytest

from papers.models import Paper
from records.models import IssuedRecord
from tests import make
from tests.make import records as made
from tests.threads import race

pytestmark = [pytest.mark.pg, pytest.mark.django_db(transaction=True)]


def test_four_phones_at_once_get_one_valid_paper() -> None:
    visit = made.visit()
    account = make.account()

    papers = race([lambda: made.issued(visit, account=account)] * 4)

    assert papers == [Paper.objects.get()] * 4
    assert IssuedRecord.objects.count() == 1


def test_a_story_that_changes_meanwhile_leaves_one_valid_paper() -> None:
    visit = made.visit()
    account = make.account()

    results: list[object] = race(
        [
            lambda: made.issued(visit, account=account),
            lambda: made.order(visit),
            lambda: made.issued(visit, account=account),
        ]
    )
    last = made.issued(visit, account=account)

    assert [one for one in results if isinstance(one, Exception)] == []
    assert list(Paper.objects.filter(status=Paper.Status.ISSUED)) == [last]
