"""What one text says, without storing anything: ``python examples/one_text.py ['Your text.' [DATE]]``."""

from __future__ import annotations

import sys

import kg

TEXT = (
    "Gunmen attacked a bus near the town of Arden on Monday and killed four passengers, the mayor, Ana Ruelo, said. "
    "Police arrested two suspects. A third man denied that he had taken part in the attack."
)


def main(text: str = TEXT, published: str = "2024-05-08") -> None:
    """Print each event with its participants, its time, how certain it is and who says so."""
    extraction = kg.extract_text(text, published=published)
    names = {entity.id: entity.name for entity in extraction.entities}
    for event in extraction.events:
        said = f", says {names[event.source]}" if event.source else ""
        print(f"{event.type} ({event.status}{said}): “{event.triggers[0].text}”")
        for role in event.roles:
            filler = role.filler if isinstance(role.filler, str) else role.filler.text
            print(f"    {role.role}: {names.get(filler, filler)}")
        if event.time:
            print(f"    time: {event.time.words or 'not resolved'}")
        for count in event.counts:
            print(f"    {count.role}: at least {count.minimum}, at most {count.maximum} {count.counted}")


if __name__ == "__main__":
    main(*sys.argv[1:3])
