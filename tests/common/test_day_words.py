"""Days in words, as pages say them."""

from datetime import date

from common.templatetags.kit import day_cn


def test_a_day_of_another_year_says_which() -> None:
    assert day_cn(date(2014, 10, 6)) == "2014年10月6日 周一"


def test_a_day_of_this_year_is_short() -> None:
    assert day_cn(date(2026, 10, 6)) == "10月6日 周二"
