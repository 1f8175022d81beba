"""``a kg:Attack`` as people mean it: attacks of every kind, though each event has its most specific class only.

    ?event a kg:Attack      becomes      VALUES ?kg_class_1 { kg:Attack kg:Bombing … } … ?event a ?kg_class_1

The class of a pattern is looked up in the store's graph of the ontology; a class that has none below it, and one that
is no class there, stays as it is. A variable whose classes stand in a VALUES is widened likewise and keeps their
names. ``rdf:type`` written out is taken to the letter. Nothing is rewritten in templates, data and SERVICE. An entity
or article that stands in several classes is still one solution.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.store.sparql.request import Sparql

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from kg.store.sparql.tokens import Token

FRESH = "kg_class_"
"""How the names of the variables begin that are put in; no answer shows them."""

_PATH = "a/<http://www.w3.org/2000/01/rdf-schema#subClassOf>*"


@dataclass(frozen=True, slots=True)
class Below:
    """The classes below one, itself among them; whether a thing can be in several of them."""

    classes: tuple[str, ...]
    several: bool = False


@dataclass(frozen=True, slots=True)
class _Use:
    """One ``a CLASS``: the tokens of ``a``, of the class or variable, and of the group around; classes; the subject."""

    verb: Token
    token: Token
    classes: tuple[str, ...]  # IRIs; several of a variable
    first: Token
    last: Token
    subject: str | None


def with_subclasses(sparql: Sparql, below: Callable[[Sequence[str]], Mapping[str, Below]]) -> Sparql:
    """The same with every ``a CLASS`` widened; ``below`` tells of some classes (IRIs) those that have any below."""
    written = _whole(sparql)
    uses = list(_uses(written))
    known = below(sorted({iri for use in uses for iri in use.classes})) if uses else {}
    edits: list[tuple[int, int, str]] = []
    for number, use in enumerate((use for use in uses if not known.keys().isdisjoint(use.classes)), start=1):
        name, other = f"?{FRESH}{number}", f"?{FRESH}{number}_other"
        found = [(iri, known[iri].classes if iri in known else (iri,)) for iri in use.classes]
        edits.append((use.token.start, use.token.end, name))
        if use.token.kind == "variable":
            rows = " ".join(f"(<{above}> <{iri}>)" for above, classes in found for iri in classes)
            edits.append((use.first.end, use.first.end, f" VALUES ({use.token.text} {name}) {{ {rows} }} "))
            continue
        iris = [f"<{iri}>" for iri in found[0][1]]
        edits.append((use.first.end, use.first.end, f" VALUES {name} {{ {' '.join(iris)} }} "))
        if known[use.classes[0]].several and use.subject is not None:
            once = f"STR({other}) < STR({name}) && {other} IN ({', '.join(iris)})"
            filtered = f" FILTER NOT EXISTS {{ {use.subject} a {other} FILTER({once}) }} "
            edits.append((use.last.start, use.last.start, filtered))
    return _edited(written, edits) if edits else sparql


def by_paths(sparql: Sparql) -> Sparql:
    """The same with ``a/rdfs:subClassOf*`` for every ``a CLASS``: no store is asked; what a plan shows."""
    written = _whole(sparql)
    verbs = {use.verb for use in _uses(written)}
    edits = [(verb.start, verb.end, _PATH) for verb in verbs]
    return _edited(written, edits) if edits else sparql


def _edited(sparql: Sparql, edits: list[tuple[int, int, str]]) -> Sparql:
    text = sparql.text
    for start, end, put in sorted(edits, key=lambda edit: edit[:2], reverse=True):
        text = text[:start] + put + text[end:]
    return Sparql(text)


def _whole(sparql: Sparql) -> Sparql:
    """``CONSTRUCT WHERE { … }`` with its template written out: a pattern that is widened is no template."""
    for one, two in zip(sparql.tokens, sparql.tokens[1:], strict=False):
        if one.keyword == "CONSTRUCT" and two.keyword == "WHERE":
            opening = next((token for token in sparql.tokens if token.start > two.start and token.text == "{"), None)
            closing = next((token for token in reversed(sparql.tokens) if token.text == "}"), None)
            if opening is not None and closing is not None and opening.start < closing.start:
                block = sparql.text[opening.start : closing.end]
                return Sparql(f"{sparql.text[: one.end]} {block} {sparql.text[two.start :]}")
    return sparql


def _uses(sparql: Sparql) -> Iterator[_Use]:
    tokens, valued = sparql.tokens, _valued(sparql)
    closing = dict(sparql.groups())
    open_braces: list[tuple[int, bool]] = []  # index of the brace, whether what is within stays as it is
    place = _Place()
    for index, token in enumerate(tokens):
        if token.text == "{" and token.kind == "mark":
            service = any(t.keyword == "SERVICE" for t in tokens[max(0, index - 3) : index])
            literal = index not in closing or service or (bool(open_braces) and open_braces[-1][1])
            open_braces.append((index, literal))
        elif token.text == "}" and token.kind == "mark" and open_braces:
            open_braces.pop()
        place.step(tokens, index)
        if place.verb is not None and token is not place.verb and open_braces and not open_braces[-1][1]:
            classes = valued.get(token.text, ()) if token.kind == "variable" else (_iri(sparql, token),)
            first = open_braces[-1][0]
            if classes and token.kind in ("iri", "name", "variable"):
                yield _Use(place.verb, token, classes, tokens[first], tokens[closing[first]], place.subject)


def _iri(sparql: Sparql, token: Token) -> str:
    prefix, _, local = token.text.partition(":")
    return token.text[1:-1] if token.kind == "iri" else sparql.declarations().get(prefix, "") + local


def _valued(sparql: Sparql) -> dict[str, tuple[str, ...]]:
    """The variables that one ``VALUES ?x { … }`` gives classes, all of them IRIs."""
    found: dict[str, tuple[str, ...]] = {}
    tokens = sparql.tokens
    for index, token in enumerate(tokens[:-3]):
        if token.keyword == "VALUES" and tokens[index + 1].kind == "variable":
            end = next((n for n in range(index + 3, len(tokens)) if tokens[n].text == "}"), index + 3)
            terms = tokens[index + 3 : end]
            name = tokens[index + 1].text
            plain = all(term.kind in ("iri", "name") for term in terms) and name not in found
            found[name] = tuple(_iri(sparql, term) for term in terms) if plain else ()
    return found


class _Place:
    """Where a reader of triple patterns stands: the subject that holds, and the ``a`` whose classes are being read."""

    def __init__(self) -> None:
        self.subject: str | None = None
        self.verb: Token | None = None
        self._begins = True  # a subject comes next
        self._brackets: list[tuple[str | None, bool]] = []  # the subject outside, whether one begins behind

    def step(self, tokens: Sequence[Token], index: int) -> None:
        """Go on by one token."""
        token, before = tokens[index], tokens[index - 1] if index else None
        if token.text == "a":
            after = tokens[index + 1] if index + 1 < len(tokens) else None
            path = before is not None and before.text in ("^", "/", "|", "!", "(")
            objects = after is not None and after.kind in ("iri", "name", "variable")
            self.verb = token if objects and not path else None
        elif token.kind == "mark" and token.text in ("[", "("):
            behind = before is not None and before.kind == "word"  # FILTER(…)
            self._brackets.append((None if self._begins else self.subject, behind))
            self.subject, self._begins, self.verb = None, False, None
        elif token.kind == "mark" and token.text in ("]", ")"):
            self.subject, self._begins = self._brackets.pop() if self._brackets else (None, False)
            self.verb = None
        elif token.kind == "word" or (token.kind == "mark" and token.text in ("{", "}", ".")):
            self._begins, self.verb, self.subject = True, None, None
        elif token.text == ";":
            self.verb = None
        elif self._begins and token.kind in ("variable", "iri", "name"):
            self.subject, self._begins = token.text, False
