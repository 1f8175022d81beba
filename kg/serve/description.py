"""What the service is and holds: SPARQL 1.1 Service Description and VoID, in any format of RDF."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, cast

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from kg.core.vocab import ONTOLOGY, RDF, XSD
from kg.serve.negotiate import GRAPHS, SOLUTIONS, Offer, chosen
from kg.store.formats import BY_NAME
from kg.store.opening import NamedNode, QuerySolutions, RdfLiteral, Triple, serialize

if TYPE_CHECKING:
    from starlette.requests import Request

    from kg.serve.site import Site
    from kg.store.opening import Store

SD, VOID = "http://www.w3.org/ns/sparql-service-description#", "http://rdfs.org/ns/void#"
_PREFIXES = {"sd": SD, "void": VOID, "kg": ONTOLOGY, "dcterms": "http://purl.org/dc/terms/", "xsd": XSD}
_W3C = "http://www.w3.org/ns/formats/"
_FORMATS = {
    "json": "SPARQL_Results_JSON",
    "xml": "SPARQL_Results_XML",
    "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV",
    "turtle": "Turtle",
    "ntriples": "N-Triples",
    "jsonld": "JSON-LD",
    "rdfxml": "RDF_XML",
    "nquads": "N-Quads",
    "trig": "TriG",
}
_COUNTS = {
    "triples": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "entities": f"SELECT (COUNT(*) AS ?n) {{ ?e <{ONTOLOGY}eventType> ?t }}",
    "documents": f"SELECT (COUNT(*) AS ?n) {{ ?a a <{ONTOLOGY}Article> }}",
}


async def description(request: Request) -> Response:
    """The description in the format that the client likes."""
    site: Site = request.app.state.site
    offer = chosen(request.headers.get("accept"), GRAPHS, request.query_params.get("format"))
    root = f"{request.url.scheme}://{request.url.netloc}/"
    return await run_in_threadpool(_described, site, offer, root)


def _described(site: Site, offer: Offer, root: str) -> Response:
    with site.follower.reading() as view:
        counts = view.once("counts", _counted)
    output = io.BytesIO()
    triples = _triples(root, counts, write=site.settings.write)
    serialize(triples, output, BY_NAME[offer.name].engine, prefixes=_PREFIXES)
    return Response(output.getvalue(), media_type=offer.media, headers={"Vary": "Accept"})


def _counted(store: Store) -> dict[str, int]:
    return {name: _number(store, text) for name, text in _COUNTS.items()}


def _number(store: Store, text: str) -> int:
    row = next(iter(cast("QuerySolutions", store.query(text))))
    return int(cast("RdfLiteral", row["n"]).value)


def _triples(root: str, counts: dict[str, int], *, write: bool) -> Iterable[Triple]:
    service, data, default = (NamedNode(f"{root}{name}") for name in ("sparql", "#dataset", "#default"))
    a = NamedNode(f"{RDF}type")

    def said(subject: NamedNode, pairs: Iterable[tuple[str, NamedNode | RdfLiteral]]) -> Iterator[Triple]:
        for predicate, value in pairs:
            yield Triple(subject, NamedNode(predicate), value)

    languages = ["SPARQL11Query", *(["SPARQL11Update"] if write else [])]
    formats = [_W3C + _FORMATS[offer.name] for offer in (*SOLUTIONS, *GRAPHS) if offer.name in _FORMATS]
    yield Triple(service, a, NamedNode(f"{SD}Service"))
    yield from said(
        service,
        [
            (f"{SD}endpoint", service),
            *((f"{SD}supportedLanguage", NamedNode(SD + language)) for language in languages),
            *((f"{SD}resultFormat", NamedNode(form)) for form in formats),
            (f"{SD}feature", NamedNode(f"{SD}UnionDefaultGraph")),
            (f"{SD}defaultDataset", data),
        ],
    )
    yield Triple(data, a, NamedNode(f"{SD}Dataset"))
    yield Triple(data, a, NamedNode(f"{VOID}Dataset"))
    yield from said(
        data,
        [
            (f"{SD}defaultGraph", default),
            (f"{VOID}sparqlEndpoint", service),
            (f"{VOID}vocabulary", NamedNode(ONTOLOGY)),
            (f"{VOID}uriLookupEndpoint", NamedNode(f"{root}thing?iri=")),
            *((f"{VOID}feature", NamedNode(_W3C + _FORMATS[offer.name])) for offer in GRAPHS),
            *((VOID + name, RdfLiteral(number)) for name, number in counts.items()),
        ],
    )
    yield Triple(default, a, NamedNode(f"{SD}Graph"))
    yield Triple(default, NamedNode(f"{VOID}triples"), RdfLiteral(counts["triples"]))
