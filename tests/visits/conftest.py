"""Screens are opened as queueing's tests do."""

from tests.queueing.test_in_browser import chromium, host, screens

__all__ = ["chromium", "host", "screens"]
