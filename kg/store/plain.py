"""What a store does of which nothing but its graphs lasts: in memory, or behind an endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import TracebackType


class PlainStore:
    """A store that remembers nothing beside its graphs; see ``kg.store.Store`` for what each method does."""

    def added_files(self) -> Mapping[str, Mapping[str, str]]:
        """Nothing: only a store in a folder remembers the files that a person added."""
        return {}

    def remember_added(self, added: Mapping[str, Mapping[str, str]]) -> None:
        """Nothing is kept here."""

    def changed_by_hand(self, graphs: Iterable[str]) -> set[str]:  # noqa: ARG002 - nothing is remembered here
        """None: only a store in a folder remembers them."""
        return set()

    def settle(self) -> None:
        """Nothing waits here."""

    def unmake(self) -> None:
        """Nothing is there that this opening has made."""

    def close(self) -> None:
        """Nothing is held."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
