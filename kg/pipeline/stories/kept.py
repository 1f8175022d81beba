"""What is kept of articles between loads, so that a load looks at what is new: an SQLite file beside the store.

    article → its accounts (packed), what it is found by, runs of words; pairs of accounts with scores; groups

All of it follows from the articles, so the file may be lost: the next load makes it anew. It holds JSON and numbers,
no code. A store in memory, or behind an endpoint, has its own in memory and for one use.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from kg.pipeline.stories.accounts import Account, Figure, Text
from kg.pipeline.stories.candidates import index_keys, spans_near
from kg.pipeline.stories.copies import Source, address_of, index_runs, may_be_alike
from kg.pipeline.stories.reading import Read

if TYPE_CHECKING:
    from kg.linking.match import Link

FILE = "stories.sqlite"
FORM = 3
"""Of the file: another one is made anew."""
_SCHEMA = """
CREATE TABLE about (version TEXT, written TEXT);
CREATE TABLE articles (number INTEGER PRIMARY KEY, iri TEXT UNIQUE, state TEXT, said BLOB);
CREATE TABLE found_by (key INTEGER, span INTEGER, article INTEGER, PRIMARY KEY (key, span, article)) WITHOUT ROWID;
CREATE TABLE runs (run INTEGER, article INTEGER, number INTEGER, PRIMARY KEY (run, article)) WITHOUT ROWID;
CREATE TABLE addresses (address TEXT, article INTEGER, PRIMARY KEY (address, article)) WITHOUT ROWID;
CREATE TABLE accounts (number INTEGER PRIMARY KEY, iri TEXT UNIQUE, article INTEGER, leader TEXT);
CREATE TABLE pairs (one INTEGER, other INTEGER, score REAL, PRIMARY KEY (one, other)) WITHOUT ROWID;
CREATE TABLE likes (one INTEGER, other INTEGER, shared REAL, reason TEXT, PRIMARY KEY (one, other)) WITHOUT ROWID;
CREATE TABLE links (subject TEXT, target TEXT, status TEXT, kind TEXT, PRIMARY KEY (subject, target)) WITHOUT ROWID;
CREATE INDEX pairs_to ON pairs (other);
CREATE INDEX likes_to ON likes (other);
CREATE INDEX accounts_of ON accounts (article);
CREATE INDEX found_of ON found_by (article);
CREATE INDEX runs_of ON runs (article);
CREATE INDEX links_to ON links (target);
"""
_TABLES = ("about", "articles", "found_by", "runs", "addresses", "accounts", "pairs", "likes", "links")
_DECODED = 3_000  # articles kept as values while a load goes on

Pair = tuple[str, str]


class Kept:
    """What is kept of a store's articles; a context manager that writes at its end, and only then.

    ``version`` says by which weights and rules it was made: of another version nothing is kept.
    """

    def __init__(self, path: Path | None, version: str) -> None:
        self._database = _opened(path, version)
        self._read = lru_cache(maxsize=_DECODED)(self._decoded)

    @property
    def written(self) -> str:
        """What was noted of the links as they were written last."""
        return str(self._one("SELECT written FROM about") or "")

    def note(self, written: str) -> None:
        """Note of the links how they were written."""
        self._database.execute("UPDATE about SET written = ?", (written,))

    def states(self) -> dict[str, str]:
        """The state of each article as it was read, by its IRI."""
        return dict(self._database.execute("SELECT iri, state FROM articles"))

    def article(self, iri: str) -> Read:
        """What was read of an article."""
        return self._read(iri)

    def _decoded(self, iri: str) -> Read:
        (said,) = self._database.execute("SELECT said FROM articles WHERE iri = ?", (iri,)).fetchone()
        return _unpacked(said)

    def put(self, iri: str, state: str, read: Read) -> None:
        """Keep an article with its accounts, in the place of nothing."""
        run = self._database.execute
        number = run("INSERT INTO articles (iri, state, said) VALUES (?, ?, ?)", (iri, state, _packed(read))).lastrowid
        many = self._database.executemany
        many("INSERT INTO accounts (iri, article, leader) VALUES (?, ?, '')", ((a.iri, number) for a in read.accounts))
        many(
            "INSERT INTO found_by VALUES (?, ?, ?)",
            ((key, span, number) for key, span in sorted(index_keys(read.accounts, read.text))),
        )
        runs = sorted(index_runs(read.source.text))
        many("INSERT INTO runs VALUES (?, ?, ?)", ((run_, number, len(runs)) for run_ in runs))
        if address := address_of(read.source):
            run("INSERT INTO addresses VALUES (?, ?)", (address, number))

    def drop(self, iris: Iterable[str]) -> tuple[set[str], set[str]]:
        """Take articles out; the accounts, and the articles alike, that their accounts and texts had to do with."""
        accounts, articles = set[str](), set[str]()
        for iri in iris:
            number = self._one("SELECT number FROM articles WHERE iri = ?", iri)
            own = [row[0] for row in self._database.execute("SELECT number FROM accounts WHERE article = ?", (number,))]
            accounts |= {iri for account in own for iri in self._beside(account)}
            articles |= set(self.alike([iri]))
            run = self._database.execute
            for account in own:
                run("DELETE FROM pairs WHERE one = ? OR other = ?", (account, account))
            run("DELETE FROM likes WHERE one = ? OR other = ?", (number, number))
            for table in ("found_by", "runs", "addresses", "accounts"):
                run(f"DELETE FROM {table} WHERE article = ?", (number,))  # noqa: S608 - our own tables
            run("DELETE FROM articles WHERE number = ?", (number,))
            self._read.cache_clear()
        return accounts, articles

    def matters_near(self, read: Read) -> set[str]:
        """The articles that share what tells the matter of an account with one of this article's, at about its time."""
        found: set[int] = set()
        for key, span in index_keys(read.accounts, read.text):
            if near := spans_near(span):
                query = f"SELECT article FROM found_by WHERE key = ? AND span IN ({','.join('?' * len(near))})"  # noqa: S608
                found.update(row[0] for row in self._database.execute(query, (key, *near)))
            else:
                found.update(
                    row[0] for row in self._database.execute("SELECT article FROM found_by WHERE key = ?", (key,))
                )
        return self._iris(found)

    def texts_near(self, read: Read) -> set[str]:
        """The articles that share enough sampled runs of words, or the address, with this one."""
        runs = index_runs(read.source.text)
        shared: Counter[tuple[int, int]] = Counter()
        for run in runs:
            shared.update(self._database.execute("SELECT article, number FROM runs WHERE run = ?", (run,)))
        found = {article for (article, size), both in shared.items() if may_be_alike(both, len(runs), size)}
        query = "SELECT article FROM addresses WHERE address = ?"
        found.update(row[0] for row in self._database.execute(query, (address_of(read.source),)))
        return self._iris(found)

    def _iris(self, numbers: AbstractSet[int]) -> set[str]:
        query = "SELECT iri FROM articles WHERE number = ?"
        return {self._one(query, number) for number in sorted(numbers)}

    def score(self, scores: Mapping[Pair, float]) -> None:
        """Keep the scores of pairs of accounts."""
        rows = [(*sorted((self._account(one), self._account(other))), value) for (one, other), value in scores.items()]
        self._database.executemany("INSERT OR REPLACE INTO pairs VALUES (?, ?, ?)", rows)

    def scores_of(self, accounts: Iterable[str]) -> dict[Pair, float]:
        """The scores of all pairs that one of some accounts is in; the lesser IRI first."""
        found: dict[Pair, float] = {}
        for account in accounts:
            number = self._account(account)
            for other, value in self._database.execute(_BESIDE, (number, number)):
                found[(account, other) if account < other else (other, account)] = value
        return found

    def _beside(self, number: int) -> Iterator[str]:
        return (row[0] for row in self._database.execute(_BESIDE, (number, number)))

    def _account(self, iri: str) -> int:
        return int(self._one("SELECT number FROM accounts WHERE iri = ?", iri))

    def holds(self, account: str) -> bool:
        """Whether an account is kept."""
        return self._one("SELECT number FROM accounts WHERE iri = ?", account) is not None

    def account(self, iri: str) -> Account:
        """An account by its IRI."""
        return next(one for one in self.article(iri.partition("#")[0]).accounts if one.iri == iri)

    def leaders(self, accounts: Iterable[str]) -> dict[str, str]:
        """The first account of the group that each of some accounts is in."""
        query = "SELECT leader FROM accounts WHERE iri = ?"
        return {account: str(self._one(query, account) or account) for account in accounts}

    def group(self, accounts: Iterable[str]) -> None:
        """Keep that some accounts are one group."""
        members = sorted(accounts)
        rows = ((members[0], account) for account in members)
        self._database.executemany("UPDATE accounts SET leader = ? WHERE iri = ?", rows)

    def like(self, one: str, other: str, shared: float, reason: str) -> None:
        """Keep that two articles are alike."""
        query = "SELECT number FROM articles WHERE iri = ?"
        numbers = sorted((int(self._one(query, one)), int(self._one(query, other))))
        self._database.execute("INSERT OR REPLACE INTO likes VALUES (?, ?, ?, ?)", (*numbers, shared, reason))

    def alike(self, articles: Iterable[str]) -> dict[str, dict[str, tuple[float, str]]]:
        """Which articles are alike with each of some: how much of the shorter one both have, and the reason."""
        found: dict[str, dict[str, tuple[float, str]]] = {}
        for article in articles:
            for other, shared, reason in self._database.execute(_ALIKE, (article, article)):
                found.setdefault(other, {})[article] = (shared, reason)
                found.setdefault(article, {})[other] = (shared, reason)
        return found

    def links_of(self, things: AbstractSet[str]) -> set[Pair]:
        """The kept links (by subject and target) that one of some things is in."""
        found: set[Pair] = set()
        for thing in things:
            query = "SELECT subject, target FROM links WHERE subject = ? OR target = ?"
            found.update(self._database.execute(query, (thing, thing)))
        return found

    def relink(self, gone: Iterable[Pair], come: Mapping[Pair, Link]) -> None:
        """Keep which links there are."""
        self._database.executemany("DELETE FROM links WHERE subject = ? AND target = ?", sorted(gone))
        rows = [(*pair, come[pair].status, come[pair].kind) for pair in sorted(come)]
        self._database.executemany("INSERT OR REPLACE INTO links VALUES (?, ?, ?, ?)", rows)

    def links(self) -> Iterator[tuple[str, str, str, str]]:
        """Every kept link: subject, target, status, kind."""
        return iter(self._database.execute("SELECT subject, target, status, kind FROM links"))

    def clear(self) -> None:
        """Forget everything."""
        for table in _TABLES[1:]:
            self._database.execute(f"DELETE FROM {table}")  # noqa: S608 - our own tables
        self.note("")
        self._read.cache_clear()

    def _one(self, query: str, *values: object) -> Any:  # noqa: ANN401 - a column's value
        row = self._database.execute(query, values).fetchone()
        return row[0] if row else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self._database.commit()
        self._database.close()


