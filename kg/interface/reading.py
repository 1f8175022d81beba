"""Texts and articles read without storing anything: what is said, as values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache, partial
from pathlib import Path

from kg.articles import SkippedInput, read_articles
from kg.articles.metadata import from_mapping
from kg.core.errors import KgError
from kg.core.model import Article, Extraction
from kg.core.vocab import DEFAULT_BASE
from kg.extract.events.weigh import CARES, Care
from kg.pipeline.load import extract
from kg.pipeline.prepared import Reader, Settings

Source = str | Path | Article
"""A file or folder of articles, or an article."""
Files = Sequence[str | Path]
"""Files and folders of Turtle."""


def extract_text(
    text: str,
    *,
    published: str | None = None,
    publisher: str | None = None,
    title: str | None = None,
    model: str = "default",
    ontology: Files = (),
    keep_case: bool = False,
    care: Care = "usual",
) -> Extraction:
    """What one English text says: entities, events, claims, relations; nothing is stored.

    ``published`` is the day that "yesterday" is counted from, in any form that articles have; ``model`` and
    ``ontology`` are those of ``kg extract``, as is ``keep_case``: sentences in capitals are read as they stand.
    ``care`` is "cautious" or "eager" where its flags of these names are meant.
    KgError for a text that cannot be read.

    Examples:
        >>> extraction = kg.extract_text("A bomb killed two soldiers in Norvia yesterday.", published="2024-05-08")
        >>> [(event.type, event.time.value) for event in extraction.events if event.type == "Killing"]
        [('Killing', '2024-05-07')]

    """
    known = from_mapping({"published": published, "publisher": publisher, "title": title})
    article = Article("text", text, known.published, known.publisher, known.title)
    settings = settings_of(model, ontology, keep_case=keep_case, care=care)
    found = next(_reader(settings, _stamps(settings.ontology)).extract([article]))
    if isinstance(found, SkippedInput):
        raise KgError(found.reason)
    return found


def extract_articles(
    *sources: Source,
    published: str | None = None,
    publisher: str | None = None,
    title: str | None = None,
    language: str | None = None,
    model: str = "default",
    ontology: Files = (),
    keep_case: bool = False,
    care: Care = "usual",
    processes: int = 1,
) -> Iterator[Extraction | SkippedInput]:
    """What each article says, in order, read as it is asked for; an input that cannot be read is a ``SkippedInput``.

    Sources are files, folders, and articles of your own. ``published``, ``publisher`` and ``title`` hold for those
    that carry none; ``language`` (such as ``en``) for all, whatever they look like.

    Examples:
        >>> for found in kg.extract_articles(kg.Article("note", "Police arrested two men in Arden.")):
        ...     print(found.article.id, [event.type for event in found.events])
        note ['Arrest']

    """
    inputs = articles_of(sources, published=published, publisher=publisher, title=title, language=language)
    return extract(inputs, settings_of(model, ontology, keep_case=keep_case, care=care), processes=processes)


def to_record(extraction: Extraction, base: str = DEFAULT_BASE) -> dict[str, object]:
    """One extraction as ``kg extract --format jsonl`` writes it: what ``json.dumps`` and data frames take.

    Examples:
        >>> record = kg.to_record(kg.extract_text("Police arrested two men in Arden."))
        >>> record["events"][0]["triggers"]
        [{'text': 'arrested', 'start': 7, 'end': 15}]

    """
    from kg.graph.jsonview import to_record as record

    return record(extraction, base)


def articles_of(
    sources: Iterable[Source], *, published: str | None, publisher: str | None, title: str | None, language: str | None
) -> Iterator[Article | SkippedInput]:
    """The articles that the sources are or hold, in order; an id that was there before is skipped."""
    seen: set[str] = set()
    read = partial(read_articles, published=published, publisher=publisher, title=title, language=language)
    for source in sources:
        for item in [source] if isinstance(source, Article) else read([source]):
            if isinstance(item, Article) and item.id in seen:
                yield SkippedInput(item.id, f"id {item.id!r} was already read in this run: give it another id")
                continue
            if isinstance(item, Article):
                seen.add(item.id)
            yield item


def settings_of(
    model: str, ontology: Files = (), shapes: Files = (), *, keep_case: bool = False, care: Care = "usual"
) -> Settings:
    """With what is read; KgError for a file that is not there, and for a care that there is not."""
    if care not in CARES:
        raise KgError(f"care {care!r}: there are {', '.join(CARES)}")
    return Settings(model, _existing(ontology), _existing(shapes), keep_case, care)


def _existing(files: Files) -> tuple[Path, ...]:
    if isinstance(files, str | Path):
        files = [files]
    paths = tuple(Path(file) for file in files)
    for path in paths:
        if not path.exists():
            raise KgError(f"{path}: no such file or folder")
    return paths


def _stamps(paths: Iterable[Path]) -> tuple[tuple[str, int, int], ...]:
    """By what a changed file is known, so that a notebook's next cell reads it anew."""
    files = (file for path in paths for file in ([path] if path.is_file() else sorted(path.rglob("*.ttl"))))
    return tuple((str(file), file.stat().st_mtime_ns, file.stat().st_size) for file in files)


@lru_cache(maxsize=2)
def _reader(settings: Settings, stamps: tuple[tuple[str, int, int], ...]) -> Reader:
    """A reader is made once for the same settings and files: the ontology takes half a second to read."""
    del stamps
    return Reader(settings)
