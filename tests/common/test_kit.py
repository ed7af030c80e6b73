"""The screen kit in Debian's Chromium: what axe sees, and what it cannot see."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.test import override_settings
from django.urls import include, path
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Error,
    Page,
    Request,
    Route,
    WebSocketRoute,
)
from pytest_django.live_server_helper import LiveServer

from common.gallery import FRAMES
from common.pages import set_text_step
from common.templatetags.kit import beside, clock_time, day_cn, masked_name, yuan

CHROMIUM = "/usr/bin/chromium"
SCREENSHOTS = Path(django_settings.VAR_DIR) / "screenshots"
WIDTHS = (320, 390, 1024, 1920)
STEPS = ("1", "2", "3")
HEIGHTS = {320: 640, 390: 844, 1024: 768, 1920: 1080}
SMALLEST_TARGET = {"1": 44, "2": 60, "3": 60}  # MIIT 2021, 2.1
SMALLEST_TEXT = {"1": 13, "2": 18, "3": 30}  # MIIT 2021, 1.1
TIGHTEST_LINE = 1.3  # MIIT 2021, 1.2
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def live_page(request: HttpRequest) -> HttpResponse:
    """A page that follows one queue."""
    return render(request, "tests/live.html")


def live_fragment(_request: HttpRequest) -> HttpResponse:
    """The queue as it stands, by how often it was asked for."""
    live_fragment.asked += 1  # type: ignore[attr-defined]  # a counter of this stand-in
    return HttpResponse(f"<p id='asked'>{live_fragment.asked}</p>")  # type: ignore[attr-defined]


LIVE_PAGE = """{% extends "common/staff.html" %}{% load static %}
{% block scripts %}<script src="{% static "common/live.js" %}" defer></script>{% endblock %}
{% block content %}<div id="live" data-live-url="/ws/v1/live/" data-live-stream="queue:7"
 data-live-since="12" data-live-refresh="/fragment/">
</div>{% endblock %}"""

urlpatterns = [
    path("kit/", include("common.gallery")),
    path("text-step/", set_text_step),
    path("live/", live_page),
    path("fragment/", live_fragment),
]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The gallery on a port of its own, under the product's own middleware."""
    ours: dict[str, Any] = django_settings.TEMPLATES[0]
    templates = [
        {
            **ours,
            "APP_DIRS": False,
            "OPTIONS": {
                **ours["OPTIONS"],
                "loaders": [
                    ("django.template.loaders.locmem.Loader", {"tests/live.html": LIVE_PAGE}),
                    "django.template.loaders.app_directories.Loader",
                ],
            },
        }
    ]
    live_fragment.asked = 0  # type: ignore[attr-defined]  # a counter of this stand-in
    with override_settings(
        ROOT_URLCONF=__name__,
        TEMPLATES=templates,
        STATIC_ROOT=tmp_path_factory.mktemp("nothing-collected"),
        ALLOWED_HOSTS=["127.0.0.1"],
    ):
        server = LiveServer("127.0.0.1")
        yield server.url
        server.stop()


@pytest.fixture
def screen(chromium: Browser, address: str) -> Iterator[Page]:
    """A page that fails the test for anything the browser complains about."""
    complaints: list[str] = []
    strangers: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            complaints.append(message.text)

    def fail(error: Error) -> None:
        complaints.append(str(error))

    def notice(request: Request) -> None:
        if not request.url.startswith(address):
            strangers.append(request.url)

    page = chromium.new_page(base_url=address)
    page.on("console", hear)
    page.on("pageerror", fail)
    page.on("request", notice)
    yield page
    page.close()
    assert complaints == []
    assert strangers == []


def show(page: Page, address: str, frame: str, *, width: int, step: str) -> None:
    """Open one frame of the gallery at a width and a text step."""
    page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
    page.context.add_cookies([{"name": "text_step", "value": step, "url": address}])
    page.goto(f"/kit/{frame}/")


