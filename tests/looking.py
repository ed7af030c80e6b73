"""A page as people see it: at three widths, with a picture of each, by axe, and over no edge."""

from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Page

WIDTHS = (390, 1024, 1920)
TALL = 2400  # a dock at the foot covers nothing that axe must see
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def look(page: Page, name: str) -> list[str]:
    """What is wrong at each width, or nothing; the pictures stay under `screenshots`."""
    folder = Path(settings.VAR_DIR) / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    before = page.viewport_size
    complaints: list[str] = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            complaints.append(f"{name} {width} scrolls sideways")
        page.set_viewport_size({"width": width, "height": TALL})
        found = Axe().run(page, options=WCAG).response["violations"]
        complaints += [f"{name} {width} {one['id']}: {one['nodes'][0]['html']}" for one in found]
    if before is not None:
        page.set_viewport_size(before)
    return complaints
