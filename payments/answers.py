"""What payments answer when other apps ask."""

from datetime import date

from accounts.models import Account
from common import clock
from patients.leaving import spoken_for
from patients.models import Patient
from patients.news import Kept
from payments.models import Charge, LedgerEntry, PaymentOrder, Refund

ON_ITS_WAY = (Refund.Status.PROMISED, Refund.Status.ASKED, Refund.Status.ABNORMAL)
YEARS = 30  # vouchers and ledgers, from the end of their year: 会计档案管理办法 (2015), table 1


def why_account_stays(account: Account) -> list[str]:
    """`open_payment`: something is owed or being paid. `open_refund`: money is on its way back."""
    owed = Charge.objects.payable(clock.now()).of_patients(spoken_for(account))
    asked = PaymentOrder.objects.filter(payer=account, status=PaymentOrder.Status.ASKED)
    back = Refund.objects.filter(payment__payer=account, status__in=ON_ITS_WAY)
    reasons = ["open_payment"] if owed.exists() or asked.exists() else []
    return [*reasons, "open_refund"] if back.exists() else reasons


def kept_ledger(patient: Patient) -> list[Kept]:
    """The accounts (会计档案) of what the patient paid."""
    rows = LedgerEntry.objects.filter(hospital_id=patient.hospital_id, charge__patient=patient)
    last = rows.order_by("-made_at").values_list("made_at", flat=True).first()
    if last is None:
        return []
    until = date(clock.local(last).year + YEARS, 12, 31)
    return [Kept("缴费和退款记录", "会计档案管理办法：会计年度终了后保存 30 年", until)]
