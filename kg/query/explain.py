"""Why something is in the graph: the sentences with the words marked, the article, who says so, how certain, its links.

Takes an entity, an event or a triple pattern and asks the store in SPARQL, so it works on every kind of store. Which
rule or model found a thing is not stored: ``kg.pipeline.retrace`` reads the articles again with tracing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kg.core.errors import QueryError
from kg.core.iris import article_of, local_name, span_of
from kg.core.model import Article
from kg.core.vocab import COMMON_PREFIXES, ONTOLOGY, OWL, PROJECT_PREFIXES
from kg.query.corrections import read_corrections
from kg.query.evidence import Evidence, Explanation, Mark, Source, sentences_with
from kg.query.results import Namer
from kg.query.things import MOST, names_with, term_of, things_named
from kg.store.opening import NamedNode, QuerySolutions, RdfLiteral, Store, Term

_SAME_AS = NamedNode(OWL + "sameAs")
ROLES = ("agent", "patient", "recipient", "instrument", "place", "cause")

_HEAD = "".join(f"PREFIX {name}: <{iri}> " for name, iri in {**COMMON_PREFIXES, **PROJECT_PREFIXES}.items())


class Explainer:
    """Explains things of one store."""

    def __init__(self, store: Store, prefixes: Mapping[str, str]) -> None:
        self._store = store
        self._prefixes = prefixes
        self._namer = Namer(prefixes)

    def explain(self, name: str) -> list[Explanation]:
        """What an IRI, a prefixed name or a name stands for; QueryError where the store knows nothing of it."""
        return [self._explain_thing(thing) for thing in self._find(name)]

    def explain_pattern(self, subject: str, predicate: str, object_: str) -> list[Explanation]:
        """The triples that a pattern finds, each with its words; ``?`` stands for anything."""
        if all(part.startswith("?") for part in (subject, predicate, object_)):
            raise QueryError(
                "a pattern of three question marks is the whole store: name a subject, predicate or object"
            )
        terms = [self._alternatives(part) for part in (subject, predicate, object_)]
        values = "".join(
            f"VALUES ?{variable} {{ {' '.join(map(str, found))} }} "
            for variable, found in zip("spo", terms, strict=True)
            if found is not None
        )
        rows = list(
            self._rows(f"SELECT DISTINCT ?s ?p ?o WHERE {{ {values} ?s ?p ?o }} ORDER BY ?s ?p ?o LIMIT {MOST}")
        )
        if not rows:
            raise QueryError(f"no triple matches {subject} {predicate} {object_}: try fewer fixed parts ('?')")
        return [self._explain_triple(row) for row in rows]

    def article(self, iri: str) -> Article | None:
        """The article of an IRI, to be read again; None where the store does not hold its text."""
        row = next(
            self._rows(
                f"SELECT ?t ?d WHERE {{ {NamedNode(iri)} schema:articleBody ?t "
                f"OPTIONAL {{ {NamedNode(iri)} schema:datePublished ?d }} }}"
            ),
            None,
        )
        return Article(iri, _text(row["t"]), _optional(row, "d")) if row else None

    def _rows(self, query: str) -> Iterator[dict[str, Term]]:
        results = self._store.query(_HEAD + query)
        assert isinstance(results, QuerySolutions)  # noqa: S101 # only SELECTs are asked here
        names = [variable.value for variable in results.variables]
        for solution in results:
            yield {name: solution[name] for name in names if solution[name] is not None}

    def _find(self, name: str) -> list[NamedNode]:
        term = term_of(name, self._prefixes)
        if isinstance(term, NamedNode):
            if next(self._rows(f"SELECT ?p WHERE {{ {term} ?p ?o }} LIMIT 1"), None) is None:
                raise QueryError(f"the store says nothing about {name}: try its name, or kg query --name actors")
            return [term]
        things = things_named(self._store, term.value)
        if not things:
            near = ", ".join(names_with(self._store, term.value))
            hint = f"did you mean {near}?" if near else "kg query --name actors lists who is there"
            raise QueryError(f"nothing is named {name!r}; {hint}")
        return things

    def _alternatives(self, part: str) -> list[Term] | None:
        if part.startswith("?"):
            return None
        term = term_of(part, self._prefixes)
        if isinstance(term, NamedNode):
            return [term]
        try:
            return [term, *self._find(part)]
        except QueryError:
            return [term]

    def _explain_thing(self, thing: NamedNode) -> Explanation:
        types = tuple(
            self._short(row["t"])
            for row in self._rows(
                f"SELECT DISTINCT ?t WHERE {{ {{ {thing} a ?t }} UNION "
                f"{{ {thing} a/rdfs:subClassOf+ ?t . ?t a owl:Class }} }} ORDER BY ?t"
            )
        )
        event = next(
            self._rows(f"SELECT ?t ?f ?l WHERE {{ {thing} kg:eventType ?t ; kg:factuality ?f ; rdfs:label ?l }}"), None
        )
        if event:
            return self._explain_event(thing, types, event)
        names = [
            _text(row["l"])
            for row in self._rows(
                f"SELECT DISTINCT ?l ?first WHERE {{ {thing} ?p ?l VALUES (?p ?first) {{ (skos:prefLabel 1) "
                "(rdfs:label 2) (schema:headline 2) (skos:altLabel 3) } } ORDER BY ?first ?l"
            )
        ]
        facts = [("also", name) for name in dict.fromkeys(names[1:]) if name != names[0]]
        facts += [
            (f"{_local(row['r'])} of", f"{_text(row['l'])} ({_local(row['f'])})  {self._short(row['e'])}")
            for row in self._rows(
                f"SELECT DISTINCT ?r ?e ?l ?f WHERE {{ ?e ?r {thing} ; rdfs:label ?l ; kg:factuality ?f }} "
                "ORDER BY ?r ?e"
            )
        ]
        facts += [
            ("says", f"{_text(row['l'])} ({_local(row['f'])})  {self._short(row['e'])}")
            for row in self._rows(
                f"SELECT DISTINCT ?e ?l ?f WHERE {{ ?c kg:source {thing} ; kg:claims ?e . ?e rdfs:label ?l ; "
                "kg:factuality ?f } ORDER BY ?e"
            )
        ]
        facts += [
            (_local(row["p"]), self._named(row))
            for row in self._rows(
                f"SELECT DISTINCT ?p ?o ?l WHERE {{ ?n rdf:subject {thing} ; rdf:predicate ?p ; "
                "rdf:object ?o OPTIONAL { ?o skos:prefLabel ?l } } ORDER BY ?p ?o"
            )
        ]
        marks = self._marks(f"{thing} kg:mention ?m BIND('mention' AS ?part)")
        return Explanation(
            iri=thing.value,
            kind="entity",
            name=names[0] if names else self._short(thing),
            types=types,
            facts=tuple(facts),
            links=self._links(thing),
            evidence=self._evidence(marks),
        )

    def _explain_event(self, event: NamedNode, types: tuple[str, ...], row: Mapping[str, Term]) -> Explanation:
        facts = [
            (_local(r["r"]), self._named(r))
            for r in self._rows(
                f"SELECT DISTINCT ?r ?o ?l WHERE {{ {event} ?r ?o VALUES ?r {{ {_roles()} }} "
                "OPTIONAL { ?o skos:prefLabel|rdfs:label ?l } } ORDER BY ?r ?l ?o"
            )
        ]
        facts += self._times(event) + self._counts(event)
        evidence = (
            f"{{ {event} kg:mention ?m BIND('trigger' AS ?part) }} UNION "
            f"{{ {event} ?r ?x VALUES ?r {{ {_roles()} }} ?x kg:mention ?m "
            "BIND(STRAFTER(STR(?r), '#') AS ?part) } UNION "
            f"{{ {event} ?r ?m VALUES ?r {{ kg:time kg:count }} BIND(STRAFTER(STR(?r), '#') AS ?part) }} UNION "
            f"{{ ?m kg:claims {event} BIND('cue' AS ?part) }} UNION "
            f"{{ ?c kg:claims {event} ; kg:source/kg:mention ?m BIND('source' AS ?part) }}"
        )
        marks = self._marks(evidence, article=article_of(event.value))
        return Explanation(
            iri=event.value,
            kind="event",
            name=_text(row["l"]),
            types=(self._short(row["t"]), *(t for t in types if t != self._short(row["t"]))),
            status=_local(row["f"]),
            facts=tuple(facts),
            sources=self._sources(event),
            corrections=self._corrections(event.value.partition("#")[0], marks),
            evidence=self._evidence(marks, around="trigger"),
        )

    def _corrections(self, article: str, marks: Mapping[str, set[Mark]]) -> tuple[str, ...]:
        """What people said of the event that these words tell of."""
        words = {(mark.begin, mark.end) for mark in marks.get(article, ()) if mark.part == "trigger"}
        known = read_corrections(self._store, [article]).values()
        found = [one for one in known if any(one.place.begin < end and begin < one.place.end for begin, end in words)]
        return tuple(f"{one.says} (read as {one.type}), says {one.by}: {one.why}" for one in found)

    def _explain_triple(self, row: Mapping[str, Term]) -> Explanation:
        subject, predicate, object_ = row["s"], row["p"], row["o"]
        parts = (
            f"{{ ?m rdf:subject {subject} ; rdf:predicate {predicate} ; rdf:object {object_} "
            "BIND('statement' AS ?part) } UNION "
            f"{{ {subject} kg:mention ?m BIND('subject' AS ?part) }}"
        )
        if isinstance(object_, NamedNode):
            parts += f" UNION {{ {object_} kg:mention ?m BIND('object' AS ?part) }}"
        marks = self._marks(parts, article=_scope(subject) or _scope(object_))
        around = (
            "statement" if any(mark.part == "statement" for found in marks.values() for mark in found) else "subject"
        )
        event = subject if isinstance(subject, NamedNode) else None
        status = next(self._rows(f"SELECT ?f WHERE {{ {event} kg:factuality ?f }}"), None) if event else None
        return Explanation(
            iri=subject.value if isinstance(subject, NamedNode) else str(subject),
            kind="statement",
            name=" ".join(self._short(term) for term in (subject, predicate, object_)),
            types=(),
            status=_local(status["f"]) if status else None,
            sources=self._sources(event) if event else (),
            links=self._links(event, object_) if event and predicate == _SAME_AS else (),
            evidence=self._evidence(marks, around=around),
        )

    def _times(self, event: NamedNode) -> list[tuple[str, str]]:
        rows = self._rows(
            f"SELECT DISTINCT ?d ?i ?x WHERE {{ {event} kg:time ?x OPTIONAL {{ ?x kg:dates ?d }} "
            "OPTIONAL { ?x kg:inferred ?i } }"
        )
        facts = []
        for row in rows:
            dates = _text(row["d"]) if "d" in row else "not resolved"
            inferred = ", inferred" if "i" in row and _text(row["i"]) == "true" else ""
            words = f"“{said}”: " if (said := self._words(row["x"])) else ""
            facts.append(("time", f"{words}{dates}{inferred}"))
        return facts

    def _counts(self, event: NamedNode) -> list[tuple[str, str]]:
        rows = self._rows(
            f"SELECT DISTINCT ?l ?min ?max ?who ?role WHERE {{ {event} kg:count ?c . ?c rdfs:label ?l ; "
            "kg:countedRole ?role OPTIONAL { ?c kg:counted/skos:prefLabel ?who } "
            "OPTIONAL { ?c kg:min ?min } OPTIONAL { ?c kg:max ?max } } ORDER BY ?role ?l"
        )
        facts = []
        for row in rows:
            least, most = (_text(row[key]) if key in row else "" for key in ("min", "max"))
            bounds = least if least == most else f"{least or '…'} to {most or '…'}"
            who = f" {_text(row['who'])}" if "who" in row else ""
            facts.append(("count", f"“{_text(row['l'])}”: {bounds}{who} ({_local(row['role'])})"))
        return facts

    def _sources(self, event: NamedNode) -> tuple[Source, ...]:
        rows = self._rows(
            f"SELECT DISTINCT ?n ?p ?k ?c ?v ?by WHERE {{ ?c kg:claims {event} ; kg:source ?s "
            "OPTIONAL { ?s skos:prefLabel ?n } OPTIONAL { ?s schema:publisher ?p } OPTIONAL { ?s kg:sourceType ?k } "
            "OPTIONAL { ?c kg:medium/skos:prefLabel ?v } "
            "OPTIONAL { ?c kg:reportedIn/kg:source/(skos:prefLabel|schema:publisher) ?by } } ORDER BY ?n ?p ?c"
        )
        return tuple(
            Source(
                name=_text(row["n"]) if "n" in row else _own_voice(row),
                kind=_optional(row, "k"),
                cue=self._words(row["c"]) or None,
                medium=_optional(row, "v"),
                reported_by=_optional(row, "by"),
            )
            for row in rows
        )

    def _links(self, thing: NamedNode, other: Term | None = None) -> tuple[str, ...]:
        """A thing's links on either side, or only those to another."""
        rows = self._rows(
            f"SELECT DISTINCT ?t ?f ?r ?s WHERE {{ {{ ?l kg:linkSubject {thing} ; kg:linkTarget ?t }} UNION "
            f"{{ ?l kg:linkTarget {thing} ; kg:linkSubject ?t }} ?l kg:linkStatus ?f "
            "OPTIONAL { ?l kg:reason ?r } OPTIONAL { ?l kg:score ?s } } ORDER BY ?t ?f ?s ?r"
        )
        found = []
        for row in rows:
            if other is None or row["t"] == other:
                score = f", {float(_text(row['s'])):.2f}" if "s" in row else ""
                reason = f": {_text(row['r'])}" if "r" in row else ""
                found.append(f"{self._short(row['t'])} ({_local(row['f'])}{score}{reason})")
        return tuple(found)

    def _marks(self, pattern: str, article: str | None = None) -> dict[str, set[Mark]]:
        """The marks of each article that the mentions ?m of a pattern give, with what each is (?part)."""
        marks: dict[str, set[Mark]] = {}
        for row in self._rows(f"SELECT DISTINCT ?m ?part WHERE {{ {pattern} }}"):
            iri = _text(row["m"])
            if (span := span_of(iri)) and article in (None, article_of(iri)):
                marks.setdefault(article_of(iri), set()).add(Mark(*span, _text(row["part"])))
        return marks

    def _evidence(self, marks: Mapping[str, set[Mark]], around: str | None = None) -> tuple[Evidence, ...]:
        found = []
        for article in sorted(marks):
            rows = self._rows(
                f"SELECT ?h ?p ?d ?t ?g ?m ?o WHERE {{ VALUES ?a {{ {NamedNode(article)} }} ?a a kg:Article "
                "OPTIONAL { ?a schema:headline ?h } OPTIONAL { ?a schema:publisher ?p } "
                "OPTIONAL { ?a schema:datePublished ?d } OPTIONAL { ?a schema:articleBody ?t } "
                "OPTIONAL { ?a prov:wasGeneratedBy ?r . ?r kg:program ?g ; kg:model ?m ; kg:ontologyDigest ?o } }"
            )
            row = next(rows, {})
            reading = f"{_text(row['g'])}, model {_text(row['m'])}" if "g" in row else None
            sentences = sentences_with(_optional(row, "t"), marks[article], around)
            headline, publisher, published, ontology = (_optional(row, key) for key in "hpdo")
            found.append(Evidence(article, headline, publisher, published, reading, ontology, sentences))
        return tuple(found)

    def _words(self, mention: Term) -> str:
        """The words of a mention, cut out of the article's text; nothing where the store does not hold them."""
        iri = _text(mention)
        span = span_of(iri)
        known = self.article(article_of(iri)) if span else None
        return known.text[span[0] : span[1]] if span and known else ""

    def _short(self, term: Term) -> str:
        return self._namer.term(term) if isinstance(term, NamedNode) else str(term)

    def _named(self, row: Mapping[str, Term]) -> str:
        if "l" not in row:
            words = self._words(row["o"])
            return f"{words}  {self._short(row['o'])}" if words else self._short(row["o"])
        return f"{_text(row['l'])}  {self._short(row['o'])}"


def _own_voice(row: Mapping[str, Term]) -> str:
    return f"the article itself ({_text(row['p'])})" if "p" in row else "the article itself"


def _roles() -> str:
    return " ".join(f"kg:{role}" for role in ROLES)


def _scope(term: Term) -> str | None:
    """The article that a term of an article's own belongs to."""
    if isinstance(term, NamedNode) and "#" in term.value and not term.value.startswith(ONTOLOGY):
        return term.value.partition("#")[0]
    return None


def _local(term: Term) -> str:
    return local_name(_text(term))


def _text(term: Term) -> str:
    return term.value if isinstance(term, NamedNode | RdfLiteral) else str(term)


def _optional(row: Mapping[str, Term], key: str) -> str | None:
    return _text(row[key]) if key in row else None
