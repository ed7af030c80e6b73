"""Screens of several people, as the tests of queueing open them."""

from tests.queueing.test_in_browser import chromium, host, screens

__all__ = ["chromium", "host", "screens"]
