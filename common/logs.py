"""Logs are JSON lines with ids and codes. People, numbers and results never reach them."""

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from common import clock
from common.errors import DomainError

# The only extra facts a log line may carry; a name is added here only if it cannot name a person.
ALLOWED = frozenset(
    {
        "code",
        "status",
        "hospital",
        "timer",
        "count",
        "seconds",
        "app",
        "provider",
        "attempt",
        "port",
    }
)


WORKER = "django-q"  # its logger's name


def is_allowed(name: str, value: object) -> bool:
    """True for listed facts and for ids."""
    return name in ALLOWED or (name.endswith("_id") and isinstance(value, UUID | int))


@contextmanager
def refusal_noted(log: logging.Logger, event: str, **ids: UUID | None) -> Iterator[None]:
    """What is refused within leaves a line with its code and these ids, and is raised again."""
    try:
        yield
    except DomainError as refusal:
        log.warning(event, extra={"code": refusal.code, **ids})
        raise


class IdsOnly(logging.Formatter):
    """One JSON object a line: time (real), level, logger, event, and allowed facts."""

    def format(self, record: logging.LogRecord) -> str:
        """The line. Tracebacks keep their frames but not the exception's text."""
        line: dict[str, Any] = {
            "at": clock.real_now().isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": self._event(record),
            **self._facts(vars(record)),
        }
        if record.exc_info and record.exc_info[1] is not None:
            line["trouble"] = type(record.exc_info[1]).__name__
            line["where"] = self._where(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=str)

    def _event(self, record: logging.LogRecord) -> str:
        """The message. Arguments of a line about an exception may be anything: left out."""
        text = str(record.msg) if record.exc_info else record.getMessage()
        is_ours = not record.name.startswith(("django", "uvicorn", "granian", "daphne"))
        if record.name == WORKER and record.levelno >= logging.ERROR:
            return text.splitlines()[0].split(" - ")[0]  # then follows what the exception says
        return text if is_ours else text.split("?")[0]

    def _facts(self, attributes: Mapping[str, Any]) -> dict[str, Any]:
        return {n: v for n, v in attributes.items() if is_allowed(n, v)}

    def _where(self, trouble: BaseException) -> list[str]:
        frames = []
        trace = trouble.__traceback__
        while trace is not None:
            code = trace.tb_frame.f_code
            frames.append(f"{code.co_filename.rsplit('/', 2)[-1]}:{trace.tb_lineno} {code.co_name}")
            trace = trace.tb_next
        return frames[-12:]
