"""Settings, problems, timers and registrations are documented, and the documents are fresh."""

from pathlib import Path

from tools.document import ROOT, Table, complaints, own_settings, prepare, tables, variables

EMPTY = "<!-- table: errors -->\n<!-- end -->\n"


def table(*rows: tuple[str, ...], head: tuple[str, ...] = ("code", "what is true")) -> Table:
    """A table of problems."""
    return Table("errors.md", "errors", head, rows)


def test_the_documents_say_what_the_code_says() -> None:
    prepare()

    assert complaints(tables(), ROOT / "docs") == []


def test_a_new_error_makes_the_document_stale(tmp_path: Path) -> None:
    known = table(("`booking.slot_full`", "Every place is taken."))
    (tmp_path / "errors.md").write_text(known.rendered(EMPTY), encoding="utf-8")

    grown = table(*known.rows, ("`booking.banned`", "Too many were missed."))

    assert complaints([known], tmp_path) == []
    assert complaints([grown], tmp_path) == [
        "docs/errors.md: the table errors is stale; run make docs"
    ]


def test_a_row_that_nobody_explained_is_found(tmp_path: Path) -> None:
    bare = table(("`X`",), head=("code", "meaning"))
    (tmp_path / "errors.md").write_text(bare.rendered(EMPTY), encoding="utf-8")

    assert complaints([bare], tmp_path) == ["docs/errors.md: say what `X` means"]


def test_what_people_wrote_survives_a_refresh() -> None:
    written = "<!-- table: errors -->\n| `X` | what X is |\n<!-- end -->\n"

    refreshed = table(("`W`",), ("`X`",), head=("code", "meaning")).rendered(written)

    assert "| `X` | what X is |\n" in refreshed
    assert "| `W` |  |\n" in refreshed


def test_a_variable_read_by_the_settings_is_found(tmp_path: Path) -> None:
    file = tmp_path / "base.py"
    file.write_text('X = env.text("ZHENCHENG_X", "1")\nY = env.text("ZHENCHENG_Y")\n')

    assert variables([file]) == [
        ("`ZHENCHENG_X`", "`'1'` (base)"),
        ("`ZHENCHENG_Y`", "required (base)"),
    ]


def test_a_setting_of_ours_is_found(tmp_path: Path) -> None:
    file = tmp_path / "base.py"
    file.write_text("DEBUG = False\nOURS: int = 1\nQ_CLUSTER = {}\n")

    assert own_settings(file, of_django=["DEBUG"]) == [("`OURS`",)]
