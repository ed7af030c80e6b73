"""A small program to supervise: `python -m tests.tools.fake_part KIND FIFO [PORT]`.

It holds the FIFO open for writing as long as it lives, so whoever reads the
FIFO to its end knows that it and its children are gone.
"""

import http.server
import os
import signal
import sys


class AlwaysReady(http.server.BaseHTTPRequestHandler):
    """Answers 200 to everything."""

    def do_GET(self) -> None:
        """Say yes."""
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Stay quiet."""


def main() -> None:
    """Behave as the kind says."""
    kind, fifo = sys.argv[1:3]
    holding = os.open(fifo, os.O_WRONLY)
    if kind == "ready":
        sys.stdout.write("I answer\n")
        http.server.HTTPServer(("127.0.0.1", int(sys.argv[3])), AlwaysReady).serve_forever()
    if kind == "parent of a stubborn child" and os.fork() == 0:
        kind = "the stubborn child"
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if kind == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if kind == "dies when told":
        signal.signal(signal.SIGUSR1, lambda *_: os._exit(3))
    sys.stdout.write(f"pid {os.getpid()} {kind}\n")
    while True:
        signal.pause()
        os.fstat(holding)


if __name__ == "__main__":
    main()
