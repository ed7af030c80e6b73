"""Accounts of the deployment and the staff of its hospitals; one file for each kind of table."""

from accounts.models.account import Account, AccountManager, WeChatIdentity
from accounts.models.code import OneTimeCode, OneTimeCodeManager, OneTimeCodeQuerySet
from accounts.models.device import (
    BADGE_ROLES,
    Badge,
    Device,
    DeviceChallenge,
    DeviceEvent,
    DeviceSession,
    Enrolment,
)
from accounts.models.doors import OneTimeTicket, SignInTry
from accounts.models.push import Push, PushManager, PushQuerySet
from accounts.models.second_factor import RecoveryCode, SecondFactor
from accounts.models.session import PageSession, Token
from accounts.models.sign_in_provider import SignInProvider
from accounts.models.staff import Licence, Role, Staff, StaffChange
from accounts.models.wechat import WeChatPerson

__all__ = [
    "BADGE_ROLES",
    "Account",
    "AccountManager",
    "Badge",
    "Device",
    "DeviceChallenge",
    "DeviceEvent",
    "DeviceSession",
    "Enrolment",
    "Licence",
    "OneTimeCode",
    "OneTimeCodeManager",
    "OneTimeCodeQuerySet",
    "OneTimeTicket",
    "PageSession",
    "Push",
    "PushManager",
    "PushQuerySet",
    "RecoveryCode",
    "Role",
    "SecondFactor",
    "SignInProvider",
    "SignInTry",
    "Staff",
    "StaffChange",
    "Token",
    "WeChatIdentity",
    "WeChatPerson",
]
