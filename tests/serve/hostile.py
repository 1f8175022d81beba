"""200 titles, names and addresses that would run a script where a page did not escape them."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from kg.store.opening import NamedNode, RdfFormat, RdfLiteral, Triple, serialize
from tests.serve.made import BASE, Happened, article, slug, term

RUN = "window.ran=1"
_BARE = (
    f"<script>{RUN}</script>",
    f"<img src=x onerror={RUN}>",
    f"<svg onload={RUN}>",
    f"<svg><script>{RUN}</script></svg>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
    f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe>",
    f"<iframe src=javascript:parent.{RUN}></iframe>",
    f"<details open ontoggle={RUN}>",
    f"<video><source onerror={RUN}></video>",
    f"<body onload={RUN}>",
    f"<input autofocus onfocus={RUN}>",
    f"<object data=javascript:{RUN}></object>",
    f"<a href=javascript:{RUN}>press</a>",
    f"<math><mi xlink:href=javascript:{RUN}>x</mi></math>",
    f"<style>@import 'javascript:{RUN}'</style>",
    f"<meta http-equiv=refresh content='0;url=javascript:{RUN}'>",
    f"<base href=javascript:{RUN}//>",
    f"<form action=javascript:{RUN}><button autofocus>x</button></form>",
    f"<x onclick={RUN} tabindex=1 autofocus onfocus={RUN}>x</x>",
    "{{ 7*7 }}{% print(1) %}${7*7}",
    f"javascript:{RUN}",
    f"JaVaScRiPt:{RUN}",
    f"data:text/html,<script>{RUN}</script>",
    f"vbscript:{RUN}",
    f"' onmouseover='{RUN}",
)
_AROUND = ("{}", '">{}', "'>{}", "</title>{}", "</textarea>{}", "-->{}", "]]>{}", "</style></script>{}")
TEXTS = tuple(around.format(bare) for bare in _BARE for around in _AROUND)
"""Each way to run something, in each way to get out of where it stands."""


SAMPLE = tuple(_AROUND[n % len(_AROUND)].format(bare) for n, bare in enumerate(_BARE))
"""Each way to run something once."""


def graphs(texts: Sequence[str]) -> dict[str, bytes]:
    """Articles of twenty events that hold all of them as titles, publishers, addresses, names, labels; with links."""
    made = {}
    for number, start in enumerate(range(0, len(texts), 20)):
        some = texts[start : start + 20]
        events = [Happened(t, some[n - 1], f"{t} town", f"{t} did it", "Killing") for n, t in enumerate(some)]
        graph, ntriples = article(number, some[0], some[1], events, url=some[2])
        made[graph] = ntriples
    links = []
    for number, text in enumerate(texts[::8]):
        link, target = NamedNode(f"{BASE}graph/links#l{number}"), NamedNode(f"javascript:{RUN}//{number}")
        links += [Triple(link, term("rdf:type"), term("kg:Link"))]
        links += [Triple(link, term("kg:linkSubject"), NamedNode(f"{BASE}person/{slug(text)}"))]
        links += [Triple(link, term("kg:linkTarget"), target), Triple(link, term("kg:linkMethod"), RdfLiteral(text))]
        links += [Triple(link, term("kg:linkStatus"), term("kg:candidate"))]
        links += [Triple(link, term("kg:reason"), RdfLiteral(text))]
        links += [Triple(link, term("kg:score"), RdfLiteral("0.5", datatype=term("xsd:decimal")))]
        links += [Triple(target, term("rdfs:label"), RdfLiteral(text))]
    points = []
    for number, text in enumerate(texts):
        place = NamedNode(f"{BASE}place/{slug(f'{text} town')}")
        points += [Triple(place, term("wgs84:lat"), RdfLiteral(str(number % 60)))]
        points += [Triple(place, term("wgs84:long"), RdfLiteral(str(number % 150)))]
    made[f"{BASE}graph/links"] = serialize(links, format=RdfFormat.N_TRIPLES) or b""
    made[f"{BASE}graph/dataset/points"] = serialize(points, format=RdfFormat.N_TRIPLES) or b""
    return made


def few_pages(texts: Sequence[str]) -> list[str]:
    """The addresses of pages that show them all."""
    person = quote(f"{BASE}person/{slug(texts[9])}", safe="")
    return [
        "/network?limit=400", f"/links?at={len(texts) // 8 - 1}", "/search?kind=event",
        f"/event?iri={BASE}article/a0%23event-0",
        *(f"/article?iri={BASE}article/a{n}" for n in range((len(texts) + 19) // 20)),
        f"/entity?iri={person}", f"/search?kind=entity&q={quote(texts[9])}",
    ]  # fmt: skip


def pages(texts: Sequence[str]) -> list[str]:
    """The addresses of every kind of page, and of drawings by themselves."""
    person = quote(f"{BASE}person/{slug(texts[9])}", safe="")
    return [
        *few_pages(texts), "/", "/timeline?limit=500", "/map", "/links", "/search?kind=entity", "/search?kind=article",
        f"/problems?q={quote(texts[9])}", "/timeline.svg?limit=500", "/network.svg", "/map.svg",
        "/ask?query=" + quote("SELECT * { ?s rdfs:label|skos:prefLabel ?o }"),
        "/ask?view=plot&query=" + quote("SELECT ?o (1 AS ?n) { ?s rdfs:label ?o }"),
        f"/reconcile/preview?id={person}",
    ]  # fmt: skip
