"""kg shell: queries one after the other on one open store, with history and completion."""

from __future__ import annotations

import os
import shlex
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from kg.cli.asking import Answerer, Question, answer
from kg.cli.leaving import in_words
from kg.cli.options import DEFAULT_STORE, StoreOption
from kg.cli.output import print_rows, say
from kg.core.errors import QueryError

if TYPE_CHECKING:
    from kg.store.opening import Store

EXAMPLES = ("kg shell", "kg shell --store http://localhost:7878", "echo '.classes' | kg shell")

HELP = """\
A query runs when its brackets are closed at the end of a line; end the line with \\ to go on after that.
  .help                     this page
  .queries                  the named queries
  .run NAME [VAR=TERM …]    run a named query
  .explain NAME|IRI         why something is there
  .prefixes                 the prefixes that need no declaring
  .classes, .properties     what the store uses
  .format FORMAT            table, csv, tsv, json, xml, jsonl, markdown; turtle, ntriples, trig, jsonld for graphs
  .limit N|off              at most N solutions
  .quit                     leave (also Ctrl-D); Ctrl-C drops what you typed, or ends the query that runs
Tab completes prefixes, classes and properties of the store, keywords and commands."""


def command(store: StoreOption = DEFAULT_STORE) -> None:
    """Ask one question after the other: history, completion, several lines for one query, .help.

    Reads from a pipe as well, one query or command after the other; exit status 1 if one of them failed.
    """
    from kg.store.opening import open_store
    from kg.store.sparql.federation import policy_from_settings

    with open_store(store, mode="read") as opened:
        if sys.stdin.isatty():
            answerer = Answerer(store)
            shell = Shell(opened, answerer)
            say(f"{opened.location}: type a query, .help or .quit")
            try:
                with _LineEditing(shell.complete):
                    shell.run(_typed_lines)
            finally:
                answerer.end()
        else:
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # the engine does not return to be told
            shell = Shell(opened, partial(answer, opened, policy_from_settings()))
            shell.run(lambda _: sys.stdin.readline())
    if shell.failed:
        raise typer.Exit(1)


