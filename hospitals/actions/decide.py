"""A hospital decides its rules."""

from datetime import date
from ipaddress import ip_network
from typing import Any

from common.commands import action
from hospitals.models import Hospital, PolicyVersion
from hospitals.policy import Policy


@action
def decide_policy(*, hospital: Hospital, effective_on: date, **rules: Any) -> PolicyVersion:
    """Let `rules` (names of `Policy`) count from a date on; the rest keep their usual values.

    Deciding the same date again replaces it. Raises TypeError for a rule that nothing reads, and
    ValueError for a network that is none.
    """
    for network in Policy(**rules).inside_networks:
        ip_network(network)

    known = PolicyVersion.objects.filter(hospital=hospital, effective_on=effective_on).first()
    version = known or PolicyVersion(hospital=hospital, effective_on=effective_on)
    version.values = rules
    version.save()
    return version
