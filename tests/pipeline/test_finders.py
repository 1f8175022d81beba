"""A violation says which rule or model found what is at fault, from a reading of its article anew."""

from __future__ import annotations

import pytest
from extractions import EXTRACTION, READING

from kg.core.model import Violation
from kg.core.vocab import DEFAULT_BASE as BASE
from kg.graph.triples import to_ntriples, to_triples
from kg.pipeline.finders import with_finders
from kg.pipeline.prepared import Reader, Settings

ARTICLE = f"{BASE}article/quarry"


@pytest.mark.model
def test_what_found_it_is_told():
    """The notes at the span and no others; that another program read it before; nothing where there is no span."""
    reader = Reader(Settings())
    graph = to_ntriples(to_triples(EXTRACTION, reader.ontology, READING, BASE))
    begin = EXTRACTION.article.text.index("killed")
    at_fault = Violation("x", None, "m", "Violation", article=ARTICLE, begin=begin, end=begin + 6)
    elsewhere = Violation("x", None, "m", "Violation", article=ARTICLE)
    told, untold = with_finders([at_fault, elsewhere], lambda _: graph, reader)
    assert "Killing “killed” by the lexicon" in told.found_by
    assert "raided" not in told.found_by.partition("cause")[0]
    assert "(read again by kg " in told.found_by
    assert untold.found_by is None
