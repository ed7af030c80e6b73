"""Screens of several people, as the tests of queueing open them."""

from tests.queueing.test_in_browser import host, screens

__all__ = ["host", "screens"]
