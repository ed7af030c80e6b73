"""The names of what runs again and again for payments; `config/schedules.py` lists them."""

APPLY_NOTICES = "apply_notices"
ASK_PROVIDER = "query_open_payments"
SEND_REFUNDS = "send_refunds"
