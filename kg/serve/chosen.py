"""Which events a page is asked for: by type, place, participant, days and status, as an address says it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.serve.asking import iri, iris
from kg.serve.kinds import below, roles
from kg.serve.page import Params
from kg.serve.problems import Problem

_DAY = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
STATUSES = ("asserted", "negated", "possible", "planned")
AFTER = "~"  # stands after whatever a day begins with: what is until 2024 is until 2024-12-31


@dataclass(frozen=True, slots=True)
class Choice:
    """Which events: of a type or below it, in a place, with a participant, in a time, of a status; empty: any."""

    kind: str = ""
    place: str = ""
    who: str = ""
    since: str = ""
    until: str = ""
    status: str = ""

    def pattern(self, event: str = "?e") -> str:
        """The part of a query that chooses."""
        parts = []
        if self.kind:
            parts.append(f"VALUES ?kind {{ {iris(below(self.kind))} }} {event} kg:eventType ?kind .")
        if self.place:
            parts.append(f"{event} kg:place {iri(self.place)} .")
        if self.who:
            parts.append(f"VALUES ?role {{ {iris(roles())} }} {event} ?role {iri(self.who)} .")
        if self.status:
            parts.append(f"{event} kg:factuality kg:{self.status} .")
        if self.since:
            parts.append(f'{event} kg:time/kg:latestEnd ?chosenEnd FILTER(STR(?chosenEnd) >= "{self.since}")')
        if self.until:
            begin = f'{event} kg:time/kg:earliestBegin ?chosenBegin FILTER(STR(?chosenBegin) <= "{self.until}{AFTER}")'
            parts.append(begin)
        return " ".join(parts)


def choice(params: Params) -> Choice:
    """The choice that an address makes; Problem for a day, a status or an IRI that is none."""
    for name in ("since", "until"):
        if (day := params.get(name, "").strip()) and not _DAY.fullmatch(day):
            raise Problem("bad-request", f"{name}={day[:40]}: write year, month and day, as in 2024-03-04")
    if (status := params.get("status", "").strip()) and status not in STATUSES:
        raise Problem("bad-request", f"status={status[:40]}: one of {', '.join(STATUSES)}")
    names = {"kind": "type", "place": "place", "who": "who", "since": "since", "until": "until", "status": "status"}
    chosen = Choice(**{field: params.get(name, "").strip() for field, name in names.items()})
    for value in (chosen.kind, chosen.place, chosen.who):
        if value:
            iri(value)
    return chosen
