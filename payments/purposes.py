"""Where what is sold registers itself, and who is told of a refund."""

from common.asking import Announcement, Purpose
from payments.models import Charge, Refund

# Asked inside the settlement's transaction, which holds the charge's lock; the money has arrived
# whatever the answerer thinks of it, so it owes a refund instead of refusing. A purpose carries
# the name its subject has in the order of locks ("appointment", "order"): several charges of one
# payment are answered in that order.
when_paid: Purpose[[Charge], None] = Purpose("when_paid")

# Told inside the transaction in which a refund is done; the payer has the money.
after_refund: Announcement[[Refund]] = Announcement("after_refund")
