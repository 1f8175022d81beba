"""The pages: one module each, with a plain function ``store, parameters → data``, tested without HTTP, and a template.

A new page is a module here, its row in ``PAGES``, and a template of its name. ``show`` gets the store and the fields of
the address and gives one value, ``data`` in the template; it is asked once for each state of the store and address.
Names and texts of articles are strangers': templates escape everything, and an address becomes a link only through
``followable`` (other sites) or ``address`` (ours).
"""

from __future__ import annotations

from kg.serve.page import Page
from kg.serve.pages import article, entity, event, map, network, overview, search, timeline  # noqa: A004 - a page

PAGES: tuple[Page, ...] = (
    overview.PAGE,
    search.PAGE,
    timeline.PAGE,
    map.PAGE,
    network.PAGE,
    article.PAGE,
    entity.PAGE,
    event.PAGE,
)
"""Every page, in the order of the menu."""
