"""Runs of pytest that begin with the libraries imported: each is a fork of this process, which has none of our code."""

from __future__ import annotations

import contextlib
import importlib
import os
import resource
import signal
import sys
from pathlib import Path

#: What the tests import that is dear and not ours.
LIBRARIES = (
    *("numpy", "spacy", "spacy.lang.en", "onnxruntime", "tokenizers", "rdflib", "pyoxigraph", "pyshacl", "lxml.html"),
    *("pytest", "hypothesis", "typer", "typer.testing", "starlette.applications", "jinja2", "httpx", "pandas"),
)
#: Which tests small faults are tried by: all of a usual run, and the approved files that are long.
TRIED = "not long or approved"
#: The status of a run that used more of the processor than it might.
RAN_AWAY = -1


def run(arguments: list[str], root: Path, limit: int) -> int:
    """Run pytest on a checkout; its exit status, or RAN_AWAY after ``limit`` seconds of the processor.

    What cannot even be collected has status 2 or 4: a fault was found too. 5 is said where there is no test.
    """
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    for name in LIBRARIES:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    child = os.fork()
    if not child:
        try:
            _run(arguments, root, limit)
        finally:
            os._exit(70)
    _, status = os.waitpid(child, 0)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)  # what a test has left running
    if os.WIFSIGNALED(status):
        return RAN_AWAY if os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGALRM) else 1
    return os.WEXITSTATUS(status)


def _run(arguments: list[str], root: Path, limit: int) -> None:
    os.setsid()
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 5))
    signal.alarm(10 * limit)  # what waits for ever uses no processor
    os.chdir(root)
    sys.path.insert(0, str(root))
    said = os.open(root.parent / f"{root.name}.said", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for stream in (1, 2):
        os.dup2(said, stream)
    import pytest

    status = int(pytest.main(["-q", "-m", TRIED, "-p", "no:cacheprovider", "-p", "no:xdist", *arguments]))
    sys.stdout.flush()
    os._exit(status)
