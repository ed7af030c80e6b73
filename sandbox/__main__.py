"""`python -m sandbox keys` makes what WeChat would hand out; `serve` plays WeChat."""

import argparse
import sys
from pathlib import Path
from urllib.parse import urlsplit

from sandbox.clock import Clock
from sandbox.credentials import CREDENTIALS, Provider
from sandbox.keys import make_keys
from sandbox.server import build_app, listen, make_server


def product_origin(text: str) -> str:
    """The product's address without a path: http://127.0.0.1:8000."""
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path.strip("/"):
        raise argparse.ArgumentTypeError("an origin such as http://127.0.0.1:8000")
    return f"{parts.scheme}://{parts.netloc}"


def arguments() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("keys", "serve"):
        command = commands.add_parser(name)
        command.add_argument("--home", type=Path, default=Path("var/sandbox"))
        command.add_argument("--port", type=int, default=8790)
        if name == "keys":
            command.add_argument("--product", type=product_origin, default="http://127.0.0.1:8000")
        else:
            command.add_argument("--product", type=product_origin, help="else as `keys` was told")
            command.add_argument("--clock", type=Path, help="JSON: real_epoch, shown_epoch, speed")
    return parser


def main() -> int:
    """The exit status."""
    asked = arguments().parse_args()
    if asked.command == "keys":
        credentials = make_keys(home=asked.home, port=asked.port, product=asked.product)
        entrance = f"{credentials.base_url}/phone/enter?key={credentials.phone_secret}"
        sys.stdout.write(f"{asked.home / CREDENTIALS}\n{entrance}\n")
        return 0
    try:
        product = asked.product or Provider.read(asked.home).product
    except FileNotFoundError:
        sys.stderr.write(f"No {CREDENTIALS} in {asked.home}. Run: python -m sandbox keys\n")
        return 1
    listener = listen(asked.port)
    address, port = listener.getsockname()
    sys.stdout.write(f"sandbox: http://{address}:{port}\n")
    sys.stdout.flush()
    app = build_app(home=asked.home, product=product, clock=Clock(file=asked.clock))
    make_server(app).run(sockets=[listener])
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
