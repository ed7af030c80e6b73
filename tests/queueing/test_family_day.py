"""The family sees of a day what the patient let it see."""

import pytest

from patients.models import Grant, Relation, Scope
from results.actions.file import file_report
from tests import make
from tests.make import results as at_laboratory

pytestmark = pytest.mark.django_db
REPORT = "血常规"


@pytest.mark.parametrize("part", ["", "live/"])
def test_who_may_only_wait_for_a_patient_reads_of_no_report(part: str) -> None:
    family = make.account()
    mother = make.patient(account=family, relation=Relation.FAMILY)
    order = at_laboratory.order(patient=mother)
    file_report(order=order, issued=at_laboratory.issued(order))
    client = make.signed_in_client(family)
    url = f"/m/{mother.hospital.code}/visits/today/{part}"

    before = client.get(url).content.decode()
    Grant.objects.update(scopes=[Scope.QUEUE, Scope.REPORTS])
    after = client.get(url).content.decode()

    assert REPORT not in before
    assert REPORT in after
