"""Reading spread over Dask's workers: each makes whole shards and writes them to a folder that all reach.

The plan is that of one process (which articles go into which shard, under which name), and a shard's bytes depend on
its articles alone, so the folder is the same, byte by byte. A worker that dies costs what it was making, which is made
again. An article that kills its workers is found by reading each of its shard's by itself, and left out with a word.
Only manifests travel back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from kg.core.errors import KgError
from kg.core.model import Article
from kg.pipeline.prepared import Reader, Settings
from kg.pipeline.shards import ARTICLES, Folder, Manifest, Told, chunks, make_shard, ontology_files, told_of

if TYPE_CHECKING:
    from kg.pipeline.load import Input

_RETRIES = 2  # of a shard whose making fails
_DEATHS = 1  # of a worker, after which what it was making is suspected (on a scheduler of ours; Dask's default is 3)
_AHEAD = 3  # shards that wait for each worker: enough to keep it busy
_KILLS = "reading it ended its process, again and again: this was not foreseen, report it"
_readers: dict[tuple[Settings, str], Any] = {}


@contextmanager
def cluster(address: str, workers: int) -> Iterator[Any]:
    """A client of the scheduler at an address, or of one that is started here with some workers (``local``)."""
    try:
        import dask
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise KgError("reading is spread by Dask: pip install 'newskg[dask]'") from error
    if address != "local":
        try:
            with Client(address, timeout=10) as client:
                yield client
        except (OSError, ValueError) as error:
            raise KgError(
                f"no scheduler of Dask answers at {address} ({error}): start one with `dask scheduler`"
            ) from error
        return
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": _DEATHS}),
        LocalCluster(n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=":0") as started,
        Client(started) as client,
    ):
        yield client


def load_spread(
    inputs: Iterable[Input],
    folder: Folder,
    settings: Settings,
    base: str,
    client: Any,  # noqa: ANN401 - Dask's, which has no types
    *,
    size: int = ARTICLES,
    packing: str | None = None,
    read: Callable[[Settings], Reader] = Reader,
) -> Iterator[Told]:
    """Read articles into shards on the workers of a client; yields what became of them, a shard at a time.

    Workers must reach the folder and have the same program, models and added files. ``read`` makes a worker's reader.
    """
    from distributed import as_completed

    folder.base(base)
    ending = folder.begin(base, ontology_files(settings), packing)
    plan = chunks(inputs, folder, read(settings).reading, base, size)
    make = partial(_make, folder.location, settings, base, ending, read)
    waiting: dict[Any, tuple[str, list[Article]]] = {}
    done = as_completed(())
    most = _AHEAD * max(1, len(client.scheduler_info()["workers"]))
    ended = False
    while not ended or waiting:
        while not ended and len(waiting) < most:
            one = next(plan, None)
            if one is None:
                ended = True
            elif isinstance(one, Told):
                yield one
            else:
                future = client.submit(make, *one, retries=_RETRIES, pure=False, key=f"shard-{one[0]}-{id(plan)}")
                waiting[future] = one
                done.add(future)
        if waiting:
            future = next(done)
            name, articles = waiting.pop(future)
            manifest = (
                future.result() if future.status == "finished" else _without_killers(client, make, name, articles)
            )
            yield told_of(manifest)


def _without_killers(client: Any, make: Callable[..., Manifest], name: str, articles: list[Article]) -> Manifest:  # noqa: ANN401
    """The shard made without the articles that end their workers; KgError where it fails for another reason."""
    # One after the other: what else a dying worker was making would be suspected too.
    killers = [
        one for one in articles if client.submit(make, None, [one], retries=0, pure=False).exception() is not None
    ]
    reasons = tuple((article.id, _KILLS) for article in killers)
    rest = [article for article in articles if article not in killers]
    future = client.submit(make, name, rest, reasons, retries=_RETRIES, pure=False)
    try:
        manifest: Manifest = future.result()
    except KgError:
        raise
    except Exception as error:
        raise KgError(f"shard {name} could not be made ({type(error).__name__}: {error}): run it again") from error
    return manifest


def _make(
    location: str,
    settings: Settings,
    base: str,
    packing: str,
    read: Callable[[Settings], Reader],
    name: str | None,
    articles: Sequence[Article],
    left: tuple[tuple[str, str], ...] = (),
) -> Manifest:
    """A worker's work: make a shard and write it; without a name only try whether it can be made."""
    key = (settings, read.__qualname__)
    if key not in _readers:
        _readers[key] = read(settings)
    shard = make_shard(_readers[key], base, packing, articles)
    if left:
        shard = replace(shard, manifest=replace(shard.manifest, left=(*shard.manifest.left, *left)))
    if name is not None:
        Folder(location).put(name, shard)
    return shard.manifest
