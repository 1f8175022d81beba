"""The tables of a bundle: their columns, keys, and the Frictionless data package that describes them.

https://datapackage.org: ``datapackage.json`` beside the files names each one with its columns, their types and keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kg.store.folder import LAYOUT

ROLES, TERMS, OTHER, LINKS = "roles", "terms", "other", "links"
_IRI, _ARTICLE = "string:uri", ("article", "string:uri", "the article's IRI, which is its graph's too")


@dataclass(frozen=True, slots=True)
class Table:
    """One table: columns as (name, type, what it is), its key, and columns that point into other tables."""

    name: str
    about: str
    columns: tuple[tuple[str, str, str], ...]
    key: tuple[str, ...] = ()
    points: Mapping[tuple[str, ...], str] | None = None  # columns → table whose key they hold

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names."""
        return tuple(name for name, _, _ in self.columns)

    def type_of(self, column: str) -> str:
        """string, integer, number, boolean, date."""
        return next(kind for name, kind, _ in self.columns if name == column).partition(":")[0]


TABLES = (
    Table(
        "articles",
        "one row for each article, its text among the columns",
        (
            _ARTICLE,
            ("title", "string", "its headline"),
            ("author", "string", "names, joined by commas"),
            ("publisher", "string", "who published it"),
            ("published", "date", "day of publication"),
            ("url", "string", "its address"),
            ("text", "string", "the text as read; offsets count its code points"),
            ("digest", "string", "SHA-256 of text and metadata"),
            ("reading", _IRI, "the activity that read it"),
            ("program", "string", "version of the program that read it"),
            ("model", "string", "the language model that read it"),
            ("ontology", "string", "digest of the ontology that it was read with"),
            ("form", "string", "what its graph says beside these tables because it follows from them"),
        ),
        ("article",),
    ),
    Table(
        "entities",
        "people, organisations, places, groups and things of an article",
        (
            _ARTICLE,
            ("entity", _IRI, "its IRI: the same in all articles for what has a full name"),
            ("type", "string", "its class, by local name"),
            ("class", _IRI, "its class"),
            ("name", "string", "the fullest name"),
            ("aliases", "string", "other names, as a JSON array"),
            ("source_type", "string", "kind of an unnamed source"),
            ("same_as", "string", "the same thing elsewhere by accepted links, separated by spaces"),
            ("longitude", "number", "of a place, where linked data know it"),
            ("latitude", "number", "likewise"),
        ),
        ("article", "entity"),
        {("article",): "articles"},
    ),
    Table(
        "events",
        "what is said to have happened, or not, or perhaps, or to be planned",
        (
            _ARTICLE,
            ("event", _IRI, "its IRI"),
            ("type", "string", "its type, by local name"),
            ("class", _IRI, "its type"),
            ("status", "string", "asserted, negated, possible or planned"),
            ("label", "string", "a sentence for people"),
            ("time", _IRI, "when, see times"),
            ("begin", "date", "earliest begin, from times"),
            ("end", "date", "latest end, from times"),
            ("dates", "string", "the same as people write it"),
            ("sentence", "string", "the sentence of its first mention"),
        ),
        ("event",),
        {("article",): "articles"},
    ),
    Table(
        ROLES,
        "who or what takes part in an event: one row for each filler of each role",
        (
            _ARTICLE,
            ("event", _IRI, "the event"),
            ("role", "string", "agent, patient, instrument, recipient, place, cause, or one of your own"),
            ("property", _IRI, "the role's property"),
            ("filler", _IRI, "an entity, another event, or words of the text"),
            ("kind", "string", "entity, event, words, or other"),
            ("name", "string", "what the filler is called"),
        ),
        ("event", "property", "filler"),
        {("event",): "events"},
    ),
    Table(
        "times",
        "when, as bounds: an open bound is empty",
        (
            _ARTICLE,
            ("time", _IRI, "its IRI"),
            ("words", "string", "the words of the text"),
            ("dates", "string", "the dates as people write them"),
            ("grain", "string", "how precise the words are"),
            ("inferred", "boolean", "whether the event has it from the passage"),
            ("earliest_begin", "date", ""),
            ("latest_begin", "date", ""),
            ("earliest_end", "date", ""),
            ("latest_end", "date", ""),
        ),
        ("time",),
        {("article",): "articles"},
    ),
    Table(
        "counts",
        "how many in a role of an event: an open bound is empty, counts in conflict are rows of their own",
        (
            _ARTICLE,
            ("count", _IRI, "its IRI"),
            ("event", _IRI, "the event"),
            ("role", "string", "the role, by local name"),
            ("property", _IRI, "the role's property"),
            ("counted", _IRI, "who or what is counted"),
            ("min", "integer", "at least"),
            ("max", "integer", "at most"),
            ("approximate", "boolean", "whether the words say about"),
            ("words", "string", "how many of what"),
        ),
        ("event", "count"),
        {("event",): "events"},
    ),
    Table(
        "claims",
        "who says so: one row for each event or count that a source claims",
        (
            _ARTICLE,
            ("claim", _IRI, "the act of saying: rows of one are one"),
            ("source", _IRI, "who says it, the article for its own voice"),
            ("source_name", "string", "what the source is called"),
            ("cue", _IRI, "the mention of the words that show it"),
            ("cue_words", "string", "these words"),
            ("medium", _IRI, "what it was said in, or what is cited"),
            ("reported_in", _IRI, "the claim through which this one reaches the article"),
            ("claimed", _IRI, "the event or count"),
            ("kind", "string", "event or count"),
        ),
        ("claim", "claimed"),
        {("article",): "articles"},
    ),
    Table(
        "relations",
        "standing relations that a text states",
        (
            _ARTICLE,
            ("relation", _IRI, "its IRI"),
            ("subject", _IRI, "the entity"),
            ("subject_name", "string", "what it is called"),
            ("predicate", "string", "position, partOf, memberOf …"),
            ("property", _IRI, "the same as an IRI"),
            ("object", "string", "the other entity's IRI, or words"),
            ("object_name", "string", "what it is called"),
            ("literal", "boolean", "whether the object is words"),
        ),
        ("relation",),
        {("article",): "articles"},
    ),
    Table(
        "mentions",
        "the words that show each of these, by half-open offsets into the article's text, in code points",
        (
            _ARTICLE,
            ("of", _IRI, "what the words show"),
            ("kind", "string", "entity, event, time, count, relation, claim (its cue) or role (words that fill one)"),
            ("mention", _IRI, "its IRI"),
            ("begin", "integer", "code points before it"),
            ("end", "integer", "begin plus its length"),
            ("words", "string", "the words"),
        ),
        ("of", "kind", "mention"),
        {("article",): "articles"},
    ),
    Table(
        LINKS,
        "which of ours is which of theirs",
        (
            ("link", _IRI, "its IRI"),
            ("subject", _IRI, "ours"),
            ("target", _IRI, "theirs, or another of ours"),
            ("dataset", _IRI, "the dataset's graph"),
            ("method", "string", "how it was found"),
            ("score", "number", "how well both fit, from 0 to 1"),
            ("status", "string", "candidate, accepted or rejected"),
            ("reasons", "string", "why, as a JSON array"),
        ),
        ("link",),
    ),
    Table(
        TERMS,
        "the classes and roles with what stands above each: join an event's class with all its kinds",
        (
            ("term", _IRI, "a class or a role"),
            ("above", _IRI, "the same, or one above it"),
            ("kind", "string", "class or role"),
            ("name", "string", "the local name of what stands above"),
        ),
        ("term", "above"),
    ),
    Table(
        OTHER,
        "what no other table has, as terms of N-Triples: merged datasets, corrections, what was added by hand",
        (
            ("graph", _IRI, "the graph that says it"),
            ("subject", "string", "a term"),
            ("predicate", "string", "a term"),
            ("object", "string", "a term"),
            ("holds", "boolean", "false: the other tables would say it, the graph does not"),
        ),
    ),
)
BY_NAME = {table.name: table for table in TABLES}
OF_ARTICLES = tuple(table.name for table in TABLES if table.names[0] == "article")


