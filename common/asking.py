"""How news travels upward: typed registration at start-up, never signals.

A *purpose* has exactly one answerer. A *question* collects answers. An *announcement* may have
many listeners. Each is made once, in the lower app; upper apps register in `AppConfig.ready`.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from typing import ClassVar, Generic, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class _Registry(ABC):
    every: ClassVar[list["_Registry"]] = []

    def __init__(self, name: str) -> None:
        self.name = name
        _Registry.every.append(self)

    @abstractmethod
    def registered(self) -> Iterator[tuple[str, str]]:
        """Pairs of key and the answering function's dotted name."""


def dotted(function: Callable[..., object]) -> str:
    """`app.module.function`."""
    return f"{function.__module__}.{getattr(function, '__qualname__', function)}"


class Purpose(_Registry, Generic[P, R]):
    """One answerer for each key; a second registration, or none when asked, is a bug."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._answerers: dict[str, Callable[P, R]] = {}

    def answered_by(self, key: str, function: Callable[P, R]) -> None:
        """Let `function` answer for `key`."""
        known = self._answerers.get(key)
        if known is not None and dotted(known) != dotted(function):
            raise RuntimeError(f"{self.name}: {key} already has an answerer.")
        self._answerers[key] = function

    def __contains__(self, key: str) -> bool:
        return key in self._answerers

    def ask(self, key: str) -> Callable[P, R]:
        """The one answerer of `key`."""
        return self._answerers[key]

    def keys(self) -> list[str]:
        """Every key that has an answerer."""
        return sorted(self._answerers)

    def registered(self) -> Iterator[tuple[str, str]]:
        """Pairs of key and answerer."""
        for key, function in sorted(self._answerers.items()):
            yield key, dotted(function)


class Question(_Registry, Generic[P, R]):
    """Many answers, in the order of the answering functions' names."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._answerers: dict[str, Callable[P, R]] = {}

    def answered_by(self, function: Callable[P, R]) -> None:
        """Add an answer."""
        self._answerers[dotted(function)] = function

    def ask(self, *args: P.args, **kwargs: P.kwargs) -> list[R]:
        """Every answer."""
        return [self._answerers[name](*args, **kwargs) for name in sorted(self._answerers)]

    def registered(self) -> Iterator[tuple[str, str]]:
        """Pairs of an empty key and answerer."""
        for name in sorted(self._answerers):
            yield "", name


class Announcement(Question[P, None]):
    """Listeners that are told, inside the transaction of what happened."""

    def tell(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Tell every listener."""
        self.ask(*args, **kwargs)


def every_registry() -> list[_Registry]:
    """All purposes, questions and announcements of the house."""
    return sorted(_Registry.every, key=lambda registry: registry.name)
