"""A record that is ready to be issued."""

from dataclasses import dataclass

from papers.drawing import DrawnPaper
from visits.models import Visit


@dataclass(frozen=True)
class PreparedRecord:
    """A visit's record as it was told just now; drawn only where no valid paper says the same."""

    visit: Visit
    content_index: str
    drawn: DrawnPaper | None
