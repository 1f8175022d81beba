"""The engine's merging of files, put off while a large store is filled: it has no switch for that.

The engine (RocksDB) merges the files of an index as soon as there are two, and again with each that comes. A store
that is filled file after file is so rewritten again and again, for nothing, since it is put in order at the end. So the
threads that merge are told to take only what a processor leaves idle, and the whole process keeps to one processor: the
others are idle as often as not, and there they would merge after all. That holds for the process as long as it lives:
it is for one that fills a store and ends.
"""

from __future__ import annotations

import os
from pathlib import Path

_THREADS = "rocksdb:low"  # what Linux calls those that merge


def put_off_merging() -> int:
    """Let the engine's threads that merge run only where the one that fills waits; how many, 0 where there is no way.

    To be called when a database is open: its threads are started then. Of the processors that the process may use it
    keeps the first; what else runs there moves to another.
    """
    if not hasattr(os, "SCHED_IDLE"):
        return 0
    told, one = 0, {min(os.sched_getaffinity(0))}
    os.sched_setaffinity(0, one)  # of this thread; those that it starts are like it
    for task in Path("/proc/self/task").glob("*"):
        try:
            if (task / "comm").read_text().startswith(_THREADS):
                os.sched_setscheduler(int(task.name), os.SCHED_IDLE, os.sched_param(0))
                os.sched_setaffinity(int(task.name), one)
                told += 1
        except OSError:  # it has ended, or this is not allowed here
            continue
    return told
