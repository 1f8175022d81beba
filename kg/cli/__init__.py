"""The command line: one thin file for each verb, found by name and imported only when it is called.

A verb ``x`` is ``kg/cli/x.py`` with

* ``command``: an annotated function, its docstring the help (flags in, one library call, print out);
  it returns nothing (exit status 0), or raises ``typer.Exit(1)`` for "ran, and the answer is no";
* ``EXAMPLES``: command lines, shown at the end of its ``--help`` and run or parsed by the tests.

Heavy imports (spaCy, pySHACL, rdflib, the store) stand inside ``command``. The options that several verbs share are
in ``kg.cli.options``, printing in ``kg.cli.output``. Anything wrong is a ``KgError``: ``main`` alone turns it, and
whatever nobody foresaw, into one line on stderr and exit status 2.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from kg.core.errors import KgError

VERBS = (
    "load",
    "extract",
    "query",
    "update",
    "validate",
    "export",
    "bulk",
    "diff",
    "merge",
    "links",
    "places",
    "explain",
    "conflicts",
    "correct",
    "story",
    "forget",
    "stats",
    "types",
    "shell",
    "serve",
    "reconcile",
)
"""Every verb, in the order of the help: the list is written out, never globbed."""


_SENTENCE = 300  # characters: longer than the first sentence of any verb's help


class _Verbs(TyperGroup):
    """The verbs as a group that imports one only when it is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401, ARG002 # typer carries its own copy of click
        return [verb for verb in VERBS if importlib.util.find_spec(f"kg.cli.{verb}")]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401, ARG002 # as above
        return verb_command(cmd_name) if cmd_name in VERBS else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401 # as above
        """As typer's; KgError with the verb that was meant for one that is none."""
        if args and args[0] not in VERBS:
            from difflib import get_close_matches

            near = get_close_matches(args[0], VERBS, 1, 0.5)
            meant = f"did you mean {near[0]!r}? " if near else ""
            raise KgError(f"{args[0]!r} is no verb of kg: {meant}kg --help lists them all")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 # as above
        """The verbs with the whole first sentence of their help, over two lines where it is long; typer cuts it."""
        verbs = [(verb, self.get_command(ctx, verb)) for verb in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl([(verb, command.get_short_help_str(_SENTENCE)) for verb, command in verbs])


def verb_command(verb: str) -> Any:  # noqa: ANN401 # typer carries its own copy of click: its Command has no stable name
    """The click command of one verb, with its examples below its help."""
    module = importlib.import_module(f"kg.cli.{verb}")
    single = typer.Typer(
        add_completion=False, rich_markup_mode=None, context_settings={"help_option_names": ["-h", "--help"]}
    )
    # \b keeps the lines of the examples as they are (click's mark for a paragraph that is not re-wrapped).
    examples = "\b\nExamples:\n" + "\n".join(f"  {line}" for line in module.EXAMPLES)
    single.command(verb, epilog=examples)(module.command)
    return typer.main.get_command(single)


def _show_version(wanted: bool) -> None:
    if wanted:
        from kg.core.version import VERSION

        typer.echo(f"kg {VERSION}")
        raise typer.Exit


app = typer.Typer(
    cls=_Verbs,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(epilog="Exit status: 0 done and yes; 1 ran, and the answer is no or not all of it; 2 could not run.")
def _kg(
    version: Annotated[  # handled by its callback
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and leave.")
    ] = False,
    debug: Annotated[  # taken by main, wherever it stands
        bool, typer.Option("--debug", help="Show the traceback of an error (with any verb).")
    ] = False,
) -> None:
    """News articles in, linked data out: who did what to whom, when, where, and who says so."""


def main() -> None:
    """Run the command line and leave with its exit status; the one place where errors become messages."""
    from kg.cli.leaving import flushed, open_standard_streams, show_traceback, status_of

    # numpy's sums are small here: more threads than one only wait for each other, and processes use the cores.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    open_standard_streams()
    debug = "--debug" in sys.argv[1:]
    try:
        app([argument for argument in sys.argv[1:] if argument != "--debug"], prog_name="kg")
        status = 0
    except SystemExit as leaving:
        status = leaving.code if isinstance(leaving.code, int) else 0
    except BaseException as error:  # noqa: BLE001 - whatever it is, a person gets one line (the engine's panics too)
        if debug:
            show_traceback()
        status = status_of(error)
    sys.exit(flushed(status))