class Shell:
    """The state of a session: format, limit, what completion knows."""

    def __init__(self, store: Store, answer: Callable[[Question], None]) -> None:
        from kg.query.prepare import known_prefixes

        self.store, self._ask = store, answer
        self.prefixes = known_prefixes(store.base)
        self.format_name: str | None = None  # a table on a terminal, CSV in a pipe, as `kg query`
        self.limit: int | None = None
        self.failed = False
        self._words: list[str] | None = None

    def run(self, read_line: Callable[[str], str]) -> None:
        """Read and answer until the end; ``read_line`` takes a prompt and gives "" at the end of the input."""
        pending = ""
        while True:
            try:
                line = read_line("...  " if pending else "kg>  ")
            except KeyboardInterrupt:
                say("")
                pending = ""
                continue
            if not line:
                break
            if not pending and not line.strip():
                continue
            if not pending and line.lstrip().startswith("."):
                if line.strip() in (".quit", ".exit"):
                    return
                self._try(self._obey, line.strip())
                continue
            pending += line
            if line.rstrip().endswith("\\"):
                pending = pending.rstrip().removesuffix("\\") + "\n"
            elif _is_complete(pending):
                self._try(self._answer, pending)
                pending = ""
        if pending.strip():
            self._try(self._answer, pending)

    def _try(self, action: Callable[[str], None], text: str) -> None:
        try:
            action(text)
        except typer.Exit:
            raise
        except Exception as error:  # noqa: BLE001 - one question that fails does not end the session
            self.failed = True
            say(f"kg: {in_words(error)}")
        except KeyboardInterrupt:
            say("")

    def _answer(self, text: str, bind: tuple[str, ...] = ()) -> None:
        self._ask(Question(text, bind, self.format_name, self.limit))

    def _obey(self, line: str) -> None:
        from kg.query.prepare import find_named, named_queries
        from kg.query.results import FORMATS

        try:
            word, *rest = shlex.split(line)
        except ValueError as error:
            raise QueryError(f"{line}: {error}; close the quotes") from error
        match word, rest:
            case ".help", _:
                typer.echo(HELP)
            case ".queries", _:
                print_rows(("name", "question"), [(q.name, q.summary) for q in named_queries().values()])
            case ".run", [name, *bind]:
                self._answer(find_named(name, named_queries()).text, tuple(bind))
            case ".explain", [name]:
                self._explain(name)
            case ".prefixes", _:
                print_rows(("prefix", "namespace"), sorted(self.prefixes.items()))
            case ((".classes" | ".properties"), _):
                print_rows((word[1:],), [(name,) for name in self._names(classes=word == ".classes")])
            case ".format", [name] if name in FORMATS:
                self.format_name = name
            case ".limit", [number] if number.isdigit() or number == "off":
                self.limit = None if number == "off" else int(number)
            case _:
                raise QueryError(f"{line!r} is no command of the shell: .help lists them")

    def _explain(self, name: str) -> None:
        from kg.core.table import plain
        from kg.query.evidence import as_text
        from kg.query.explain import Explainer
        from kg.query.results import Namer

        for line in as_text(Explainer(self.store, self.prefixes).explain(name), Namer(self.prefixes)):
            typer.echo(plain(line))

    def _names(self, *, classes: bool) -> list[str]:
        from kg.query.results import Namer
        from kg.store.opening import NamedNode, QuerySolutions

        pattern = "?s a ?x" if classes else "?s ?x ?o"
        results = self.store.query(f"SELECT DISTINCT ?x WHERE {{ {pattern} }} LIMIT 5000")
        assert isinstance(results, QuerySolutions)  # noqa: S101 # a SELECT gives nothing else
        namer = Namer(self.prefixes)
        return sorted(namer.iri(row["x"].value) for row in results if isinstance(row["x"], NamedNode))

    def complete(self, text: str, state: int) -> str | None:
        """The ``state``-th completion of a word, for readline."""
        from kg.store.sparql.tokens import KEYWORDS

        if self._words is None:
            commands = [word for word in HELP.replace(",", " ").split() if word.startswith(".") and word != "."]
            names = self._names(classes=True) + self._names(classes=False)
            self._words = sorted({*commands, *names, *(f"{prefix}:" for prefix in self.prefixes), *KEYWORDS})
        found = [word for word in self._words if word.lower().startswith(text.lower())] if text else []
        return found[state] if state < len(found) else None


def _is_complete(text: str) -> bool:
    """Whether a query has opened brackets and closed them all, or cannot be one at all."""
    from kg.store.sparql.request import Sparql

    try:
        sparql = Sparql(text)
        return any(token.text == "{" for token in sparql.tokens) and sparql.unbalanced() is None
    except QueryError as error:
        return "not closed" not in str(error)  # a long string may go on


def _typed_lines(prompt: str) -> str:
    """A line with its end, as a file gives it; "" at Ctrl-D."""
    try:
        return input(prompt) + "\n"
    except EOFError:
        say("")
        return ""


class _LineEditing:
    """readline with completion, and a history file of the person's own; nothing where readline is missing."""

    def __init__(self, complete: Callable[[str, int], str | None]) -> None:
        self._complete = complete
        state = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
        self._history = Path(state) / "kg" / "history"

    def __enter__(self) -> None:
        try:
            import readline
        except ImportError:
            return
        readline.set_completer(self._complete)
        readline.set_completer_delims(" \t\n{}()[];,")
        readline.parse_and_bind("tab: complete")
        readline.set_history_length(2000)
        if self._history.exists():
            readline.read_history_file(self._history)

    def __exit__(self, *_: object) -> None:
        try:
            import readline
        except ImportError:
            return
        try:
            self._history.parent.mkdir(parents=True, exist_ok=True)
            readline.write_history_file(self._history)
        except OSError as error:
            say(f"the history was not kept: {error}")
