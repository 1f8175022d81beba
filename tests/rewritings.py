"""Queries and updates, whole and broken, as the program reads and rewrites them: what the approved table holds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kg.core.errors import KgError
from kg.store.sparql.aggregates import concatenating
from kg.store.sparql.federation import ServicePolicy, check_calls, normal, remote_calls
from kg.store.sparql.mistakes import find_mistake
from kg.store.sparql.request import Sparql
from kg.store.sparql.subclasses import Below, by_paths, with_subclasses

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

CASES = Path(__file__).parent / "cases" / "requests.txt"
EX = "http://x.example/"
CLASSES = {f"{EX}A": Below((f"{EX}A", f"{EX}B"), several=True), f"{EX}C": Below((f"{EX}C", f"{EX}D", f"{EX}E"))}
ADDRESSES = (
    *("http://x.example", "http://x.example/", "HTTP://X.Example:80/", "https://x.example:443", "http://x.example:8080/"),
    *("http://x.example/a", "http://x.example/a/", "http://x.example/a/b", "http://x.example/ab", "http://x.example./a"),
    *("http://x.example/a/../b", "http://x.example/a/%2e%2e/b", "http://x.example/a/%252e%252e/b", "http://x.example/%61"),
    *("http://u@x.example/a", "http://x.example/a?q=1", "http://x.example/a\\b", "http://x.example:99999/"),
    *("", "x", " http://x ", "http://[::1]/a", "http://[::1", "ftp://x.example/a", "http://x.example/a\n"),
)  # fmt: skip


def _below(classes: Sequence[str]) -> Mapping[str, Below]:
    return {iri: CLASSES[iri] for iri in classes if iri in CLASSES}


def queries() -> Iterator[str]:
    """The queries and updates of the cases."""
    for line in CASES.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("# "):
            yield line.replace("\\n", "\n")


def _ways() -> dict[str, Callable[[Sparql], object]]:
    """What is asked of each; a rewritten query is told where it is another."""
    return {
        "marks": lambda s: [(t.kind, t.text, t.start) for t in s.tokens],
        "form": lambda s: s.form,
        "variables": lambda s: sorted(s.variables),
        "declares": lambda s: s.declarations(),
        "lacks": lambda s: {prefix: token.start for prefix, token in s.undeclared().items()},
        "declaring": lambda s: s.declaring({"kg": "http://kg/", "foaf": "http://foaf/"}),
        "projecting b, a": lambda s: s.projecting(["b", "a"]),
        "limited to 3": lambda s: s.limited(3),
        "disambiguated": lambda s: s.disambiguated(),
        "bound": lambda s: s.bound({"a": f"<{EX}a>", "b": '"b"'}),
        "unbalanced": lambda s: s.unbalanced(),
        "mistake": find_mistake,
        "with rows in one": concatenating,
        "with subclasses": lambda s: with_subclasses(s, _below),
        "by paths": by_paths,
        "calls": remote_calls,
        "checked": lambda s: check_calls(s, ServicePolicy((f"{EX}a",))),
    }


def requests() -> Iterator[str]:
    """Each text of the cases in each way in which it is read or rewritten, where that says anything."""
    for text in queries():
        yield f"## {text!r}"
        for name, way in _ways().items():
            try:
                found = way(Sparql(text))
            except KgError as error:
                found = f"refused: {str(error).splitlines()[0]}"
            if isinstance(found, Sparql):
                found = repr(found.text) if found.text != text else ""
            if found:
                yield f"{name}: {found}"
            if name == "marks" and isinstance(found, str):
                break  # no SPARQL at all: every other way would say the same


def addresses() -> Iterator[str]:
    """Addresses in the form in which they are compared, and which an allowed one lets through."""
    for url in ADDRESSES:
        allowed = [one for one in ADDRESSES if one.strip() and ServicePolicy((one,)).permits(url)]
        yield f"{url!r} = {normal(url)}, by {allowed}"
        assert not ServicePolicy((url,), offline=True).permits(url)


TABLES = {"requests": requests, "addresses": addresses}
