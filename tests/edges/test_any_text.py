"""Whatever is typed into a form: refused in words or kept unharmed, never a failure of ours."""

from html.parser import HTMLParser
from typing import Any
from uuid import uuid4

import pytest

from patients.models import Patient
from tests.edges.addresses import PAGES, Address, named
from tests.edges.conftest import World

pytestmark = pytest.mark.django_db
TYPED = {"text", "tel", "search", "number", "date", "password", "textarea", "email"}
OUR_OWN = {"csrfmiddlewaretoken", "idempotency_key"}
TEXT_STEP = "/text-step/"  # stands on every page, and has a test of its own
TEXTS = {
    "rare": "\U0002cc56㛃👍🏽👨\u200d👩\u200d👧",  # 𬱖 is four bytes, 㛃 three
    "nul": "a\x00b",
    "markup": '²৩\x1b[2J\u202e\ufeff"><script>alert(1)</script>',
    "long": "长" * 5000,
}


class Forms(HTMLParser):
    """The forms of a page: where each goes, and the fields with their values and sorts."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, tuple[str, str]]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a form or a field."""
        said = {name: value or "" for name, value in attrs}
        if tag == "form" and said.get("method", "").lower() == "post":
            self.found.append((said.get("action", ""), {}))
        is_field = tag in {"input", "textarea", "select", "button"} and "name" in said
        if is_field and self.found:
            sort = said.get("type", "text") if tag == "input" else tag
            self.found[-1][1].setdefault(said["name"], (sort, said.get("value", "")))


def forms_of(page: Any) -> list[tuple[str, dict[str, tuple[str, str]]]]:
    """What can be sent from the page."""
    reader = Forms()
    reader.feed(page.content.decode() if page["Content-Type"].startswith("text/html") else "")
    return reader.found


def send_all(world: World, address: Address, *, text: str, only_typed: bool) -> list[Any]:
    """Each form of the page with the text in its fields; the answers."""
    client = world.client_for(address)
    path = address.path(world.known, code=world.hospital.code)
    answers = []
    for action, fields in forms_of(client.get(path)):
        if action == TEXT_STEP:
            continue
        data = {
            name: text if sort in TYPED or not (only_typed or name in OUR_OWN) else value
            for name, (sort, value) in fields.items()
        }
        answers.append(client.post(action or path, {**data, "idempotency_key": str(uuid4())}))
    return answers


def test_the_reader_finds_the_forms_of_a_page(world: World) -> None:
    page = world.client().get(f"/m/{world.hospital.code}/me/")

    names = {name for _, fields in forms_of(page) for name in fields}

    assert {"name", "document_number", "phone", "idempotency_key"} <= names


@pytest.mark.parametrize("address", **named(PAGES))
@pytest.mark.parametrize("text", list(TEXTS.values()), ids=list(TEXTS))
def test_nothing_that_is_typed_breaks_a_page(world: World, address: Address, text: str) -> None:
    answers = send_all(world, address, text=text, only_typed=True)

    assert [one.status_code for one in answers if one.status_code >= 500] == []
    assert not any(b"<script>alert" in one.content for one in answers)


@pytest.mark.parametrize("address", **named(PAGES))
@pytest.mark.parametrize("text", ["👍\x00", "9" * 30])
def test_a_forged_form_breaks_no_page(world: World, address: Address, text: str) -> None:
    answers = send_all(world, address, text=text, only_typed=False)

    assert [one.status_code for one in answers if one.status_code >= 500] == []


@pytest.mark.parametrize("address", **named(PAGES))
@pytest.mark.parametrize("text", ["👍\x00\r\nX: y", "9" * 30])
def test_nothing_behind_the_question_mark_breaks_a_page(
    world: World, address: Address, text: str
) -> None:
    path = address.path(world.known, code=world.hospital.code)
    names = ("on", "person", "before", "next", "ticket", "was", "cursor", "text_step")

    answer = world.client_for(address).get(path, dict.fromkeys(names, text))

    assert answer.status_code < 500
    assert "X" not in answer.headers


@pytest.mark.parametrize(
    "back", ["👍", "a\x00b", "healthz", "//elsewhere.example/", "/\\elsewhere.example", "\r\nX: y"]
)
def test_the_text_step_leads_nowhere_else(world: World, back: str) -> None:
    answer = world.client().post(TEXT_STEP, {"step": "2", "back": back})

    assert (answer.status_code, answer["Location"]) == (302, "/")


@pytest.mark.parametrize("name", ["欧阳\U0002cc56", "赵㛃", "\U00020bb7野", "阿依古丽·买买提"])
def test_a_rare_name_comes_back_unharmed(world: World, name: str) -> None:
    page = f"/m/{world.hospital.code}/me/"

    answer = world.client().post(page, person(name), follow=True)

    assert name in answer.content.decode()
    assert name in [one.name for one in Patient.objects.filter(hospital=world.hospital)]


@pytest.mark.parametrize("name", ["👍", "王\x00小明", "\ufeff", "<b>"])
def test_what_is_no_name_is_refused_and_not_kept(world: World, name: str) -> None:
    before = Patient.objects.count()

    answer = world.client().post(f"/m/{world.hospital.code}/me/", person(name))

    assert answer.status_code == 422
    assert Patient.objects.count() == before


def person(name: str) -> dict[str, str]:
    """Somebody of the family, as typed in."""
    return {
        "name": name,
        "document_type": "resident_id",
        "document_number": "11010519491231002X",
        "phone": "13800138000",
        "relation": "family",
        "idempotency_key": str(uuid4()),
    }