_BESIDE = """SELECT iri, score FROM pairs JOIN accounts ON number = other WHERE one = ?
  UNION ALL SELECT iri, score FROM pairs JOIN accounts ON number = one WHERE other = ?"""
_ALIKE = """SELECT b.iri, shared, reason FROM articles a JOIN likes ON one = a.number JOIN articles b
    ON b.number = other WHERE a.iri = ?
  UNION ALL SELECT a.iri, shared, reason FROM articles b JOIN likes ON other = b.number JOIN articles a
    ON a.number = one WHERE b.iri = ?"""


def _opened(path: Path | None, version: str) -> sqlite3.Connection:
    """The database; a new one where there is none, where it is of another version or cannot be read."""
    if path is None:
        return _made(sqlite3.connect(":memory:"), version)
    try:
        database = sqlite3.connect(path)
        if database.execute("SELECT version FROM about").fetchone() == (version,):
            return database
        database.close()
    except sqlite3.Error:
        pass
    try:
        path.unlink(missing_ok=True)
        return _made(sqlite3.connect(path), version)
    except (OSError, sqlite3.Error):  # a folder that cannot be written: for this once in memory
        return _made(sqlite3.connect(":memory:"), version)


def _made(database: sqlite3.Connection, version: str) -> sqlite3.Connection:
    database.executescript(f"PRAGMA journal_mode=MEMORY; {_SCHEMA}")
    database.execute("INSERT INTO about VALUES (?, '')", (version,))
    return database


def _packed(read: Read) -> bytes:
    said = {
        "source": asdict(read.source),
        "text": [dict(read.text.words), dict(read.text.names)],
        "accounts": [asdict(account) for account in read.accounts],
    }
    return zlib.compress(json.dumps(said, default=sorted, separators=(",", ":")).encode(), 1)


def _unpacked(said: bytes) -> Read:
    found = json.loads(zlib.decompress(said))
    words, names = found["text"]
    return Read(Source(**found["source"]), Text(words, names), tuple(map(_account, found["accounts"])))


def _account(said: dict[str, Any]) -> Account:
    for name in ("kinds", "trigger", "names", "people"):
        said[name] = frozenset(said[name])
    for name in ("who", "named"):
        said[name] = {role: frozenset(words) for role, words in said[name].items()}
    said["figures"] = tuple(Figure(**figure) for figure in said["figures"])
    said["place_in_text"] = tuple(said["place_in_text"])
    return Account(**said)
