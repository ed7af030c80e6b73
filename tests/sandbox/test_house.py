"""The sandbox as a house of its own: keys, command line, clock, restart, independence."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from sandbox.clock import Clock
from sandbox.credentials import Credentials
from sandbox.keys import make_keys
from tests.sandbox.libraries import Cashier
from tests.sandbox.outside import HandMovedTime, Sandbox, Stranger
from tests.sandbox.test_messages import subscribed

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = "http://127.0.0.1:8000"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own command line
        [sys.executable, "-m", "sandbox", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


class Served:
    """The sandbox as `python -m sandbox serve` starts it, in a process of its own."""

    def __init__(self, home: Path) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own command line
            [sys.executable, "-m", "sandbox", "serve", "--port", "0", "--home", str(home)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().removeprefix("sandbox: ").strip()

    def kill(self) -> None:
        """Nothing is closed, nothing is said."""
        self._process.kill()
        self._process.communicate()


def test_keys_make_a_complete_secret_file_and_keep_it(tmp_path: Path) -> None:
    home = tmp_path / "home"
    first = run("keys", "--home", str(home), "--port", "8790", "--product", PRODUCT)
    before = (home / "credentials.json").read_bytes()

    second = run("keys", "--home", str(home), "--port", "8790", "--product", PRODUCT)

    told = json.loads(before)
    entrance = f"http://127.0.0.1:8790/phone/enter?key={told['phone_secret']}"
    assert first.stdout == f"{home / 'credentials.json'}\n{entrance}\n"
    assert second.returncode == 0
    assert (home / "credentials.json").read_bytes() == before
    assert stat.S_IMODE((home / "credentials.json").stat().st_mode) == 0o600
    assert stat.S_IMODE((home / "provider.json").stat().st_mode) == 0o600
    assert told["merchants"][0]["public_key_id"].startswith("PUB_KEY_ID_")
    assert len(told["merchants"][0]["apiv3_key"]) == 32
    assert {"张建国", "李秀英", "王小梅", "欧阳𬱖"} < {one["name"] for one in told["people"]}
    assert len(told["message_templates"]) == 8


def test_keys_for_another_port_change_nothing_but_the_address(
    keys_home: Path, tmp_path: Path
) -> None:
    for name in ("credentials.json", "provider.json"):
        (tmp_path / name).write_bytes((keys_home / name).read_bytes())

    moved = make_keys(home=tmp_path, port=9999, product=PRODUCT)

    kept = Credentials.read(keys_home)
    assert moved.base_url == "http://127.0.0.1:9999"
    assert (moved.merchants, moved.people, moved.phone_secret) == (
        kept.merchants,
        kept.people,
        kept.phone_secret,
    )


def test_serve_says_what_to_do_when_there_are_no_keys(tmp_path: Path) -> None:
    answer = run("serve", "--home", str(tmp_path), "--port", "0")

    assert answer.returncode == 1
    assert "python -m sandbox keys" in answer.stderr


def test_a_product_with_a_path_is_no_origin(tmp_path: Path) -> None:
    answer = run("keys", "--home", str(tmp_path), "--product", "http://127.0.0.1:8000/m/")

    assert answer.returncode == 2
    assert not list(tmp_path.iterdir())


def test_a_killed_server_loses_nothing(keys_home: Path, tmp_path: Path) -> None:
    for name in ("credentials.json", "provider.json"):
        (tmp_path / name).write_bytes((keys_home / name).read_bytes())
    secret = {"X-Sandbox-Secret": Credentials.read(tmp_path).phone_secret}
    body = {"name": "http_500", "times": 3}
    first = Served(tmp_path)
    told = requests.post(f"{first.url}/control/faults", json=body, headers=secret, timeout=5)
    first.kill()

    second = Served(tmp_path)
    kept = requests.get(f"{second.url}/control/faults", headers=secret, timeout=5)
    second.kill()

    assert kept.json()["on"] == told.json()["on"]
    assert kept.json()["on"][0]["times"] == 3


def test_a_restart_keeps_orders_messages_tokens_and_credits(
    sandbox: Sandbox, product: Stranger
) -> None:
    cashier = Cashier(sandbox, product)
    paid = cashier.paid("ZC20260302000001")
    subscribed(sandbox, count=3)

    sandbox.restart()

    assert cashier.query("ZC20260302000001")[1] == paid
    openid, template_id = sandbox.credentials.people[0].openid, sandbox.template("visit_reminder")
    again = sandbox.control("subscribe", {"openid": openid, "template_id": template_id})
    assert again["credits"] == 4


def test_new_keys_begin_a_new_world(sandbox: Sandbox, product: Stranger) -> None:
    cashier = Cashier(sandbox, product)
    sandbox.fault("late_notify", seconds=600)
    cashier.paid("ZC20260302000001")
    for name in ("credentials.json", "provider.json"):
        (sandbox.home / name).unlink()
    make_keys(home=sandbox.home, port=sandbox.port, product=product.url)

    sandbox.restart()

    sandbox.credentials = Credentials.read(sandbox.home)
    assert sandbox.control("notices")["notices"] == []
    assert sandbox.control("orders")["orders"] == []


def test_the_shown_clock_runs_at_the_speed_of_its_file(tmp_path: Path) -> None:
    real = HandMovedTime()
    file = tmp_path / "clock.json"
    clock = Clock(file=file, real=real)
    plain = clock.shown()
    reading = {"real_epoch": clock.real(), "shown_epoch": 1_000_000.0, "speed": 60}
    file.write_text(json.dumps(reading))

    real.ahead_seconds = 10
    fast = clock.shown()

    assert abs(plain - real() + 10) < 1
    assert 0 <= fast - 1_000_600 < 60


def test_a_clock_file_that_is_half_written_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "clock.json"
    file.write_text('{"real_epoch": 0, "shown_epoch": 0, "speed": 0}')
    clock = Clock(file=file)
    before = clock.shown()

    file.write_text('{"real_epoch": 0, "shown')

    assert before == 0.0
    assert clock.shown() == 0.0


@pytest.mark.parametrize("module", ["sandbox.__main__", "sandbox.server"])
def test_the_sandbox_imports_nothing_of_ours(module: str) -> None:
    ours = sorted(one.parent.name for one in ROOT.glob("*/__init__.py"))
    script = (
        f"import sys, {module}\n"
        f"print(sorted({{'django', *{ours!r}}} & {{m.partition('.')[0] for m in sys.modules}}))"
    )

    answer = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-c", script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env={"PATH": os.environ["PATH"]},
    )

    assert answer.stdout == "['sandbox']\n"


@pytest.mark.parametrize(
    ("path", "body", "status", "error"),
    [
        ("codes", {"openid": "o-nobody"}, 404, "person_unknown"),
        ("codes", {"openid": 7}, 400, "wrong_value"),
        ("subscribe", {"openid": "o-nobody", "template_id": "t"}, 404, "person_unknown"),
        ("switches", {"bill_any_day": "perhaps"}, 400, "switch_unknown"),
        ("pay", {}, 409, "parameters_missing"),
        ("messages?limit=1001", None, 400, "wrong_value"),
        ("messages?after=-1", None, 400, "wrong_value"),
    ],
)
def test_a_control_that_is_wrong_says_so(
    sandbox: Sandbox, path: str, body: dict[str, object] | None, status: int, error: str
) -> None:
    response = sandbox.ask_control(path, body)

    assert (response.status_code, response.json()["error"]) == (status, error)


def test_diaries_are_read_page_by_page(sandbox: Sandbox, product: Stranger) -> None:
    cashier = Cashier(sandbox, product)
    cashier.prepay("ZC20260302000001")
    cashier.prepay("ZC20260302000002")

    first = sandbox.control("orders?limit=1")
    second = sandbox.control(f"orders?limit=1&after={first['next_after']}")

    assert [one["out_trade_no"] for one in first["orders"]] == ["ZC20260302000001"]
    assert [one["out_trade_no"] for one in second["orders"]] == ["ZC20260302000002"]
    assert second["next_after"] is None
