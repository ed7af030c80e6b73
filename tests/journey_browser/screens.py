"""Screens of several people, looked at as they are used."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Response

from tests.journey_browser.house import House, Login

WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
SIZES = {390: (390, 844), 1024: (1024, 768), 1920: (1920, 1080)}
PATIENCE_MS = 30_000  # a sweep goes round every two seconds; a busy machine takes its time
TALL = 3000  # where a dock that stays in sight covers nothing


@dataclass
class Screens:
    """Browsers of different people, and everything that was wrong on any of them."""

    browser: Browser
    house: House
    album: Path
    complaints: list[str] = field(default_factory=list)
    pictures: int = 0

    def opened(self, width: int) -> Page:
        """A browser of somebody's own."""
        size = SIZES[width]
        context = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            base_url=self.house.url,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("response", self._see)
        return page

    def signed_in(self, login: Login, *, width: int) -> Page:
        """A staff member's browser, after signing in by the form."""
        page = self.opened(width)
        page.goto("/staff/sign-in/")
        page.get_by_label("账号").fill(login.username)
        page.get_by_label("密码").fill(login.password)
        page.get_by_role("button", name="登录").click()
        page.get_by_role("heading", name="工作台").wait_for()
        return page

    def beside(self, page: Page, *, width: int) -> Page:
        """Another screen of the same person."""
        more = self.opened(width)
        more.context.add_cookies(page.context.cookies())  # type: ignore[arg-type]  # same fields
        return more

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"console: {message.text} {message.location.get('url', '')}")

    def _see(self, response: Response) -> None:
        if response.status >= 400:
            self.complaints.append(f"{response.status}: {response.request.method} {response.url}")

    def look(self, page: Page, name: str, *, widths: Sequence[int] = ()) -> None:
        """Keep a picture; note what axe finds and what hangs over the edge, at each width."""
        self.pictures += 1
        own = (page.viewport_size or {"width": 390})["width"]
        for width in (own, *(one for one in widths if one != own)):
            more = "" if width == own else f"-{width}"
            self._look(page, f"{self.pictures:02d}-{name}{more}", width=width)
        self._resize(page, SIZES[own])

    def _look(self, page: Page, name: str, *, width: int) -> None:
        self._resize(page, SIZES[width])
        page.screenshot(path=self.album / f"{name}.png", animations="disabled")
        over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if over > 0:
            self.complaints.append(f"{name}: {over} px over the edge")
        if page.evaluate("document.querySelector('.installation')?.offsetTop ?? 0"):
            self.complaints.append(f"{name}: the line of the installation is not at the top")
        self._resize(page, (width, TALL))
        violations = Axe().run(page, options=WCAG).response["violations"]
        self.complaints += [f"{name} {v['id']}: {v['nodes'][0]['html']}" for v in violations]

    def _resize(self, page: Page, size: tuple[int, int]) -> None:
        page.set_viewport_size({"width": size[0], "height": size[1]})
