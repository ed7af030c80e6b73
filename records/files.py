"""A paper as an answer that nobody keeps on the way."""

from django.http import HttpResponse

from papers.models import Paper


def pdf_file(paper: Paper, *, is_download: bool = True) -> HttpResponse:
    """The paper's bytes, to be kept (`is_download`) or to be looked at and printed.

    The name tells nothing about anybody. Whoever calls writes the line of the access log.
    """
    how = "attachment" if is_download else "inline"
    return HttpResponse(
        paper.pdf(),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'{how}; filename="record-{paper.shown_code}.pdf"',
            "Cache-Control": "no-store",
        },
    )
