"""Every timer of the house: what is swept, how often, and what it finds."""

from accounts.actions.ask_code import SEND_CODES
from accounts.actions.forget import FORGET, forget_what_is_over
from accounts.actions.receive_push import APPLY_PUSHES, apply_pushes
from accounts.actions.send_codes import send_codes
from booking.actions.close import RESOLVE, resolve_closed_sessions
from booking.actions.lapse import lapse_holds
from booking.actions.publish_ahead import publish_ahead
from cards.actions.forget import forget_readings
from common.forgetting import forget_old_events, forget_old_keys
from common.jobs import on_timer
from interop.actions.apply import apply_due_messages
from interop.actions.receive import TIMER as APPLY_RECEIVED
from notifications.actions.deliver import deliver_messages
from notifications.actions.settle import settle_messages
from patients.actions.check import check_documents
from patients.actions.close_account import close_due_accounts
from patients.actions.compare import COMPARE, compare_patients
from patients.claims import CHECK as CHECK_DOCUMENTS
from payments.actions.query import query_open_payments
from payments.actions.receive import apply_notices
from payments.actions.send import send_refunds
from payments.timers import APPLY_NOTICES, ASK_PROVIDER, SEND_REFUNDS
from pharmacy.actions.leave import expire_prescriptions
from visits.actions.review import escalate_reviews
from visits.actions.seal import seal_access_logs
from visits.actions.watch import watch_access

EVERY_MINUTE = 60

on_timer(
    "publish_ahead",
    every_seconds=10 * EVERY_MINUTE,
    sweep=publish_ahead,
    finds="dates within a hospital's horizon whose sessions are not published yet",
)
on_timer(
    "lapse_holds",
    every_seconds=EVERY_MINUTE,
    sweep=lapse_holds,
    finds="holds whose time is over, to give their places back",
)
on_timer(
    RESOLVE,
    every_seconds=EVERY_MINUTE,
    sweep=resolve_closed_sessions,
    finds="patients of closed sessions, to tell them and owe their money back",
)
on_timer(
    APPLY_NOTICES,
    every_seconds=15,
    sweep=apply_notices,
    finds="stored notices of the payment provider that were not applied at once",
)
on_timer(
    ASK_PROVIDER,
    every_seconds=15,
    sweep=query_open_payments,
    finds="payments that stay open, to ask the provider, and to close those whose time is over",
)
on_timer(
    SEND_REFUNDS,
    every_seconds=30,
    sweep=send_refunds,
    finds="refunds owed or under way, to tell the provider and to hear how they stand",
)
on_timer(
    APPLY_PUSHES,
    every_seconds=EVERY_MINUTE,
    sweep=apply_pushes,
    finds="stored events of WeChat's that were not applied at once",
)
on_timer(
    APPLY_RECEIVED,
    every_seconds=10,
    sweep=apply_due_messages,
    finds="messages of hospital systems that are stored and not yet applied",
)
on_timer(
    "deliver_messages",
    every_seconds=5,
    sweep=deliver_messages,
    finds="messages that are due, to send them",
)
on_timer(
    SEND_CODES,
    every_seconds=5,
    sweep=send_codes,
    finds="one-time codes that are due, to send them; what a dead sender held is given up",
)
on_timer(
    "settle_messages",
    every_seconds=EVERY_MINUTE,
    sweep=settle_messages,
    finds="messages whose sender died or whose time is over, to repeat, expire or hand them over",
)
on_timer(
    FORGET,
    every_seconds=60 * EVERY_MINUTE,
    sweep=forget_what_is_over,
    finds="sessions, tokens, tickets and tries to sign in whose time is over, to delete them",
)
on_timer(
    COMPARE,
    every_seconds=15,
    sweep=compare_patients,
    finds="new patients, to ask the records office about those whom the hospital may know already",
)
on_timer(
    "expire_prescriptions",
    every_seconds=EVERY_MINUTE,
    sweep=expire_prescriptions,
    finds="prescriptions whose last day has passed, to end them and owe their money back",
)
on_timer(
    CHECK_DOCUMENTS,
    every_seconds=EVERY_MINUTE,
    sweep=check_documents,
    finds="documents that nobody has verified yet, to ask the check port about them",
)
on_timer(
    "forget_old_keys",
    every_seconds=3600,
    sweep=forget_old_keys,
    finds="idempotency keys that nobody will repeat any more",
)
on_timer(
    "forget_old_events",
    every_seconds=3600,
    sweep=forget_old_events,
    finds="live events that no open page can still ask for",
)
on_timer(
    "forget_readings",
    every_seconds=60 * EVERY_MINUTE,
    sweep=forget_readings,
    finds="readings of cards that the law no longer asks for, to delete them",
)
on_timer(
    "seal_access_logs",
    every_seconds=5 * EVERY_MINUTE,
    sweep=seal_access_logs,
    finds="access lines without a seal, to chain them so that a change is found",
)
on_timer(
    "watch_access",
    every_seconds=10 * EVERY_MINUTE,
    sweep=watch_access,
    finds="unusual reading of records, to lay it before the auditor",
)
on_timer(
    "escalate_reviews",
    every_seconds=60 * EVERY_MINUTE,
    sweep=escalate_reviews,
    finds="urgent readings that nobody reviewed in time, to tell the manager",
)
on_timer(
    "close_due_accounts",
    every_seconds=10 * EVERY_MINUTE,
    sweep=close_due_accounts,
    finds="accounts whose week to think it over has passed, to close them",
)
