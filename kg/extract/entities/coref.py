"""Which mentions speak of one thing: mentions in, the article's entities out.

A sieve, surest rules first: equal names; appositions, titles and copulas; short forms, acronyms and spellings of names;
noun phrases that take up an earlier one ("the minister", "the group"); pronouns. A rule joins whole chains, and never
two that disagree: two different full names, a person and a place, one man and several, 32 farmers and 40. Mentions that
no rule joins stay by themselves. After the multi-pass sieve of Raghunathan et al. (2010), over Universal Dependencies.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kg.core.model import Entity, Mention
from kg.core.names import fold
from kg.extract.entities.anaphora import antecedent_of_noun
from kg.extract.entities.befallen import befallen_before
from kg.extract.entities.chains import Board
from kg.extract.entities.nouns import entity_words
from kg.extract.entities.pronouns import antecedent_of_pronoun, is_first_person, relative_antecedents
from kg.extract.entities.sidebyside import join_acronyms, join_by_grammar, join_neighbours
from kg.extract.entities.spelling import bare_person, keys
from kg.ontology.words import words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from spacy.tokens import Doc

    from kg.core.model import Article
    from kg.extract.entities.chains import Chain
    from kg.extract.entities.mention import EntityMention
    from kg.ontology.values import Ontology

#: A word that more names of one article share than this ("University") makes none of them a form of another.
_MANY = 500


@dataclass(frozen=True, slots=True)
class Chains:
    """The entities of one article, and which token speaks of which. Token indices are those of the ``Doc``."""

    entities: tuple[Entity, ...]
    mentions: Mapping[str, tuple[EntityMention, ...]]  # entity id → its mentions, in text order
    by_token: Mapping[int, str]  # token that heads (or counts, or refers to) a mention → entity id

    def entity_of(self, token: int) -> str | None:
        """Return the id of the entity that the phrase headed by a token speaks of; None where there is none."""
        return self.by_token.get(token)

    def entity(self, entity_id: str) -> Entity:
        """Return an entity by its id ("n7"); the ids number the entities from 1 without gaps."""
        return self.entities[int(entity_id[1:]) - 1]

    @property
    def classes(self) -> dict[int, str]:
        """Token → entity class, where it is known: pronouns have that of what they stand for."""
        return {i: e.type for i, x in self.by_token.items() if (e := self.entity(x)).type != "Other"}


def build_entities(
    article: Article,
    doc: Doc,
    mentions: Sequence[EntityMention],
    ontology: Ontology,
    speakers: Mapping[int, int] | None = None,
) -> Chains:
    """Join the mentions of one article into entities with ids n1, n2… in the order of their first mentions.

    ``speakers`` tells of quoted tokens who says them (token → head token of the speaker): "I" and "we" need it. Every
    ``Mention`` of the result quotes ``article.text``; the document must have been read from that text.
    """
    board = Board(doc, list(mentions), entity_words(ontology), speakers or {})
    _run(board)
    return _frozen(board, article)


def _run(board: Board) -> None:
    _equal_names(board)
    join_acronyms(board)
    join_by_grammar(board)
    join_neighbours(board)
    _name_variants(board)
    board.refers = relative_antecedents(board.doc, board.at)
    speaking = []
    for mention in board.mentions:
        if mention.pronoun and is_first_person(board.doc[mention.head]):
            speaking.append(mention)  # its speaker may be a pronoun itself
        elif mention.pronoun or not mention.named:
            _take_up(board, mention)
    for mention in speaking:
        _take_up(board, mention)


def _take_up(board: Board, mention: EntityMention) -> None:
    if mention.pronoun:
        target = antecedent_of_pronoun(board, mention)
    else:
        target = befallen_before(board, mention) or antecedent_of_noun(board, mention)
    if target is not None:
        board.join(board.chain_of[target.head], board.chain_of[mention.head])


def _equal_names(board: Board) -> None:
    first: dict[tuple[str, str], int] = {}
    for mention in board.mentions:
        if not mention.named or mention.number == "plur" or mention.type in ("Norp", "Group"):
            continue
        chain = board.chain_of[mention.head]
        folded = fold(mention.name)
        folded = fold(board.words.countries.get(folded, folded))
        if mention.type == "Person":
            folded = " ".join(bare_person(mention.name))
        key = (folded, board.broad(chain.type))
        if key in first:
            board.join(board.chain_of[first[key]], chain)
        else:
            first[key] = mention.head


def _name_variants(board: Board) -> None:
    """Join short forms to the one longer name that they can stand for."""
    named = _named_chains(board)
    by_key: dict[str, list[int]] = defaultdict(list)
    for number, chain in enumerate(named):
        for key in _keys(chain):
            by_key[key].append(number)

    def may_stand_for(short: Chain, long: Chain) -> bool:
        """Whether a name is a variant of another; a name that was said a hundred times is compared once."""
        pairs = ((a, b) for a in dict.fromkeys(short.names) for b in dict.fromkeys(long.names) if len(a) <= len(b))
        return any(board.variant(a, b, long.type) for a, b in pairs)

    for chain in named:
        short = board.now(chain)
        near = {number for key in _keys(short) if len(by_key[key]) <= _MANY for number in by_key[key]}
        fitting = [
            long
            for long in (board.now(named[number]) for number in sorted(near))
            if long.order != short.order and _compatible_kinds(board, short, long) and may_stand_for(short, long)
        ]
        alive = list({id(board.chain_of[c.mentions[0].head]): c for c in fitting}.values())
        before = [c for c in alive if c.order < short.order]
        if len(alive) == 1 or (len(before) == 1 and board.broad(short.type) != "Place"):
            target = before[0] if before else alive[0]
            board.join(board.chain_of[target.mentions[0].head], board.chain_of[short.mentions[0].head])
        elif len(alive) > 1 and board.broad(short.type) == "Person" and before:
            latest = max(before, key=lambda c: max(m.head for m in c.mentions if m.head < short.order))
            board.join(board.chain_of[latest.mentions[0].head], board.chain_of[short.mentions[0].head])


def _keys(chain: Chain) -> set[str]:
    return set().union(*map(keys, dict.fromkeys(chain.names)))


def _named_chains(board: Board) -> list[Chain]:
    chains = {id(c): c for c in board.chain_of.values() if c.named and c.type not in ("Norp", "Group")}
    return sorted(chains.values(), key=lambda c: c.order)


def _compatible_kinds(board: Board, short: Chain, long: Chain) -> bool:
    one, other = board.broad(short.type), board.broad(long.type)
    return one == other or "Other" in (one, other)


def _frozen(board: Board, article: Article) -> Chains:
    """Return the frozen result: nested and bare pronoun chains left out, ids in text order."""
    kept = {id(c): c for c in board.chain_of.values() if not all(m.pronoun for m in c.mentions)}
    ordered = sorted(kept.values(), key=lambda c: (min(m.start for m in c.mentions), c.order))
    entities, mentions_of, by_token = [], {}, {}
    for number, chain in enumerate(ordered, 1):
        entity_id = f"n{number}"
        entity = _entity(board, entity_id, chain, article)
        entities.append(entity)
        mentions_of[entity_id] = chain.mentions
        for mention in chain.mentions:
            if _is_dateline(board.doc, mention):
                continue  # no part of the sentence behind it, whatever the parser made of it
            for head in mention.heads:
                by_token[head] = entity_id
            if mention.named:
                for i in range(mention.start, mention.end):
                    if i not in board.at:
                        by_token.setdefault(i, entity_id)
    for pronoun, head in board.refers.items():
        if head in by_token:
            by_token.setdefault(pronoun, by_token[head])
    return Chains(tuple(entities), mentions_of, by_token)


def _is_dateline(doc: Doc, mention: EntityMention) -> bool:
    """Whether a name opens the article as its dateline: "NAIROBI —", "NAIROBI (Agency)"."""
    if not mention.named or any(not t.is_space for t in doc[: mention.start]) or mention.end >= len(doc):
        return False
    return doc[mention.end].text in ("—", "–", "-", "--", "(", ":", "|", "/")


def _entity(board: Board, entity_id: str, chain: Chain, article: Article) -> Entity:
    spans = sorted({_span(board, mention) for mention in chain.mentions})
    name = " ".join(chain.name.split())
    kind = "Group" if chain.type == "Person" and chain.number == "plur" and not chain.named else chain.type
    aliases = sorted({" ".join(n.split()) for n in chain.names} - {name})
    entity = Entity(
        id=entity_id,
        type=kind,
        types=board.words.types(kind),
        name=name,
        named=chain.named,
        mentions=tuple(Mention(start, end, article.text[start:end]) for start, end in spans),
        aliases=tuple(aliases),
    )
    return replace(entity, source_type=_source_type(board, entity, chain))


def _span(board: Board, mention: EntityMention) -> tuple[int, int]:
    last = board.doc[mention.end - 1]
    return board.doc[mention.start].idx, last.idx + len(last.text)


def _source_type(board: Board, entity: Entity, chain: Chain) -> str | None:
    """Return what kind of unnamed source an entity would be; None for names and for what is no source."""
    if board.words.is_a(entity.type, "medium"):
        return "medium"
    if entity.named:
        return None
    said = {w for m in chain.mentions if not m.pronoun for w in fold(board.doc[m.start : m.end].text).split()}
    for kind, telling in _SOURCES:
        if said & telling:
            return kind
    if board.words.is_a(entity.type, "securitySource"):
        return "security"
    if board.words.is_a(entity.type, "officialSource"):
        return "official"
    return "party" if board.words.is_a(entity.type, "partySource") else None


_SOURCES: tuple[tuple[str, frozenset[str]], ...] = (
    (
        "witness",
        frozenset(words("witnessWords")),
    ),
    (
        "security",
        frozenset(words("securityWords")),
    ),
    (
        "medium",
        frozenset(words("mediumWords")),
    ),
    (
        "official",
        frozenset(words("officialWords")),
    ),
    (
        "party",
        frozenset(words("partyWords")),
    ),
)
