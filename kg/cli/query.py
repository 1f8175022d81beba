"""kg query: SPARQL in, a table on a terminal, CSV in a pipe, any format on request."""

from __future__ import annotations

import os
import re
import signal
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.options import DEFAULT_STORE, AllowServiceOption, OfflineOption, OutputOption, SameOption, StoreOption
from kg.cli.output import open_output, print_rows, say, terminal_width
from kg.core.bounded import as_utf8, read_bounded
from kg.core.budgets import QUERY_CHARS
from kg.core.counted import counted
from kg.core.errors import QueryError

if TYPE_CHECKING:
    from kg.query.prepare import NamedQuery, Prepared
    from kg.query.results import Written
    from kg.store.opening import Store
    from kg.store.sparql.federation import ServicePolicy

EXAMPLES = (
    "kg query 'SELECT ?who WHERE { ?e a kg:Killing ; kg:patient ?who }'",
    "kg query @killings.rq --format markdown",
    "kg query --list",
    "kg query 'SELECT ?e WHERE { ?e a kg:Killing ; kg:agent/skos:prefLabel \"nobody\" }' --explain-empty",
    "kg query --name casualties --bind place='Port Senna'",
    "kg query --same --name together",
    "kg query first.rq second.rq --output-dir answers --format csv",
    "kg query 'CONSTRUCT WHERE { ?e a kg:Bombing ; ?p ?o }' --output bombings.ttl",
    "kg query 'ASK { ?e a kg:Killing ; kg:time/kg:inferred true }' --store http://localhost:7878",
)

CANNOT = 2


def command(
    queries: Annotated[
        list[str] | None,
        typer.Argument(metavar="[QUERY]...", help="SPARQL text, @FILE, or - for standard input.", show_default=False),
    ] = None,
    store: StoreOption = DEFAULT_STORE,
    name: Annotated[str | None, typer.Option("--name", "-n", help="Run the named query (see --list).")] = None,
    bind: Annotated[
        list[str] | None,
        typer.Option(
            "--bind", "-b", metavar="VAR=TERM", help="Bind a variable: a term in Turtle syntax, or plain text."
        ),
    ] = None,
    list_names: Annotated[bool, typer.Option("--list", help="List the named queries (with --name: its help).")] = False,
    folders: Annotated[
        list[Path] | None,
        typer.Option("--queries", envvar="KG_QUERIES", metavar="FOLDER", help="A folder of your own named queries."),
    ] = None,
    format_name: Annotated[
        str | None,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            help="table, csv, tsv, json, xml, jsonl, markdown; graphs: turtle, ntriples, nquads, trig, jsonld, rdfxml.",
        ),
    ] = None,
    output: OutputOption = None,
    output_dir: Annotated[
        Path | None,
        typer.Option("--output-dir", metavar="FOLDER", help="Run several query files, each answer into a file here."),
    ] = None,
    same: SameOption = False,
    limit: Annotated[int | None, typer.Option("--limit", min=0, help="At most this many solutions.")] = None,
    timeout: Annotated[
        float | None, typer.Option("--timeout", metavar="SECONDS", help="End the work after this long.")
    ] = None,
    plan: Annotated[
        bool, typer.Option("--plan", help="Show the algebra and the solutions of each pattern instead of the answer.")
    ] = False,
    explain_empty: Annotated[
        bool, typer.Option("--explain-empty", help="Say which pattern has no match where nothing is found.")
    ] = False,
    show_time: Annotated[bool, typer.Option("--time", help="Say on standard error where the time went.")] = False,
    fail_if_empty: Annotated[bool, typer.Option("--fail-if-empty", help="Exit with 1 when nothing is found.")] = False,
    allow_service: AllowServiceOption = None,
    offline: OfflineOption = False,
) -> None:
    """Ask the store a SPARQL question, or one of the named ones.

    The merge of all graphs is asked; project and common prefixes need no declaring. Exit status 1: ASK said no, or
    nothing was found with --fail-if-empty. --same asks a copy of the store in memory, with the query's own IRIs read
    the same way: no owl:sameAs is needed in it.
    """
    from kg.query.prepare import check_bindings, find_named, known_prefixes, named_queries, parse_bindings, prepare
    from kg.query.results import format_for
    from kg.store.opening import open_store
    from kg.store.sparql.federation import policy_from_settings

    words = [argument for argument in queries or () if output_dir is None and _WORD.fullmatch(argument)]
    library = named_queries(folders or ()) if name or list_names or words else {}
    for word in words:
        _check_word(word, library)
    if list_names:
        _print_list(library if name is None else {name: find_named(name, library)}, format_name, whole=name is not None)
        return
    texts = [(name, find_named(name, library).text)] if name else []
    texts += [read_argument(argument, files_only=output_dir is not None) for argument in queries or ()]
    _check_number([title for title, _ in texts], several=output_dir is not None)
    policy = policy_from_settings(allow_service, offline=offline, timeout=timeout)
    started = time.perf_counter()
    if output is None and output_dir is None:
        # The engine does not return while it works: Ctrl-C ends the program as it ends any other, and nothing is lost.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    with _deadline(timeout), open_store(store, mode="read") as opened:
        say_time = show_time or (sys.stdout.isatty() and output is None and output_dir is None)
        asked: Store = opened
        instead: dict[str, str] = {}
        if same:
            from kg.store.same import as_one, asked_as_one

            asked, instead = as_one(opened)
            known = known_prefixes(opened.base)
            texts = [(title, asked_as_one(text, known, instead)) for title, text in texts]
        run = _Run(asked, policy, timeout, started, show_time, say_time, plan, explain_empty)
        prefixes = known_prefixes(opened.base)
        bindings = parse_bindings(bind or (), prefixes)
        if instead:
            from kg.store.opening import NamedNode

            bindings = {
                name: NamedNode(instead.get(term.value, term.value)) if isinstance(term, NamedNode) else term
                for name, term in bindings.items()
            }
        if name:
            check_bindings(find_named(name, library), bindings)
        found = True
        for title, text in texts:
            prepared = prepare(text, prefixes=prefixes, bindings=bindings, limit=limit)
            if output_dir is None:
                found &= run.answer(prepared, output, format_for(output, format_name), fail_if_empty=fail_if_empty)
            else:
                chosen = format_for(None, format_name)
                path = _answer_file(output_dir, title, chosen, prepared)
                found &= run.answer(prepared, path, format_for(path, chosen), fail_if_empty=fail_if_empty)
    if not found:
        raise typer.Exit(1)


