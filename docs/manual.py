"""Write the manual's pages from the commands themselves: ``python docs/manual.py``. A test compares them."""  # noqa: INP001 # a script beside the pages

from __future__ import annotations

import importlib
import inspect
from pathlib import Path
from typing import Any

from kg.cli import VERBS, verb_command

PAGES = Path(__file__).parent / "manual"


def page(verb: str) -> str:
    """One verb's page: usage, what it does, arguments and options, examples; the same with every version of typer."""
    module = importlib.import_module(f"kg.cli.{verb}")
    params = verb_command(verb).params
    arguments = [param for param in params if param.param_type_name == "argument"]
    usage = " ".join([f"kg {verb} [OPTIONS]", *(param.metavar or param.name.upper() for param in arguments)])
    text = inspect.cleandoc(module.command.__doc__).replace("\b\n", "")
    rows = [f"| `{_cell(_names(param))}` | {_cell(_about(param))} |" for param in params]
    parts = [
        f"# kg {verb}",
        f"```\n{usage}\n```",
        text,
        "| argument or flag | what it does |\n| --- | --- |\n" + "\n".join(rows),
        "Examples:\n\n```sh\n" + "\n".join(module.EXAMPLES) + "\n```",
    ]
    return "\n\n".join(parts) + "\n"


def _names(param: Any) -> str:  # noqa: ANN401 # typer carries its own copy of click
    if param.param_type_name == "argument":
        return param.metavar or param.name.upper()
    names = ", ".join(sorted([*param.opts, *param.secondary_opts], key=len))
    return names if param.is_flag else f"{names} {param.metavar or param.name.upper()}"


def _about(param: Any) -> str:  # noqa: ANN401 # likewise
    about = [param.help or ""]
    if getattr(param, "envvar", None):
        about.append(f"Environment: {param.envvar}.")
    if isinstance(param.default, str | int | float) and not isinstance(param.default, bool):
        about.append(f"Default: {param.default}.")
    return " ".join(about)


def index() -> str:
    """The list of all verbs."""
    modules = {verb: importlib.import_module(f"kg.cli.{verb}") for verb in VERBS}
    lines = [
        f"* [{verb}]({verb}.md): {inspect.cleandoc(module.command.__doc__ or '').splitlines()[0]}"
        for verb, module in modules.items()
    ]
    status = "Exit status: 0 done and yes; 1 ran, and the answer is no or not all of it; 2 could not run."
    return "# The verbs of kg\n\n" + "\n".join(lines) + f"\n\n{status}\n"


def pages() -> dict[str, str]:
    """Every page by file name."""
    return {"README.md": index(), **{f"{verb}.md": page(verb) for verb in VERBS}}


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    PAGES.mkdir(exist_ok=True)
    for name, text in pages().items():
        (PAGES / name).write_text(text, encoding="utf-8")
