"""Papers are sealed with a key of this run; screens are opened as queueing's tests do."""

from tests.papers.conftest import seal, seal_folder
from tests.queueing.test_in_browser import host, screens

__all__ = ["host", "screens", "seal", "seal_folder"]
