"""Screens are opened as queueing's tests do."""

from tests.queueing.test_in_browser import host, screens

__all__ = ["host", "screens"]
