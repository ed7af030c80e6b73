"""Drawing pages: templates, and the headers that keep a page to itself."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from sandbox.world import world_of

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def drawn(request: Request, template: str, *, status: int = 200, **values: object) -> HTMLResponse:
    """The page. Its forms lead here, and from here to the product, nowhere else."""
    world = world_of(request)
    policy = (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none';"
        f" frame-ancestors 'none'; form-action 'self' {world.product}"
    )
    headers = {
        "Content-Security-Policy": policy,
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    html = _TEMPLATES.get_template(template).render(values)
    return HTMLResponse(html, status_code=status, headers=headers)


def told(
    request: Request, title: str, *sentences: str, status: int, back: str = "/phone/"
) -> HTMLResponse:
    """A plain page that says what happened and what to do."""
    return drawn(request, "told.html", status=status, title=title, sentences=sentences, back=back)


def yuan(fen: int) -> str:
    """12.50 for 1250 fen."""
    return f"{fen // 100}.{fen % 100:02d}"
