"""Signing in by WeChat and by password, and the lock after wrong ones."""

from datetime import timedelta

import pytest

from accounts.actions.sign_in import issue_token, sign_in_by_wechat, sign_in_staff
from accounts.errors import AccountClosed, SignInLocked, SignInRefused
from accounts.models import Account, SignInTry, Token, WeChatIdentity
from common import clock
from tests import make
from tests.make.accounts import PASSWORD, login

pytestmark = pytest.mark.django_db
WRONG = "Autumn-wind"


def fail_to_sign_in(username: str, *, times: int) -> None:
    """Wrong passwords, one after another."""
    for _ in range(times):
        with pytest.raises(SignInRefused):
            sign_in_staff(username=username, password=WRONG)


def test_the_same_phone_is_the_same_account() -> None:
    first = sign_in_by_wechat(app_id="wx1", openid="o1")

    assert sign_in_by_wechat(app_id="wx1", openid="o1") == first
    assert sign_in_by_wechat(app_id="wx1", openid="o2") != first


def test_one_wechat_user_keeps_the_account_in_another_mini_program() -> None:
    first = sign_in_by_wechat(app_id="wx1", openid="o1", unionid="u1")

    assert sign_in_by_wechat(app_id="wx2", openid="o9", unionid="u1") == first
    assert sign_in_by_wechat(app_id="wx2", openid="o8", unionid="") != first
    assert WeChatIdentity.objects.filter(account=first).count() == 2


def test_an_account_from_wechat_has_no_password() -> None:
    account = sign_in_by_wechat(app_id="wx1", openid="o1")

    assert not Account.objects.get(pk=account.pk).has_usable_password()


def test_a_closed_account_stays_closed() -> None:
    account = sign_in_by_wechat(app_id="wx1", openid="o1")
    Account.objects.filter(pk=account.pk).update(is_active=False)

    with pytest.raises(AccountClosed):
        sign_in_by_wechat(app_id="wx1", openid="o1")


def test_a_token_is_good_for_thirty_days_and_dead_ones_are_dropped() -> None:
    account = make.account()
    login(account, days=-1)

    _, expires_at = issue_token(account=account)

    assert Token.objects.filter(user=account).count() == 1
    assert timedelta(days=29) < expires_at - clock.real_now() <= timedelta(days=30)


def test_staff_sign_in_by_name_and_password() -> None:
    nurse = make.staff()

    assert sign_in_staff(username=nurse.account.username or "", password=PASSWORD) == nurse.account
    assert not SignInTry.objects.exists()


def test_after_five_wrong_passwords_the_right_one_waits_a_quarter_of_an_hour() -> None:
    name = make.staff().account.username or ""
    fail_to_sign_in(name, times=5)

    with pytest.raises(SignInLocked) as locked:
        sign_in_staff(username=name, password=PASSWORD)
    clock.shift(timedelta(minutes=15))

    assert locked.value.facts == {"until": clock.now()}
    assert sign_in_staff(username=name, password=PASSWORD).username == name


def test_trying_while_it_is_locked_does_not_lock_it_longer() -> None:
    name = make.staff().account.username or ""
    fail_to_sign_in(name, times=5)
    clock.shift(timedelta(minutes=14))
    with pytest.raises(SignInLocked):
        sign_in_staff(username=name, password=WRONG)

    clock.shift(timedelta(minutes=1))

    assert sign_in_staff(username=name, password=PASSWORD).username == name


def test_a_right_password_forgets_the_wrong_ones_before() -> None:
    name = make.staff().account.username or ""
    fail_to_sign_in(name, times=4)
    sign_in_staff(username=name, password=PASSWORD)

    fail_to_sign_in(name, times=4)

    assert sign_in_staff(username=name, password=PASSWORD).username == name


def test_a_name_that_nobody_has_is_refused_and_locked_as_any_other() -> None:
    fail_to_sign_in("nobody", times=5)

    with pytest.raises(SignInLocked):
        sign_in_staff(username="NOBODY ", password=WRONG)


def test_no_name_is_kept_with_the_wrong_tries() -> None:
    fail_to_sign_in("lin-jing", times=1)

    assert "lin-jing" not in SignInTry.objects.get().username_index


def test_an_account_without_staff_cannot_sign_in_as_staff() -> None:
    account = make.account()
    Account.objects.filter(pk=account.pk).update(
        username="ghost", password=make.staff().account.password
    )

    with pytest.raises(SignInRefused):
        sign_in_staff(username="ghost", password=PASSWORD)