MEASURE = """() => {
  const shown = (e) => e.checkVisibility({checkVisibilityCSS: true, checkOpacity: true})
    && !e.closest('.visually-hidden, .skip-link')
    && getComputedStyle(e.closest('thead') ?? e).clipPath === 'none';
  const hasText = (e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
  const area = (e) => ((e.matches('input') && e.closest('label')) || e).getBoundingClientRect();
  const name = (e) => `${e.getAttribute('class')} ${e.textContent.trim().slice(0, 20)}`;
  const all = [...document.body.querySelectorAll('*')].filter(shown);
  const tapped = 'a, button, input:not([type=hidden]), select, textarea';
  const targets = all.filter((e) => e.matches(tapped));
  const texts = all.filter(hasText);
  return {
    targets: targets.map((e) => ({name: name(e), w: area(e).width, h: area(e).height})),
    texts: texts.map((e) => {
      const style = getComputedStyle(e);
      const size = parseFloat(style.fontSize);
      return {name: name(e), size, line: parseFloat(style.lineHeight) / size};
    }),
    clipped: texts.filter((e) => {
      const style = getComputedStyle(e);
      return style.overflowX !== 'auto' && style.display !== 'inline'
        && e.scrollWidth > e.clientWidth + 1;
    }).map(name),
    outside: all.filter((e) => !e.closest('.staff-nav ul')
      && e.getBoundingClientRect().right > innerWidth + 1).map(name),
    scrolls: document.documentElement.scrollWidth - innerWidth,
  };
}"""


@pytest.mark.browser
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("frame", FRAMES)
def test_every_frame_can_be_read_and_tapped_at_every_width_and_text_step(
    screen: Page, address: str, frame: str, width: int, step: str
) -> None:
    show(screen, address, frame, width=width, step=step)

    measured = screen.evaluate(MEASURE)
    screen.screenshot(path=SCREENSHOTS / f"kit-{frame}-{width}-{step}.png", full_page=True)

    least, smallest = SMALLEST_TARGET[step], SMALLEST_TEXT[step]
    least = least if frame != "wall" else 44
    smallest = smallest if frame != "wall" else 16
    assert measured["targets"]
    assert [t for t in measured["targets"] if min(t["w"], t["h"]) < least - 0.5] == []
    assert [t for t in measured["texts"] if t["size"] < smallest] == []
    assert [t for t in measured["texts"] if t["line"] < TIGHTEST_LINE - 0.001] == []
    assert measured["clipped"] == []
    assert measured["outside"] == []
    assert measured["scrolls"] <= 0


@pytest.mark.browser
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("frame", FRAMES)
def test_axe_finds_nothing_on_any_frame(screen: Page, address: str, frame: str, step: str) -> None:
    show(screen, address, frame, width=390, step=step)

    found = Axe().run(screen, options=WCAG).response["violations"]

    assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in found] == []


@pytest.mark.browser
def test_axe_does_find_a_field_without_its_label(screen: Page) -> None:
    screen.goto("/kit/phone/")
    screen.evaluate("() => document.querySelector('label[for=id_name]').remove()")

    found = Axe().run(screen, options=WCAG).response["violations"]

    assert "label" in {violation["id"] for violation in found}


@pytest.mark.browser
def test_one_tap_makes_the_text_larger_and_the_next_page_keeps_it(screen: Page) -> None:
    screen.goto("/kit/phone/")
    screen.get_by_role("button", name="大字版").first.click()
    screen.goto("/kit/staff/")

    assert screen.locator("html").get_attribute("class") == "text-2"
    assert screen.evaluate("() => getComputedStyle(document.body).fontSize") == "21.6px"


@pytest.mark.browser
def test_the_keyboard_reaches_the_text_first_and_sees_where_it_is(screen: Page) -> None:
    screen.goto("/kit/phone/")
    screen.keyboard.press("Tab")

    assert screen.evaluate("() => document.activeElement.textContent") == "跳到正文"
    assert screen.evaluate("() => getComputedStyle(document.activeElement).outlineWidth") == "3px"
    screen.keyboard.press("Enter")
    assert screen.evaluate("() => document.activeElement.id") == "main"


