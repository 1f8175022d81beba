"""Articles into shards: sorted, compressed N-Quads in a folder, each with a manifest of what it was read from.

A shard is some hundred articles' graphs, ``00000.nq.gz`` (or ``.zst``); beside it ``00000.json`` names them with
digests and the versions that read them. The manifest is written last: a shard without one is not there, and is made
again. What a manifest has is not read again, so that a run that was ended goes on, and a run that is done does nothing.
The same articles in the same order give the same bytes, however many processes or machines read them.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.articles import SkippedInput
from kg.core.errors import KgError
from kg.core.model import Article, Reading
from kg.core.packing import ENDINGS, pack, unpack
from kg.core.parallel import in_order
from kg.pipeline.prepared import Prepared, Reader, Settings
from kg.store.folder import LAYOUT, check_layout

if TYPE_CHECKING:
    from kg.pipeline.load import Input

ARTICLES = 256
"""Articles of one shard."""

_HEAD, _BATCH = "shards.json", 16
_VOCABULARY = "ontology.nq"
_FORMS = {".gz": "N-Quads, sorted, gzip", ".zst": "N-Quads, sorted, zstd"}


@dataclass(frozen=True, slots=True)
class Listed:
    """One article of a shard."""

    id: str
    graph: str
    digest: str
    events: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a shard holds, which versions read it, and what was refused or could not be read (where, why)."""

    sha256: str  # of the compressed file
    quads: int
    program: str
    model: str
    ontology: str
    articles: tuple[Listed, ...] = ()
    left: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Shard:
    """A shard that is ready to be written."""

    content: bytes
    manifest: Manifest


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of shards: here, or with an address (``s3://…``) wherever fsspec reaches."""

    location: str
    _system: list[Any] = field(default_factory=list, repr=False, compare=False)

    def _fs(self) -> tuple[Any, str]:
        """The file system and the path in it, of an address."""
        try:
            import fsspec
        except ImportError as error:
            raise KgError(
                f"{self.location} is reached by fsspec: pip install fsspec, and what its scheme needs"
            ) from error
        if not self._system:
            self._system.extend(fsspec.core.url_to_fs(self.location))
        return self._system[0], self._system[1]

    @property
    def is_here(self) -> bool:
        """Whether it is a folder of this machine."""
        return "://" not in self.location

    def names(self) -> list[str]:
        """The names of its files, sorted."""
        if self.is_here:
            folder = Path(self.location)
            return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
        system, path = self._fs()
        return (
            sorted(name.rstrip("/").rpartition("/")[2] for name in system.ls(path, detail=False))
            if system.exists(path)
            else []
        )

    def read(self, name: str) -> bytes:
        """A file's bytes; KgError where it cannot be read."""
        try:
            if self.is_here:
                return Path(self.location, name).read_bytes()
            system, path = self._fs()
            found: bytes = system.cat_file(f"{path}/{name}")
        except OSError as error:
            raise KgError(f"{self.location}/{name} cannot be read ({error.strerror or error})") from error
        return found

    def write(self, name: str, content: bytes) -> None:
        """Write a file whole or not at all; KgError where that fails."""
        try:
            if self.is_here:
                folder = Path(self.location)
                folder.mkdir(parents=True, exist_ok=True)
                partial_file = folder / f".{name}.{os.getpid()}"
                partial_file.write_bytes(content)
                partial_file.replace(folder / name)
            else:
                system, path = self._fs()
                system.makedirs(path, exist_ok=True)
                system.pipe_file(f"{path}/{name}", content)
        except OSError as error:
            raise KgError(f"{self.location}/{name} cannot be written ({error.strerror or error})") from error

    def manifests(self) -> dict[str, Manifest]:
        """The manifests by the shard's name, in order; KgError for a broken one."""
        found = {}
        for name in self.names():
            if name.endswith(".json") and name != _HEAD and not name.startswith("."):
                try:
                    values = json.loads(self.read(name))
                    listed = tuple(Listed(**one) for one in values.pop("articles"))
                    left = tuple((where, why) for where, why in values.pop("left"))
                    found[name.removesuffix(".json")] = Manifest(**values, articles=listed, left=left)
                except (ValueError, KeyError, TypeError) as error:
                    raise KgError(f"{self.location}/{name} is no manifest of a shard ({error}): remove it") from error
        return found

    def base(self, asked: str | None = None) -> str | None:
        """The base of its IRIs, None for a new folder; KgError where another is asked for."""
        names = self.names()
        if _HEAD not in names:
            if any(name.endswith((*(f".nq{ending}" for ending in ENDINGS), ".json")) for name in names):
                raise KgError(f"{self.location} holds files but no {_HEAD}: name a new folder")
            return None
        base = self._head()["base"]
        if asked not in (None, base):
            raise KgError(f"{self.location} holds shards under base {base}, not {asked}: leave --base out")
        return base

    def packing(self) -> str | None:
        """The ending of its packed files, None for a new folder."""
        if _HEAD not in self.names():
            return None
        form = self._head()["form"]
        return next((ending for ending, told in _FORMS.items() if told == form), ".gz")

    def _head(self) -> dict[str, str]:
        """The base and the packing; KgError where the graphs are of another layout than stores have by now."""
        try:
            head = json.loads(self.read(_HEAD))
            found, layout = {name: str(head[name]) for name in ("base", "form")}, head.get("layout")
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise KgError(f"{self.location}/{_HEAD} is broken ({error}): name a new folder") from error
        check_layout(self.location, layout)
        return found

    def begin(self, base: str, ontology: Sequence[Path], packing: str | None = None) -> str:
        """Make it a folder of shards under a base, with the classes of an ontology; again for another.

        Returns the ending of its packed files. KgError where it has files that are packed otherwise than asked for.
        """
        from kg.ontology.graph import vocabulary

        before = self.packing()
        ending = packing or before or ".gz"
        if before not in (None, ending):
            raise KgError(f"{self.location} holds shards in {before}, not {ending}: leave --pack out, or name another")
        graph = f" <{base}graph/ontology> .\n".encode()
        lines = [line[:-3] + graph for line in vocabulary(ontology).splitlines(keepends=True)]
        for name, content in (
            (_HEAD, json.dumps({"base": base, "form": _FORMS[ending], "layout": LAYOUT}).encode() + b"\n"),
            (f"{_VOCABULARY}{ending}", pack(b"".join(sorted(lines)), ending)),
        ):
            if name not in self.names() or self.read(name) != content:
                self.write(name, content)
        return ending

    def vocabulary(self) -> bytes:
        """The lines of the ontology's graph."""
        ending = self.packing() or ".gz"
        name = f"{_VOCABULARY}{ending}"
        return unpack(self.read(name), ending, f"{self.location}/{name}")

    def put(self, name: str, shard: Shard) -> None:
        """Write a shard, its manifest last."""
        self.write(f"{name}.nq{self.packing()}", shard.content)
        self.write(f"{name}.json", json.dumps(asdict(shard.manifest), ensure_ascii=False, indent=1).encode() + b"\n")

    def lines(self, name: str) -> bytes:
        """The lines of a shard; KgError where they are not those of its manifest."""
        ending = self.packing() or ".gz"
        content = self.read(f"{name}.nq{ending}")
        if hashlib.sha256(content).hexdigest() != self.manifests_digest(name):
            raise KgError(f"{self.location}/{name}.nq{ending} is not what its manifest says: remove both, load again")
        return unpack(content, ending, f"{self.location}/{name}.nq{ending}")

    def manifests_digest(self, name: str) -> str:
        """The digest that the manifest of a shard tells."""
        return str(json.loads(self.read(f"{name}.json"))["sha256"])


@dataclass(frozen=True, slots=True)
class Told:
    """What became of an input, or of a shard's articles."""

    stored: int = 0
    events: int = 0
    unchanged: int = 0
    left: tuple[tuple[str, str], ...] = ()  # where, why


def ontology_files(settings: Settings) -> tuple[Path, ...]:
    """The files of the ontology that articles are read with."""
    from kg.core import resources
    from kg.ontology.load import load_ontology

    return load_ontology([*resources.ontology_files(), *settings.ontology]).files


def make_shard(reader: Reader, base: str, packing: str, articles: Sequence[Article]) -> Shard:
    """Read articles and write their graphs as one shard, packed as an ending says; its manifest has who is left out."""
    from kg.graph.triples import article_digest

    lines: list[bytes] = []
    listed, left = [], []
    for start in range(0, len(articles), _BATCH):
        for found in reader.prepare(articles[start : start + _BATCH], base):
            if isinstance(found, SkippedInput):
                left.append((found.where, found.reason))
            elif not found.report.acceptable:
                left.append((found.article.id, f"its graph breaks the shapes: {_broken(found)}"))
            else:
                name = f" <{found.graph}> .\n".encode()
                lines += [line[:-3] + name for line in found.ntriples.splitlines(keepends=True)]
                listed.append(Listed(found.article.id, found.graph, article_digest(found.article), found.events))
    content = pack(b"".join(sorted(lines)), packing)
    reading = reader.reading
    digest = hashlib.sha256(content).hexdigest()
    versions = (reading.program, reading.model, reading.ontology)
    return Shard(content, Manifest(digest, len(lines), *versions, tuple(listed), tuple(left)))


def _broken(found: Prepared) -> str:
    return next((one.message for one in found.report.violations if one.severity == "Violation"), "?")


def chunks(
    inputs: Iterable[Input], folder: Folder, reading: Reading, base: str, size: int
) -> Iterator[tuple[str, list[Article]] | Told]:
    """The articles that no shard holds as they are, by the name of the shard to make, and the others told.

    Names are the smallest numbers that are free: after a run that was ended, the shards that it lacks come back under
    the names that they would have had.
    """
    from kg.graph.mint import graph_iri
    from kg.graph.triples import article_digest

    known: dict[str, str] = {}
    taken = set[str]()
    for name, manifest in folder.manifests().items():
        taken.add(name)
        if (manifest.program, manifest.model, manifest.ontology) == (reading.program, reading.model, reading.ontology):
            known |= {one.graph: one.digest for one in manifest.articles}
            known |= {where: "left" for where, _ in manifest.left}
    names = (name for number in count() if (name := f"{number:05}") not in taken)
    waiting: list[Article] = []
    for item in inputs:
        if isinstance(item, SkippedInput):
            yield Told(left=((item.where, item.reason),))
        elif known.get(graph_iri(item.id, base)) == article_digest(item) or known.get(item.id) == "left":
            yield Told(unchanged=1)
        else:
            waiting.append(item)
            if len(waiting) == size:
                yield next(names), waiting
                waiting = []
    if waiting:
        yield next(names), waiting


def load_shards(
    inputs: Iterable[Input],
    folder: Folder,
    settings: Settings,
    base: str,
    *,
    processes: int = 1,
    size: int = ARTICLES,
    packing: str | None = None,
) -> Iterator[Told]:
    """Read articles into shards; yields what became of them, a shard at a time.

    ``packing`` is ``.gz`` or ``.zst``; by default as the folder's shards are.
    """
    folder.base(base)
    ending = folder.begin(base, ontology_files(settings), packing)
    reading = Reader(settings).reading
    told: list[Told] = []

    def todo() -> Iterator[tuple[str, list[Article]]]:
        for one in chunks(inputs, folder, reading, base, size):
            if isinstance(one, Told):
                told.append(one)
            else:
                yield one

    for (name, _), shard in in_order(partial(_Making, settings, base, ending), todo(), processes):
        folder.put(name, shard)
        yield from _taken(told)
        yield told_of(shard.manifest)
    yield from _taken(told)


def _taken(told: list[Told]) -> list[Told]:
    taken = told[:]
    told.clear()
    return taken


def told_of(manifest: Manifest) -> Told:
    """What became of the articles of a shard that was made."""
    return Told(len(manifest.articles), sum(one.events for one in manifest.articles), 0, manifest.left)


class _Making:
    """A process's work: articles become a shard."""

    def __init__(self, settings: Settings, base: str, packing: str) -> None:
        self._reader, self._base, self._packing = Reader(settings), base, packing

    def __call__(self, chunk: tuple[str, list[Article]]) -> Shard:
        return make_shard(self._reader, self._base, self._packing, chunk[1])


def live(folder: Folder) -> Iterator[tuple[str, frozenset[str]]]:
    """The shards in order, each with its graphs that a later one holds anew: those are to be left out."""
    manifests = folder.manifests()
    last = {one.graph: name for name, manifest in manifests.items() for one in manifest.articles}
    for name, manifest in manifests.items():
        yield name, frozenset(one.graph for one in manifest.articles if last[one.graph] != name)


def by_graph(lines: bytes, without: frozenset[str]) -> Iterator[tuple[str, bytes]]:
    """The graphs of a shard's lines, each with its sorted N-Triples."""
    found: dict[bytes, list[bytes]] = {}
    for line in islice(lines.splitlines(keepends=True), None):
        triple, _, graph = line.rpartition(b" <")
        found.setdefault(graph[:-4], []).append(triple + b" .\n")
    for graph, triples in sorted(found.items()):
        name = graph.decode()
        if name not in without:
            yield name, b"".join(sorted(triples))