class _Run:
    """What stays the same for all queries of one call."""

    def __init__(
        self,
        store: Store,
        policy: ServicePolicy,
        timeout: float | None,
        started: float,
        show_time: bool,
        say_count: bool,
        plan: bool,
        explain_empty: bool,
    ) -> None:
        self.store, self.policy, self.timeout, self.plan = store, policy, timeout, plan
        self.explain_empty = explain_empty
        self.started, self.show_time, self.say_count = started, show_time, say_count

    def answer(self, prepared: Prepared, path: Path | None, format_name: str | None, *, fail_if_empty: bool) -> bool:
        """Run one query and write its answer; whether that answer is yes."""
        from kg.ontology.load import declared_terms
        from kg.query.blanks import aggregates, blank_aggregates
        from kg.query.prepare import answered
        from kg.query.results import write_results
        from kg.query.unknown import unknown_names

        opened = time.perf_counter()
        if self.plan:
            from kg.query.plan import describe_plan

            with open_output(path) as file:
                file.writelines(line.encode() + b"\n" for line in describe_plan(self.store, prepared, self.policy))
            return True
        width = terminal_width() if path is None else None
        columns = aggregates(prepared)
        for line in unknown_names(self.store, prepared, declared_terms):
            say(line)
        with answered(self.store, prepared, policy=self.policy, timeout=self.timeout) as results:
            answer = time.perf_counter()
            with open_output(path) as file:
                watched = [column.name for column in columns]
                written = write_results(
                    results, file, format_name, prefixes=prepared.prefixes, width=width, watched=watched
                )
        for line in blank_aggregates(columns, written.blank):
            say(f"kg: {line}")
        self._tell(written, opened, answer)
        if self.explain_empty and not written.found:
            from kg.query.plan import why_empty

            for line in why_empty(self.store, prepared):
                say(f"kg: {line}")
        return written.found or (written.unit != "answer" and not fail_if_empty)

    def _tell(self, written: Written, opened: float, answered: float) -> None:
        now = time.perf_counter()
        if self.say_count and written.count is not None and written.unit != "answer":
            say(f"{counted(written.count, written.unit)} in {now - opened:.3f} s")
        if self.show_time:
            say(
                f"open {opened - self.started:.3f} s, parse and plan {answered - opened:.3f} s, "
                f"run and write {now - answered:.3f} s"
            )


