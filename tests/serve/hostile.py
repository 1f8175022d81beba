"""200 titles, names and addresses that would run a script where a page did not escape them."""

from __future__ import annotations

from kg.store.opening import NamedNode, RdfFormat, RdfLiteral, Triple, open_store, serialize
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


def store(location: str) -> None:
    """A store whose ten articles hold all of them as titles, publishers, addresses, names, labels; with links."""
    graphs = {}
    for number in range(10):
        texts = TEXTS[number * 20 : number * 20 + 20]
        events = [Happened(t, texts[n - 1], f"{t} town", f"{t} did it", "Killing") for n, t in enumerate(texts)]
        graph, ntriples = article(number, texts[0], texts[1], events, url=texts[2])
        graphs[graph] = ntriples
    links = []
    for number, text in enumerate(TEXTS[::8]):
        link, target = NamedNode(f"{BASE}graph/links#l{number}"), NamedNode(f"javascript:{RUN}//{number}")
        links += [Triple(link, term("rdf:type"), term("kg:Link"))]
        links += [Triple(link, term("kg:linkSubject"), NamedNode(f"{BASE}person/{slug(text)}"))]
        links += [Triple(link, term("kg:linkTarget"), target), Triple(link, term("kg:linkMethod"), RdfLiteral(text))]
        links += [Triple(link, term("kg:linkStatus"), term("kg:candidate"))]
        links += [Triple(link, term("kg:reason"), RdfLiteral(text))]
        links += [Triple(link, term("kg:score"), RdfLiteral("0.5", datatype=term("xsd:decimal")))]
        links += [Triple(target, term("rdfs:label"), RdfLiteral(text))]
    points = []
    for number, text in enumerate(TEXTS):
        place = NamedNode(f"{BASE}place/{slug(f'{text} town')}")
        points += [Triple(place, term("wgs84:lat"), RdfLiteral(str(number % 60)))]
        points += [Triple(place, term("wgs84:long"), RdfLiteral(str(number % 150)))]
    with open_store(location, mode="write") as opened:
        opened.replace_many(graphs)
        opened.replace_many(
            {
                f"{BASE}graph/links": serialize(links, format=RdfFormat.N_TRIPLES) or b"",
                f"{BASE}graph/dataset/points": serialize(points, format=RdfFormat.N_TRIPLES) or b"",
            }
        )
