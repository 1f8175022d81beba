"""Contexts of JSON-LD that are known offline: schema.org's, by what its vocabulary and its terms for links say.

A context is fetched from nowhere. That of schema.org makes every plain term one of its vocabulary (``@vocab``), ``id``
and ``type`` keywords, and the values of some terms IRIs. Here the vocabulary keeps the form (http or https) in which
the text names the context, and dates stay plain strings.
"""

from __future__ import annotations

import json
import re

from kg.core.errors import KgError

_START = re.compile(r'(?<!\\)"@context"\s*:\s*')
_SCHEMA = re.compile(
    r"(https?)://(?:www\.)?schema\.org(?:/|/docs/jsonldcontext\.json(?:ld)?|/version/[\w.]+/?)?", re.IGNORECASE
)
_LINKS = (
    "acquireLicensePage actionableFeedbackPolicy additionalType archivedAt codeRepository contentUrl correctionsPolicy "
    "discussionUrl diversityPolicy diversityStaffingReport downloadUrl embedUrl ethicsPolicy hasMap image installUrl "
    "isBasedOnUrl license logo mainEntityOfPage map maps masthead menu "
    "missionCoveragePrioritiesPolicy noBylinesPolicy ownershipFundingInfo paymentUrl publishingPrinciples "
    "relatedLink replyToUrl sameAs schemaVersion screenshot serviceUrl significantLink significantLinks "
    "targetUrl thumbnailUrl tourBookingPage trackingUrl unnamedSourcesPolicy url usageInfo "
    "verificationFactCheckingPolicy"
).split()


def with_known_contexts(text: bytes) -> bytes:
    """JSON-LD with the contexts written out that are known; KgError for one that would have to be fetched."""
    words = text.decode("utf-8")
    parts, position = [], 0
    decoder = json.JSONDecoder()
    while start := _START.search(words, position):
        try:
            context, end = decoder.raw_decode(words, start.end())
        except ValueError:  # the parser says what is wrong, and where
            break
        parts += [words[position : start.end()], json.dumps(_known(context), ensure_ascii=False)]
        position = end
    return "".join([*parts, words[position:]]).encode("utf-8")


def _known(context: object) -> object:
    if isinstance(context, list):
        return [_known(one) for one in context]
    if not isinstance(context, str):
        return context
    if schema := _SCHEMA.fullmatch(context.strip()):
        vocabulary = f"{schema[1].lower()}://schema.org/"
        links = {term: {"@id": vocabulary + term, "@type": "@id"} for term in _LINKS}
        return {"@vocab": vocabulary, "schema": vocabulary, "id": "@id", "type": "@type", **links}
    raise KgError(
        f"its context {context} would have to be fetched, and nothing is: write the context out in the file (known "
        "without is https://schema.org/)"
    )