@contextmanager
def _deadline(seconds: float | None) -> Iterator[None]:
    """End the whole process when the time is over: the engine cannot be interrupted, and a reader leaves no trace."""
    if seconds is None:
        yield
        return
    if seconds <= 0:
        raise QueryError("--timeout needs more than 0 seconds")

    def end() -> None:
        say(f"kg: no answer within {seconds:g} s, the query was ended; ask for less, or give it a longer --timeout")
        os._exit(CANNOT)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


_WORD = re.compile(r"[^\W\d][\w-]*\??")
"""A question of one word, which SPARQL has none of: somebody means a named query, or asks as of a person."""


def _check_word(word: str, library: Mapping[str, NamedQuery]) -> None:
    """QueryError for one word that is no keyword: how named queries are asked, and which it may be."""
    from kg.query.prepare import find_named
    from kg.store.sparql.tokens import KEYWORDS

    if word.upper() in KEYWORDS:
        return
    try:
        find_named(word, library)
    except QueryError as error:
        of_a_thing = f"what is said of a thing: kg explain {word.rstrip('?')}"
        raise QueryError(f"{word!r} is no SPARQL, and {error} ({of_a_thing})") from error
    raise QueryError(f"{word!r} is no SPARQL, but the name of a query: kg query --name {word}")


def read_argument(argument: str, *, files_only: bool) -> tuple[str, str]:
    """Title and text of one argument: never guessed, ``@`` marks a file (with --output-dir all are files)."""
    if argument == "-":
        return "stdin", _decoded("standard input", _standard_input())
    if not argument.startswith("@") and not files_only:
        if argument.endswith(".rq") and Path(argument).is_file():
            raise QueryError(f"{argument} is a file: write @{argument}")
        return "query", argument
    path = Path(argument.removeprefix("@"))
    try:
        return path.stem, _decoded(str(path), read_bounded(path, QUERY_CHARS))
    except OSError as error:
        raise QueryError(f"cannot read {path}: {error.strerror}") from error


def _standard_input() -> bytes:
    most = QUERY_CHARS.value + 1
    raw = getattr(sys.stdin, "buffer", None)  # a program that calls us may have put a text in its place
    return raw.read(most) if raw is not None else sys.stdin.read(most).encode("utf-8", "surrogateescape")


def _decoded(where: str, content: bytes) -> str:
    try:
        return as_utf8(content).decode()
    except UnicodeDecodeError as error:
        raise QueryError(f"{where} is not UTF-8 text (byte {error.start}): save it as UTF-8") from error


def _check_number(titles: list[str], *, several: bool) -> None:
    if not titles:
        raise QueryError("no query: give SPARQL text, @FILE, - or --name NAME (kg query --list shows the named ones)")
    if len(titles) > 1 and not several:
        raise QueryError("several queries need --output-dir FOLDER, one answer file each")
    if twice := {title for title in titles if titles.count(title) > 1}:
        raise QueryError(f"two queries are named {min(twice)}, their answers would be one file: rename one")


def _answer_file(folder: Path, title: str, format_name: str | None, prepared: Prepared) -> Path:
    from kg.query.results import ENDINGS

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise QueryError(f"no folder can be made at {folder}: {error.strerror}; name another --output-dir") from error
    chosen = format_name or ("turtle" if prepared.written.form in ("CONSTRUCT", "DESCRIBE") else "csv")
    return folder / (title + next(ending for ending, name in ENDINGS.items() if name == chosen))


def _print_list(library: Mapping[str, NamedQuery], format_name: str | None, *, whole: bool) -> None:
    queries = list(library.values())
    if not whole:
        rows = [(q.name, q.summary, " ".join(f"?{name}" for name in q.parameters)) for q in queries]
        print_rows(("name", "question", "binds"), rows, format_name=format_name)
        return
    for query in queries:
        binds = [f"  --bind {name}=…  {what}" for name, what in query.parameters.items()]
        typer.echo("\n".join([query.summary, *filter(None, [query.details]), *binds, "", query.text.rstrip()]))
