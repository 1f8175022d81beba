"""Standing relations that news states in passing: chains in, (subject, predicate, object) with their words out.

Posts ("finance minister Ana Cruz"), bodies of countries and of other bodies ("the Kenyan army", "the party's wing"),
members ("members of the Hill brigade"), places in places, operators and owners, nationalities, other names. Only
what a phrase or a short clause says outright; the mention is the stretch of text from the one to the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.core.model import Mention, Relation
from kg.extract.syntax.slots import conjuncts, verb_arguments
from kg.ontology.words import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from spacy.tokens import Doc, Token

    from kg.core.model import Entity
    from kg.extract.entities.coref import Chains
    from kg.extract.entities.mention import EntityMention
    from kg.ontology.values import Ontology

#: Nouns for a part of a body.
_PARTS = frozenset(words("parts"))
#: Nouns for people that name no post, rank or occupation.
_NO_POST = frozenset(words("noPost"))
_ADDRESS = frozenset({"mr", "mrs", "ms", "miss", "dr", "sir", "prof"})
_POST_PREPOSITIONS = frozenset({"of", "for", "at", "with", "from", "in", "to"})
_EMPLOYERS = frozenset({"of", "for", "at", "with", "from"})
_IN = frozenset({"in", "near", "outside", "at", "inside"})
_RUN = {"run": "operates", "operate": "operates", "manage": "operates", "own": "owns"}
_RUNNER = {"operator": "operates", "owner": "owns"}
_MEANING = frozenset({"mean", "translate"})
_SELF_NAMED = frozenset({"known", "nicknamed", "dubbed", "alias", "aka"})
_HOLDINGS = ("Place", "Organization", "Product")
_LONGEST = 200  # characters of a relation's mention


def find_relations(
    doc: Doc, chains: Chains, ontology: Ontology, log: Callable[[int, str], None] | None = None
) -> tuple[Relation, ...]:
    """Return the relations that one article states, each once, in text order, with ids r1, r2 and so on.

    ``log`` takes the index of a relation's first token, and words for the relation and the rule that found it.
    """
    finder = _Finder(doc, chains, ontology)
    found: dict[tuple[str, str, str], tuple[str, str, str, Mention, bool]] = {}
    at = {token.idx: token.i for token in doc} if log else {}
    for rule, (subject, predicate, value, mention, literal) in finder.all():
        if literal or subject != value:
            found.setdefault((subject, predicate, value), (subject, predicate, value, mention, literal))
            if log:
                other = value if literal else chains.entity(value).name
                log(at[mention.start], f"{predicate} of {chains.entity(subject).name}: {other} by {rule}")
    ordered = sorted(found.values(), key=lambda r: (r[3].start, r[3].end, r[1], r[0], r[2]))
    return tuple(
        Relation(f"r{number}", subject, predicate, value, mention, literal)
        for number, (subject, predicate, value, mention, literal) in enumerate(ordered, 1)
    )


_Found = tuple[str, str, str, Mention, bool]


def _by(rule: str, relations: Iterator[_Found]) -> Iterator[tuple[str, _Found]]:
    return ((rule, relation) for relation in relations)


class _Finder:
    """The relations of one document, as (subject id, predicate, object, mention, literal)."""

    def __init__(self, doc: Doc, chains: Chains, ontology: Ontology) -> None:
        self.doc = doc
        self.text = doc.text
        self.chains = chains
        self.is_a = ontology.is_a
        self.mentions = sorted(
            ((m, chains.entity(i)) for i, ms in chains.mentions.items() for m in ms), key=lambda p: p[0].head
        )
        self.at = {head: pair for pair in self.mentions for head in pair[0].heads}

    def all(self) -> Iterator[tuple[str, _Found]]:
        """Each relation, with the rule that finds it in words."""
        for mention, entity in self.mentions:
            if mention.pronoun or mention.demonym:
                continue
            head = self.doc[mention.head]
            yield from _by("title or apposition", self._posts(mention, entity, head))
            yield from _by("adjective of a country", self._nations(mention, entity))
            yield from _by("possessor", self._owned(mention, entity, head))
            yield from _by("phrase below the noun", self._below(mention, entity, head))
        for token in self.doc:
            if token.lemma_ in _RUN and token.pos_ == "VERB":
                yield from _by(f"verb “{token.lemma_}”", self._running(token))
            elif token.lemma_ in _MEANING and token.dep_ == "acl:relcl":
                yield from _by("what a name means", self._means(token))
            elif token.lower_ in _SELF_NAMED or token.text == "(":
                yield from _by(f"“{token.text}”", self._also_known(token))
            elif token.pos_ == "ADJ" and token.i in self.at and self.at[token.i][0].demonym:
                yield from _by("predicate adjective", self._is_of(token))

    # ------------------------------------------------------------------------------------------------------- people

    def _posts(self, mention: EntityMention, entity: Entity, head: Token) -> Iterator[_Found]:
        """The post of a named person, from a title or apposition, and the body that it is in."""
        if mention.named or mention.type != "Person" or entity.type != "Person" or not entity.named:
            return
        if head.lemma_.lower().rstrip(".") in _NO_POST | _ADDRESS or not self._describes(mention, entity):
            return
        name = self._nearest_name(mention, entity)
        end = self._post_end(mention, head)
        words = self.doc[mention.start : end]
        yield self._found(entity, "position", " ".join(words.text.split()), (words[0], words[-1], name), literal=True)
        bodies = [self.at[t.i] for t in self._before(mention) if t.i in self.at]
        bodies += [
            self.at[c.i]
            for c in head.children
            if c.i in self.at and (c.dep_ == "nmod:poss" or (c.dep_ == "nmod" and _case(c) in _EMPLOYERS))
        ]
        for other, body in bodies:
            if self.is_a(body.type, "Organization") and not other.demonym:
                yield self._found(entity, "memberOf", body.id, (self.doc[other.start], self.doc[other.end - 1], name))

    def _describes(self, mention: EntityMention, entity: Entity) -> bool:
        """Whether a noun phrase stands beside the name, or is said of it, rather than taking it up later."""
        head = self.doc[mention.head]
        for other, other_entity in self._of(entity):
            if not other.named or other_entity is not entity:
                continue
            if other.start == mention.end or head.head.i == other.head or self.doc[other.head].head.i == head.i:
                return True
            gap = self.doc[min(other.end, mention.end) : max(other.start, mention.start)]
            if len(gap) <= 6 and len(gap) > 0 and gap[0].text in (",", "(") and not any(t.pos_ == "VERB" for t in gap):
                return True
        return any(c.dep_ == "cop" for c in head.children)

    def _post_end(self, mention: EntityMention, head: Token) -> int:
        """Return where a post ends: with its "of" phrase where that follows at once ("president of Acme Bank")."""
        end = mention.end
        for child in head.children:
            if child.dep_ == "nmod" and child.i > head.i and _case(child) in _POST_PREPOSITIONS:
                other = self.at.get(child.i)
                last = other[0].end if other is not None else child.i + 1
                if child.left_edge.i == end and last - mention.start <= 12:
                    end = last
        return end

    def _is_of(self, adjective: Token) -> Iterator[_Found]:
        """Nationality as a predicate: "she is Kenyan"."""
        if not any(c.dep_ == "cop" and c.lemma_ == "be" for c in adjective.children):
            return
        for child in adjective.children:
            if child.dep_ == "nsubj" and child.i in self.at:
                who = self.at[child.i][1]
                if self.is_a(who.type, "Agent"):
                    yield self._found(who, "nationality", self.at[adjective.i][1].id, (child, adjective))

    # ------------------------------------------------------------------------------------------- countries and bodies

    def _nations(self, mention: EntityMention, entity: Entity) -> Iterator[_Found]:
        """An adjective of a country within the phrase: nationality of people, a body's country, where a place lies."""
        last = self.doc[mention.end - 1]
        for token in [*self._before(mention), *self.doc[mention.start : mention.end]]:
            other = self.at.get(token.i)
            if other is None or not other[0].demonym or other[1] is entity or not self._is_nation(other[1]):
                continue
            predicate = self._country_predicate(entity, mention)
            if predicate is not None:
                yield self._found(entity, predicate, other[1].id, (token, last))
        word = self.at.get(mention.start)
        if mention.type == "Place" and word is not None and word[1] is not entity and not word[0].demonym:
            yield self._found(entity, "partOf", word[1].id, (self.doc[mention.start], last))  # "northern Kenya"

    def _country_predicate(self, entity: Entity, mention: EntityMention) -> str | None:
        if self.is_a(entity.type, "publicBody"):
            return "partOf"
        if self.is_a(entity.type, "Place"):
            return None if self.is_a(entity.type, "country") or mention.number == "plur" else "locatedIn"
        return "nationality" if self.is_a(entity.type, "Agent") else None

    def _is_nation(self, entity: Entity) -> bool:
        """Whether an entity is a country or a region: there is no nationality of a continent."""
        return self.is_a(entity.type, "GPE")

    def _owned(self, mention: EntityMention, entity: Entity, head: Token) -> Iterator[_Found]:
        """A possessor: "Kenya's navy", "Norway's Acme Oil", "the party's youth wing", "the mine's owner, Acme"."""
        for child in head.children:
            if child.dep_ != "nmod:poss" or child.i not in self.at or not head.i - 8 <= child.i < mention.start:
                continue
            other, owner = self.at[child.i]
            span = (self.doc[other.start], self.doc[mention.end - 1])
            is_place = self.is_a(owner.type, "GPE")
            if head.lemma_.lower() in _RUNNER:
                if entity.named and any(self.is_a(owner.type, kind) for kind in _HOLDINGS):
                    yield self._found(entity, _RUNNER[head.lemma_.lower()], owner.id, span)
            elif self.is_a(entity.type, "Organization"):
                if is_place and mention.named and not self.is_a(entity.type, "publicBody"):
                    yield self._found(entity, "nationality", owner.id, span)
                elif is_place or (head.lemma_.lower() in _PARTS and self.is_a(owner.type, "Organization")):
                    yield self._found(entity, "partOf", owner.id, span)
            elif is_place and self.is_a(entity.type, "Place") and not self.is_a(entity.type, "country"):
                yield self._found(entity, "locatedIn", owner.id, span)

    def _below(self, mention: EntityMention, entity: Entity, head: Token) -> Iterator[_Found]:
        """A phrase below: "members of X", "the wing of X", "the plant near X", "X, of the Hill Party"."""
        lemma = head.lemma_.lower()
        for child in head.children:
            if child.dep_ not in ("nmod", "appos") or child.i not in self.at or child.i < head.i:
                continue
            case = _case(child)
            for token in conjuncts(child):
                if token.i not in self.at or (token is not child and _case(token) not in ("", case)):
                    continue
                other, below = self.at[token.i]
                predicate = self._predicate_below(lemma, case, entity, below, mention)
                if predicate is not None and not other.demonym:
                    yield self._found(entity, predicate, below.id, (self.doc[mention.start], self.doc[other.end - 1]))
        before = [self.at[t.i] for t in self._before(mention) if t.i in self.at and not self.at[t.i][0].demonym]
        for other, body in before:  # "Hill Front fighters"
            if (
                entity.type == "Group"
                and other.named
                and (body.type == "Organization" or self.is_a(body.type, "armed") or self.is_a(body.type, "party"))
            ):
                yield self._found(entity, "memberOf", body.id, (self.doc[other.start], self.doc[mention.end - 1]))

    def _predicate_below(
        self, lemma: str, case: str, entity: Entity, below: Entity, mention: EntityMention
    ) -> str | None:
        organisation = self.is_a(below.type, "Organization")
        if case == "of":
            if lemma == "member" and organisation:
                return "memberOf"
            if entity.type == "Person" and mention.named and self.is_a(below.type, "party"):
                return "memberOf"
            if lemma in _PARTS and organisation and self.is_a(entity.type, "Organization"):
                return "partOf"
            if lemma in _RUNNER and entity.named and any(self.is_a(below.type, kind) for kind in _HOLDINGS):
                return _RUNNER[lemma]
            if mention.named and self.is_a(entity.type, "region") and self.is_a(below.type, "GPE"):
                return "locatedIn"
            if self.is_a(entity.type, "publicBody") and self.is_a(below.type, "country"):
                return "partOf"
            return None
        if case in _IN and self.is_a(below.type, "Place") and below.type != entity.type:
            place = self.is_a(entity.type, "Place") or self.is_a(entity.type, "sited")
            return "locatedIn" if place and mention.number == "sing" else None
        if (
            not case
            and mention.named
            and (entity.type == "GPE" or self.is_a(entity.type, "settlement"))
            and below.named
        ):
            return (
                "locatedIn" if self.is_a(below.type, "country") or self.is_a(below.type, "region") else None
            )  # "Kisumu, Kenya"
        return None

    # ------------------------------------------------------------------------------------------- clauses and names

    def _running(self, verb: Token) -> Iterator[_Found]:
        """Who runs or owns: "the company running the mine", "the plant, owned by Acme"."""
        slots: dict[str, list[Token]] = {}
        for argument in verb_arguments(verb):
            slots.setdefault(argument.slot, []).append(self.doc[argument.head])
        who = slots.get("subject", []) or slots.get("by", [])
        what = slots.get("object", []) or slots.get("subject:pass", [])
        who = [*who, *self._partners(verb)]
        for runner in who:
            for thing in what:
                if runner.i not in self.at or thing.i not in self.at:
                    continue
                subject, value = self.at[runner.i][1], self.at[thing.i][1]
                if self.is_a(subject.type, "Organization") and any(self.is_a(value.type, k) for k in _HOLDINGS):
                    yield self._found(subject, _RUN[verb.lemma_], value.id, (runner, thing, verb))

    def _also_known(self, token: Token) -> Iterator[_Found]:
        """Other names: "X, also known as Y", "Long Name (LN)"."""
        doc, i = self.doc, token.i
        if token.text == "(":
            if i + 2 < len(doc) and doc[i + 2].text == ")" and i + 1 in self.at and i > 0:
                short, entity = self.at[i + 1]
                long = next((m for m, e in self._of(entity) if m.end == i), None)
                if long is not None and entity.named and short.end == i + 2:
                    yield self._found(
                        entity, "alsoKnownAs", doc[i + 1].text, (doc[long.start], doc[i + 2]), literal=True
                    )
            return
        start = i + 1 + (i + 1 < len(doc) and doc[i + 1].lower_ == "as")
        if token.lower_ in ("known", "dubbed") and start == i + 1 and token.lower_ == "known":
            return
        while start < len(doc) and (doc[start].is_quote or doc[start].lower_ in ("the", "simply")):
            start += 1
        other = next((m for m, _ in self.mentions if m.start == start), None)
        left = i - 1 - (i > 0 and doc[i - 1].lower_ in ("also", "better", "widely", "commonly", "locally"))
        while left > 0 and (doc[left].is_punct or doc[left].lower_ in ("is", "was", "who", "which", "are")):
            left -= 1
        known = next((e for m, e in self.mentions if m.start <= left < m.end and e.named), None)
        if other is not None and known is not None and doc[start].text[:1].isupper():
            name = doc[other.start : other.end].text
            yield self._found(known, "alsoKnownAs", name, (doc[left], doc[other.end - 1]), literal=True)

    def _means(self, verb: Token) -> Iterator[_Found]:
        """What a name means: "the Harakat front, whose name means “Movement”"."""
        name = next((c for c in verb.children if c.dep_ == "nsubj" and c.lemma_ == "name"), None)
        meaning = next((c for c in verb.children if c.dep_ in ("obj", "xcomp", "obl")), None)
        if name is None or meaning is None or verb.head.i not in self.at:
            return
        words = [t for t in meaning.subtree if not t.is_punct and t.dep_ != "case"]
        entity = self.at[verb.head.i][1]
        if words and entity.named:
            text = self.text[words[0].idx : words[-1].idx + len(words[-1])]
            yield self._found(entity, "alsoKnownAs", text, (verb.head, words[-1]), literal=True)

    def _partners(self, verb: Token) -> Iterator[Token]:
        """Those who do it too: "run by Acme along with Bolt and Cog", wherever the parse hung the phrase."""
        for token in verb.sent[verb.i - verb.sent.start :]:
            if (
                token.lower_ == "with"
                and token.i > 0
                and self.doc[token.i - 1].lower_ in ("along", "together", "jointly")
            ):
                partner = token.head if token.dep_ in ("case", "fixed") else token
                while partner.dep_ == "fixed" or partner.pos_ in ("ADP", "ADV"):
                    if partner.head.i == partner.i:
                        return
                    partner = partner.head
                yield from conjuncts(partner)

    # ------------------------------------------------------------------------------------------------------- pieces

    def _of(self, entity: Entity) -> list[tuple[EntityMention, Entity]]:
        return [(m, entity) for m in self.chains.mentions[entity.id]]

    def _nearest_name(self, mention: EntityMention, entity: Entity) -> Token:
        names = [m for m, _ in self._of(entity) if m.named]
        nearest = min(names, key=lambda m: abs(m.head - mention.head), default=mention)
        return self.doc[nearest.end - 1]

    def _before(self, mention: EntityMention) -> list[Token]:
        """Return the tokens that belong to a phrase and stand right before its mention or within it, heads excluded."""
        head = self.doc[mention.head]
        found = [c for c in head.children if c.i < mention.start and c.dep_ in ("compound", "amod")]
        found += [t for t in self.doc[mention.start : mention.head] if t.i in self.at and not mention.named]
        if mention.start > 0 and not mention.named and mention.start - 1 in self.at:
            found.append(self.doc[mention.start - 1])
        return list({t.i: t for t in found}.values())

    def _found(
        self, subject: Entity, predicate: str, value: str, tokens: tuple[Token, ...], *, literal: bool = False
    ) -> _Found:
        first, last = min(tokens, key=lambda t: t.i), max(tokens, key=lambda t: t.i)
        start, end = first.idx, last.idx + len(last.text)
        if end - start > _LONGEST:
            start, end = tokens[0].idx, tokens[0].idx + len(tokens[0].text)
        return subject.id, predicate, value, Mention(start, end, self.text[start:end]), literal


def _case(token: Token) -> str:
    """Return the preposition of a token in lower case, "" without one."""
    return next((c.lower_ for c in token.children if c.dep_ == "case" and c.i < token.i), "")
