"""Who acts on whom in a month of news: the network in networkx, its central figures, and a drawing (network.svg)."""

from __future__ import annotations

import math
from pathlib import Path

import networkx as nx

import kg

SIZE = 420  # of the drawing, in pixels


def main(news: str = "examples/month.jsonl", location: str = "month-store", picture: str = "network.svg") -> None:
    """Export the network, fold events into edges from who acts to whom it is done, and print who is in the middle."""
    with kg.open_store(location) as store:
        store.load(news)
        store.export("network.graphml", as_="graphml")
    acts = folded(nx.read_graphml("network.graphml", force_multigraph=True))
    for name, degree in sorted(acts.degree(), key=lambda pair: (-pair[1], pair[0]))[:5]:
        print(f"{name}: {degree} ties")
    for who, whom, labels in sorted(acts.edges(data="label")):
        print(f"{who} -> {whom}: {labels}")
    Path(picture).write_text(drawing(acts), "utf-8")


def folded(network: nx.MultiDiGraph) -> nx.DiGraph:
    """Edges from each agent to each patient of an event that is said to have happened, by what they are called."""
    acts = nx.DiGraph()
    for event, data in network.nodes(data=True):
        if data.get("kind") == "event" and data.get("status") == "asserted":
            ends: dict[str, list[str]] = {"agent": [], "patient": []}
            for _, filler, role in network.out_edges(event, data="label"):
                ends.setdefault(role, []).append(network.nodes[filler]["label"])
            for who in ends["agent"]:
                for whom in ends["patient"]:
                    known = acts.get_edge_data(who, whom, {"label": ""})["label"].split(", ")
                    acts.add_edge(who, whom, label=", ".join(sorted({*known, data["type"]} - {""})))
    return acts


def drawing(acts: nx.DiGraph) -> str:
    """The network on a circle: the same network, the same picture."""
    names = sorted(acts)
    angles = {name: 2 * math.pi * number / max(len(names), 1) for number, name in enumerate(names)}
    at = {name: (SIZE / 2 + 150 * math.cos(a), SIZE / 2 + 150 * math.sin(a)) for name, a in angles.items()}
    parts = []
    for who, whom, label in sorted(acts.edges(data="label")):
        (x1, y1), (x2, y2) = at[who], at[whom]
        line = f'<line x1="{x1:.0f}" y1="{y1:.0f}" x2="{x2:.0f}" y2="{y2:.0f}" stroke="#888"'
        parts.append(f'{line} marker-end="url(#end)"><title>{who}, {label}, {whom}</title></line>')
    for name, (x, y) in at.items():
        parts.append(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="5" fill="#36c"/>')
        parts.append(f'<text x="{x:.0f}" y="{y - 9:.0f}" text-anchor="middle">{name}</text>')
    end = '<marker id="end" viewBox="0 0 6 6" refX="11" refY="3" markerWidth="7" markerHeight="7" orient="auto">'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-40 0 {SIZE + 80} {SIZE}" font-family="sans-serif"',
            f' font-size="11"><defs>{end}<path d="M0,0 6,3 0,6" fill="#888"/></marker></defs>',
            *parts,
            "</svg>\n",
        ]
    )


if __name__ == "__main__":
    main()
