"""Papers are sealed with a key of this run; screens are opened as queueing's tests do."""

from tests.papers.conftest import seal, seal_folder
from tests.queueing.test_in_browser import chromium, host, screens

__all__ = ["chromium", "host", "screens", "seal", "seal_folder"]
