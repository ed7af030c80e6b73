"""The access log is sealed in batches, so that a change is found and no reader ever waits."""

import logging
from datetime import timedelta
from itertools import pairwise
from uuid import UUID

from common import clock
from common.commands import action, write_unless_there
from common.crypto import blind_index
from hospitals.models import Hospital
from patients.models import AccessLine, AccessSeal

log = logging.getLogger(__name__)
SETTLED = timedelta(minutes=10)  # a line's key is older than its commit; no command lasts so long
BATCH = 1000
COLUMNS = ("id", "patient_id", "staff_id", "account_id", "role", "shown", "reason", "at")


def seal_access_logs(*, settled: timedelta = SETTLED) -> int:
    """One more seal for each hospital that has lines without one; how many. A sweep."""
    before = _key_of_moment(settled)
    sealed = [
        _seal_one(hospital_id=key, before=before)
        for key in Hospital.objects.order_by("pk").values_list("pk", flat=True)
    ]
    return sum(sealed)


@action
def _seal_one(*, hospital_id: UUID, before: UUID) -> bool:
    """Seal the oldest lines that have no seal; of two sweeps at once, one does."""
    last = AccessSeal.objects.filter(hospital_id=hospital_id).order_by("-number").first()
    lines = AccessLine.objects.filter(hospital_id=hospital_id, pk__lt=before)
    rows = list(
        lines.between(after=last.up_to if last else None, up_to=None).values_list(*COLUMNS)[:BATCH]
    )
    if not rows:
        return False

    seal = AccessSeal(
        hospital_id=hospital_id,
        number=last.number + 1 if last else 1,
        up_to=rows[-1][0],
        lines=len(rows),
        digest=digest_of(hospital_id, before=last.digest if last else "", rows=rows),
        made_at=clock.now(),
    )
    write_unless_there(seal, columns=("hospital_id", "number"))
    log.info(  # outside the database too: who rewrites the whole chain is found by these
        "access log sealed",
        extra={"hospital_id": hospital_id, "number": seal.number, "digest": seal.digest},
    )
    return True


def _key_of_moment(settled: timedelta) -> UUID:
    """The smallest key that a row made so long ago can have (UUIDv7: milliseconds first)."""
    milliseconds = int((clock.real_now() - settled).timestamp() * 1000)
    return UUID(int=milliseconds << 80)


def digest_of(hospital_id: UUID, *, before: str, rows: list[tuple[object, ...]]) -> str:
    """HMAC-SM3 over the digest before and every column of the lines, in the order of keys."""
    said = "\n".join(",".join(_said(value) for value in row) for row in rows)
    return blind_index("patients.access_seal", f"{hospital_id}\n{before}\n{said}")


def _said(value: object) -> str:
    isoformat = getattr(value, "isoformat", None)
    return isoformat() if isoformat else str(value)


def faults_of(hospital: Hospital) -> list[str]:
    """What does not fit: seals that are missing, and seals over lines that are not as they were."""
    seals = list(AccessSeal.objects.filter(hospital=hospital).order_by("number"))
    faults = [
        f"after seal {one.number} comes {other.number}"
        for one, other in pairwise(seals)
        if other.number != one.number + 1
    ]
    if seals and seals[0].number != 1:
        faults.append(f"the first seal is {seals[0].number}")
    before: AccessSeal | None = None
    for seal in seals:
        lines = AccessLine.objects.filter(hospital=hospital)
        covered = lines.between(after=before.up_to if before else None, up_to=seal.up_to)
        rows = list(covered.values_list(*COLUMNS))
        if len(rows) != seal.lines:
            faults.append(f"seal {seal.number} covers {seal.lines} lines, {len(rows)} are there")
        elif digest_of(hospital.pk, before=before.digest if before else "", rows=rows) != (
            seal.digest
        ):
            faults.append(f"seal {seal.number}: a line was changed")
        before = seal
    return faults
