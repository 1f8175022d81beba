"""From scores to annotations: entity spans by Viterbi search, trees by Chu-Liu-Edmonds. Plain numpy, no model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NEVER = -1e9


def transitions(labels: list[str]) -> NDArray[np.float32]:
    """Return the [from, to] scores of BIO labels: 0 where allowed; I-X may follow only B-X or I-X."""
    allowed = np.zeros((len(labels), len(labels)), dtype=np.float32)
    for to, label in enumerate(labels):
        if label.startswith("I-"):
            allowed[:, to] = [0.0 if before[2:] == label[2:] and before != "O" else _NEVER for before in labels]
    return allowed


def viterbi(scores: NDArray[np.float32], moves: NDArray[np.float32], starts: NDArray[np.float32]) -> list[int]:
    """Return the best label sequence for [word, label] scores, [from, to] moves and scores of the first label."""
    if not len(scores):
        return []
    best = scores[0] + starts
    back = []
    for row in scores[1:]:
        paths = best[:, None] + moves
        back.append(paths.argmax(0))
        best = paths.max(0) + row
    label = int(best.argmax())
    path = [label]
    for step in reversed(back):
        label = int(step[label])
        path.append(label)
    return path[::-1]


def spans(tags: list[str]) -> list[tuple[int, int, str]]:
    """Return the (first, past last, label) spans of BIO tags; an I- that continues nothing begins a span."""
    found: list[tuple[int, int, str]] = []
    begin, label = 0, ""
    for i, tag in enumerate([*tags, "O"]):
        if label and (tag == "O" or tag.startswith("B-") or tag[2:] != label):
            found.append((begin, i, label))
            label = ""
        if tag != "O" and not label:
            begin, label = i, tag[2:]
    return found


def tree(scores: NDArray[np.float32]) -> list[int]:
    """Return each word's head in the best tree with one root; -1 marks the root.

    `scores` is [word, head], its last column the root's. The greedy choice is taken where it is a tree, which it
    nearly always is; else the maximum spanning tree.
    """
    size = len(scores)
    if size == 1:
        return [-1]
    weights = scores.astype(np.float64, copy=True)
    weights[np.arange(size), np.arange(size)] = -np.inf
    root = int((weights[:, size] - weights[:, :size].max(1)).argmax())
    heads = weights.argmax(1)
    if (heads == size).sum() != 1:  # no root, or several: the word that gains most by being it
        weights[:, size] = -np.inf
        weights[root, :size] = -np.inf
        weights[root, size] = 0.0
        heads = weights.argmax(1)
    if _cycle(heads.tolist(), size) is not None:
        square = np.full((size + 1, size + 1), -np.inf)
        square[:size] = weights
        square[:size, size] -= 1e6  # the fewest arcs from the root: one
        heads = np.array(_maximum_tree(square, size)[:size])
    return [-1 if head == size else int(head) for head in heads]


def _cycle(heads: list[int], root: int) -> list[int] | None:
    """Return the words of one cycle, or None."""
    state = [0] * (len(heads) + 1)  # 0 new, else the number of the walk that came by
    for begin in range(len(heads)):
        at = begin
        while at != root and not state[at]:
            state[at] = begin + 1
            at = heads[at]
        if at != root and state[at] == begin + 1:
            ring, step = [at], heads[at]
            while step != at:
                ring.append(step)
                step = heads[step]
            return ring
    return None


def _maximum_tree(scores: NDArray[np.float64], root: int) -> list[int]:
    """Chu-Liu-Edmonds over [node, head] scores; the entry of the root itself means nothing."""
    size = len(scores)
    heads = [0 if node == root else int(scores[node].argmax()) for node in range(size)]
    heads[root] = root
    ring = _cycle([root if node == root else heads[node] for node in range(size)], root)
    if ring is None:
        return heads
    inside = set(ring)
    kept = [node for node in range(size) if node not in inside]
    ring_score = np.array([scores[node, heads[node]] for node in ring])
    small = np.full((len(kept) + 1, len(kept) + 1), -np.inf)
    small[:-1, :-1] = scores[np.ix_(kept, kept)]
    into = scores[np.ix_(ring, kept)] - ring_score[:, None]  # entering breaks one arc of the ring
    enter = into.argmax(0)
    small[-1, :-1] = into.max(0)
    out = scores[np.ix_(kept, ring)]
    leave = out.argmax(1)
    small[:-1, -1] = out.max(1)
    solved = _maximum_tree(small, kept.index(root))
    for at, node in enumerate(kept):
        if node != root:
            heads[node] = ring[int(leave[at])] if solved[at] == len(kept) else kept[solved[at]]
    entry = solved[len(kept)]
    heads[ring[int(enter[entry])]] = kept[entry]
    return heads