class Hospital:
    """The server's end of the websocket, in the test's hands."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.first_frames: list[dict[str, Any]] = []
        self.sockets: list[WebSocketRoute] = []
        page.route_web_socket("**/ws/v1/live/", self._answer)

    def _answer(self, socket: WebSocketRoute) -> None:
        self.sockets.append(socket)
        socket.on_message(lambda text: self.first_frames.append(json.loads(text)))

    def await_frames(self, count: int) -> None:
        """Give the browser its turn until so many sockets have sent their first frame."""
        turns = 0
        while len(self.first_frames) < count:
            self.page.evaluate("() => new Promise((done) => queueMicrotask(done))")
            turns += 1
            assert turns < 500, self.first_frames

    def send(self, **frame: object) -> None:
        """One frame to the newest socket."""
        self.sockets[-1].send(json.dumps(frame))

    def event(self, number: int, kind: str = "moved", **more: object) -> None:
        """One event of the queue."""
        self.send(stream="queue:7", number=number, kind=kind, data={"ticket": "A012"}, **more)


@pytest.fixture
def hospital(screen: Page) -> Hospital:
    """A live page at a standing clock, its socket open and its first heartbeat heard."""
    hospital = Hospital(screen)
    screen.clock.install(time=datetime(2026, 11, 22, 1, 30, tzinfo=UTC))
    screen.clock.pause_at(datetime(2026, 11, 22, 1, 31, tzinfo=UTC))
    screen.goto("/live/")
    screen.evaluate(
        "() => { window.heard = []; window.calls = [];"
        " addEventListener('live', (e) => heard.push(e.detail.number));"
        " addEventListener('live:call', (e) => calls.push(e.detail.number)); }"
    )
    hospital.await_frames(1)
    hospital.send(beat=1)
    screen.locator("[data-live-state=live]").wait_for(state="attached")
    return hospital


@pytest.mark.browser
def test_a_live_page_asks_for_what_it_has_not_seen_and_shows_the_news(
    screen: Page, hospital: Hospital
) -> None:
    hospital.event(13)
    screen.locator("#asked").wait_for()

    assert hospital.first_frames == [{"streams": {"queue:7": 12}}]
    assert screen.evaluate("() => heard") == [13]
    assert screen.locator("#live").get_attribute("data-live-since") == "13"


@pytest.mark.browser
def test_an_event_heard_twice_counts_once(screen: Page, hospital: Hospital) -> None:
    hospital.event(13)
    hospital.event(13)
    hospital.event(14)
    screen.locator("[data-live-since='14']").wait_for()

    assert screen.evaluate("() => heard") == [13, 14]


@pytest.mark.browser
def test_a_gap_makes_the_page_ask_again_from_the_last_number_it_has(
    screen: Page, hospital: Hospital
) -> None:
    hospital.event(13)
    hospital.event(15)
    hospital.await_frames(2)

    assert hospital.first_frames[-1] == {"streams": {"queue:7": 13}}
    assert screen.evaluate("() => heard") == [13]


@pytest.mark.browser
def test_many_events_at_once_ask_for_the_fragment_twice_at_most(
    screen: Page, hospital: Hospital
) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    screen.route("**/fragment/", hold)
    with screen.expect_request("**/fragment/"):
        hospital.event(13)
    for number in range(14, 33):
        hospital.event(number)
    screen.locator("[data-live-since='32']").wait_for(state="attached")
    asked_during_the_first = len(held)
    with screen.expect_request("**/fragment/"):
        held[0].fulfill(body="<p>13</p>")
        screen.clock.run_for(1_000)
    held[1].fulfill(body="<p>32</p>")
    screen.clock.run_for(1_000)
    screen.get_by_text("32", exact=True).wait_for()

    assert asked_during_the_first == 1
    assert len(held) == 2


@pytest.mark.browser
def test_twenty_silent_seconds_show_the_banner_and_a_heartbeat_takes_it_away(
    screen: Page, hospital: Hospital
) -> None:
    banner = screen.get_by_text("连接中断")
    screen.clock.run_for(18_000)
    assert banner.is_hidden()

    screen.clock.run_for(3_000)
    assert banner.is_visible()
    hospital.await_frames(2)
    hospital.send(beat=2)

    banner.wait_for(state="hidden")
    assert hospital.first_frames[-1] == {"streams": {"queue:7": 12}}


@pytest.mark.browser
def test_a_heartbeat_every_ten_seconds_keeps_the_page_live(
    screen: Page, hospital: Hospital
) -> None:
    for beat in range(2, 6):
        screen.clock.run_for(10_000)
        hospital.send(beat=beat)
        screen.evaluate("() => 0")

    assert screen.get_by_text("连接中断").is_hidden()
    assert len(hospital.sockets) == 1


@pytest.mark.browser
def test_a_closed_socket_is_opened_again_and_misses_nothing(
    screen: Page, hospital: Hospital
) -> None:
    hospital.event(13)
    screen.locator("[data-live-since='13']").wait_for()
    hospital.sockets[-1].close(code=1012)
    screen.evaluate("() => 0")
    screen.clock.run_for(1_000)
    hospital.await_frames(2)
    hospital.event(14)
    screen.locator("[data-live-since='14']").wait_for()

    assert hospital.first_frames[-1] == {"streams": {"queue:7": 13}}
    assert screen.evaluate("() => heard") == [13, 14]


@pytest.mark.browser
def test_a_new_socket_has_time_to_speak_before_it_is_given_up(
    screen: Page, hospital: Hospital
) -> None:
    screen.clock.run_for(21_000)
    hospital.await_frames(2)
    screen.clock.run_for(15_000)

    assert len(hospital.sockets) == 2


@pytest.mark.browser
def test_a_reader_too_far_behind_starts_from_a_fresh_page(screen: Page, hospital: Hospital) -> None:
    hospital.sockets[-1].close(code=1012)
    screen.evaluate("() => 0")
    screen.clock.run_for(1_000)
    hospital.await_frames(2)
    with screen.expect_navigation():
        hospital.sockets[-1].close(code=4409)
    hospital.await_frames(3)

    assert hospital.first_frames[-1] == {"streams": {"queue:7": 12}}


@pytest.mark.browser
def test_a_refused_reader_is_told_and_does_not_knock_again(
    screen: Page, hospital: Hospital
) -> None:
    hospital.sockets[-1].close(code=4403)
    screen.locator("[data-live-state=refused]").wait_for(state="attached")
    screen.clock.run_for(60_000)

    assert screen.get_by_text("请重新进入").is_visible()
    assert len(hospital.sockets) == 1


@pytest.mark.browser
def test_only_a_call_younger_than_two_minutes_is_for_the_loudspeaker(
    screen: Page, hospital: Hospital
) -> None:
    hospital.event(13, "called", made_at="2026-11-22T09:28:30+08:00")
    hospital.event(14, "called", made_at="2026-11-22T09:29:30+08:00")
    screen.locator("[data-live-since='14']").wait_for()

    assert screen.evaluate("() => heard") == [13, 14]
    assert screen.evaluate("() => calls") == [14]


@pytest.mark.browser
def test_a_wall_without_a_chinese_voice_says_so(screen: Page) -> None:
    screen.goto("/kit/wall/")

    screen.get_by_text("无语音").wait_for()


A_VOICE = """(() => {
  window.spoken = [];
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
  const voices = [{lang: 'zh-CN'}];
  Object.defineProperty(window, 'speechSynthesis', {value: {
    getVoices: () => voices,
    addEventListener: () => {},
    speak: (words) => { spoken.push(words.text); queueMicrotask(words.onend); },
  }});
})()"""
A_CALL = """() => document.querySelector('main').dispatchEvent(new CustomEvent('live:call',
  {detail: {data: {ticket: 'A012', room: '5 诊室'}}, bubbles: true}))"""


@pytest.mark.browser
def test_a_wall_with_a_voice_says_a_call_twice_but_only_after_a_tap(screen: Page) -> None:
    screen.add_init_script(A_VOICE)
    screen.goto("/kit/wall/")
    screen.evaluate(A_CALL)
    said_before_the_tap = screen.evaluate("() => spoken")
    screen.get_by_role("button", name="开始叫号").click()
    screen.evaluate(A_CALL)

    assert said_before_the_tap == []
    assert screen.evaluate("() => spoken") == ["请 A 零 幺 二 号，到 5 诊室"] * 2
    assert screen.get_by_text("无语音").is_hidden()


def test_money_reads_as_on_a_receipt() -> None:
    assert [yuan(1200), yuan(5), yuan(-12345678), yuan(0), yuan(None)] == [
        "¥12.00",
        "¥0.05",
        "-¥123,456.78",
        "¥0.00",
        "",
    ]


def test_a_day_is_the_hospitals_day_and_not_greenwichs() -> None:
    late = datetime(2026, 11, 21, 17, 30, tzinfo=UTC)

    assert day_cn(late) == "11月22日 周日"
    assert clock_time(late) == "01:30"
    assert day_cn(date(2026, 11, 21)) == "11月21日 周六"


def test_a_waiting_room_sees_the_first_character_of_a_name_only() -> None:
    names = ["王明", "欧阳静", "买买提·艾力", "𬱖㛃", "Anna Smith", " ", None]

    assert [masked_name(name) for name in names] == ["王*", "欧**", "买**", "𬱖*", "A**", "", ""]


def test_a_table_row_with_too_few_cells_is_a_bug_and_not_a_hole() -> None:
    with pytest.raises(ValueError, match="shorter"):
        beside(["号码", "状态"], ["A012"])


@pytest.mark.parametrize("name", ["403.html", "403_csrf.html", "404.html", "500.html"])
def test_an_error_page_needs_nothing_from_the_request(name: str) -> None:
    page = render_to_string(name)

    assert "<h1>" in page
    assert "回到首页" in page
    assert "style=" not in page
    assert "<script>" not in page
