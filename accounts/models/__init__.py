"""Accounts of the deployment and the staff of its hospitals; one file for each kind of table."""

from accounts.models.account import Account, AccountManager, WeChatIdentity
from accounts.models.doors import OneTimeTicket, SignInTry
from accounts.models.staff import Role, Staff

__all__ = [
    "Account",
    "AccountManager",
    "OneTimeTicket",
    "Role",
    "SignInTry",
    "Staff",
    "WeChatIdentity",
]