def package(form: str, base: str, *, text: bool) -> dict[str, object]:
    """The descriptor of a bundle whose files are ``form`` (csv or parquet)."""
    return {
        "$schema": "https://datapackage.org/profiles/1.0/datapackage.json",
        "profile": "tabular-data-package" if form == "csv" else "data-package",
        "name": "news-events",
        "title": "Events read from news articles",
        "base": base,
        "layout": LAYOUT,
        "text": text,
        "resources": [_resource(table, form) for table in TABLES],
    }


def _resource(table: Table, form: str) -> dict[str, object]:
    fields = []
    for name, kind, about in table.columns:
        plain, _, fine = kind.partition(":")
        fields.append({"name": name, "type": plain, **({"format": fine} if fine else {}), "description": about})
    schema: dict[str, object] = {"fields": fields, "missingValues": [""]}
    if table.key:
        schema["primaryKey"] = list(table.key)
    if table.points:
        schema["foreignKeys"] = [
            {"fields": list(columns), "reference": {"resource": other, "fields": list(BY_NAME[other].key)}}
            for columns, other in table.points.items()
        ]
    return {
        "name": table.name,
        "path": f"{table.name}.{form}",
        "format": form,
        "mediatype": "text/csv" if form == "csv" else "application/vnd.apache.parquet",
        "encoding": "utf-8",
        **({"profile": "tabular-data-resource", "dialect": {"lineTerminator": "\r\n"}} if form == "csv" else {}),
        "description": table.about,
        "schema": schema,
    }
