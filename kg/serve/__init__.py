"""The store as a web page, a SPARQL endpoint and a reconciliation service: one process, wholly offline.

    settings ─ run: binds, starts uvicorn ─ app: Starlette with all routes, behind guard
                                             ├─ protocol, graphs, description: SPARQL 1.1 Protocol, Graph Store, VoID
                                             ├─ reconcile: the W3C Reconciliation API 0.2
                                             └─ pages: one module a page, ``store, parameters → data``, and a template

What strangers ask in SPARQL, and every write, is done by processes of ``workers``, which can be killed; the pages' own
questions are asked of a copy of the store that ``following`` keeps up to date. Needs the extra ``newskg[serve]``; only
``kg serve`` and ``kg reconcile`` import this package.
"""
