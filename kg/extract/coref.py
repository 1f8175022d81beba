"""Which mentions speak of one thing: mentions in, the article's entities out.

A sieve, surest rules first: equal names; appositions, titles and copulas; short forms, acronyms and spellings of names;
noun phrases that take up an earlier one ("the minister", "the group"); pronouns. A rule joins whole chains, and never two
that disagree: two different full names, a person and a place, one man and several, 32 militants and 40. Mentions that no
rule joins stay by themselves. After the multi-pass sieve of Raghunathan et al. (2010), over Universal Dependencies.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from kg.extract.anaphora import antecedent_of_noun, antecedent_of_pronoun, is_first_person, relative_antecedents
from kg.extract.entitywords import entity_words
from kg.extract.names import bare_person, fold, is_acronym, is_short_form, is_short_person, same_spelling
from kg.model import Entity, Mention

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from spacy.tokens import Doc, Token

    from kg.extract.entities import EntityMention
    from kg.extract.entitywords import EntityWords
    from kg.model import Article
    from kg.ontology import Ontology

_BROAD = ("Person", "Group", "Norp", "Organization", "Place", "Product", "Money", "Document", "Event")
_OPEN = frozenset({"Other"})
#: One house may be told of as a place and as a body.
_HOUSES = frozenset({"Facility", "Institution"})
_OF_NAME = ("Settlement", "Region", "NaturalPlace", "Country", "GPE")
_NOT_IDENTITY = frozenset("not never n't if whether may might could would no hardly".split())


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

    def government_of(self, entity_id: str) -> str:
        """Return who acts and speaks where a country does: for now the place itself (the seam for metonymy)."""
        return entity_id


@dataclass(slots=True)
class Chain:
    """A chain in the making."""

    mentions: list[EntityMention]
    type: str
    order: int  # head of the first mention
    names: list[str] = field(default_factory=list)
    gender: str = ""
    number: str = "sing"
    numerals: set[str] = field(default_factory=set)

    @property
    def named(self) -> bool:
        """Whether any mention is a name."""
        return bool(self.names)

    @property
    def name(self) -> str:
        """The fullest name, or the words of the first noun phrase."""
        if self.names:
            counts = Counter(self.names)
            return max(counts, key=lambda n: (len(n.split()), not n.isupper(), counts[n], len(n), n))
        nominal = next((m for m in self.mentions if not m.pronoun), self.mentions[0])
        return nominal.name


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
    resolver = Resolver(doc, list(mentions), entity_words(ontology), speakers or {})
    resolver.run()
    return resolver.chains(article)


class Resolver:
    """Joins the mentions of one document; ``anaphora`` asks it what fits."""

    def __init__(
        self, doc: Doc, mentions: list[EntityMention], words: EntityWords, speakers: Mapping[int, int]
    ) -> None:
        self.doc = doc
        self.words = words
        self.mentions = sorted(mentions, key=lambda m: m.head)
        self.place = {m.head: i for i, m in enumerate(self.mentions)}  # head → index in mentions
        self.sentence = _sentence_numbers(doc)
        self.speaker_of = speakers.get
        self.inside_names = {i for m in mentions if m.named and not m.demonym for i in range(m.start, m.end)}
        self.chain_of: dict[int, Chain] = {}  # by head of mention
        self.refers: dict[int, int] = {}  # relative pronoun → head of what it refers to
        self.at: dict[int, EntityMention] = {}  # every head token of a mention
        for mention in mentions:
            names = [mention.name] if mention.named else []
            numerals = {mention.numeral} if mention.numeral else set()
            gender = mention.gender if mention.gender != "n" else ""
            self.chain_of[mention.head] = Chain(
                [mention], mention.type, mention.head, names, gender, mention.number, numerals
            )
            for head in mention.heads:
                self.at.setdefault(head, mention)

    def run(self) -> None:
        self._equal_names()
        self._acronyms()
        self._grammar()
        self._neighbours()
        self._name_variants()
        self.refers = relative_antecedents(self.doc, self.at)
        speaking = []
        for mention in self.mentions:
            if mention.pronoun and is_first_person(self.doc[mention.head]):
                speaking.append(mention)  # its speaker may be a pronoun itself
            elif mention.pronoun or not mention.named:
                self._take_up(mention)
        for mention in speaking:
            self._take_up(mention)

    def _take_up(self, mention: EntityMention) -> None:
        antecedent = antecedent_of_pronoun if mention.pronoun else antecedent_of_noun
        target = antecedent(self, mention)
        if target is not None:
            self.join(self.chain_of[target.head], self.chain_of[mention.head])

    # -------------------------------------------------------------------------------------------------------- joining

    def join(self, one: Chain, other: Chain) -> None:
        """Make two chains one, under the more telling type; a pronoun adds only its gender."""
        if one is other:
            return
        if one.order > other.order:
            one, other = other, one
        pronouns_only = all(m.pronoun for m in other.mentions)
        if not pronouns_only:
            one.type = self.more_telling(one, other)
            one.names += other.names
            one.numerals |= other.numerals
        one.gender = one.gender or other.gender
        one.mentions = sorted([*one.mentions, *other.mentions], key=lambda m: m.head)
        for mention in other.mentions:
            self.chain_of[mention.head] = one

    def more_telling(self, one: Chain, other: Chain) -> str:
        """Return the type of two joined chains: the more specific one, else the one with the fuller evidence."""
        if {one.type, other.type} == _HOUSES:
            return "Institution"
        if one.type in _OPEN or self.words.is_a(other.type, one.type):
            return other.type
        if other.type in _OPEN or self.words.is_a(one.type, other.type):
            return one.type
        if one.named != other.named and self.broad(one.type) != self.broad(other.type):
            return other.type if one.named else one.type  # a noun in apposition knows better than a labelled name
        return one.type if one.named or not other.named else other.type

    def broad(self, kind: str) -> str:
        """Return the broad class of a type, or the type itself."""
        return next((b for b in _BROAD if self.words.is_a(kind, b)), kind)

    def agree(self, one: Chain, other: Chain) -> bool:
        """Whether nothing speaks against two chains being one: class, number, gender, how many, what name."""
        if not self._same_kind(one, other):
            return False
        if one.gender and other.gender and one.gender != other.gender:
            return False
        if one.numerals and other.numerals and one.numerals != other.numerals:
            return False
        return not (one.named and other.named) or self._names_agree(one, other)

    def _same_kind(self, one: Chain, other: Chain) -> bool:
        if one.type in _OPEN or other.type in _OPEN or self.broad(one.type) == self.broad(other.type):
            return True
        return {one.type, other.type} <= _HOUSES

    def _names_agree(self, one: Chain, other: Chain) -> bool:
        return any(self._variant(a, b, one.type) for a in one.names for b in other.names)

    # ---------------------------------------------------------------------------------------------------------- names

    def _equal_names(self) -> None:
        first: dict[tuple[str, str], Chain] = {}
        for mention in self.mentions:
            if not mention.named or mention.number == "plur" or mention.type in ("Norp", "Group"):
                continue
            chain = self.chain_of[mention.head]
            folded = fold(mention.name)
            folded = fold(self.words.countries.get(folded, folded))
            if mention.type == "Person":
                folded = " ".join(bare_person(mention.name))
            key = (folded, self.broad(chain.type))
            if key in first:
                self.join(first[key], chain)
            else:
                first[key] = chain

    def _name_variants(self) -> None:
        """Join short forms to the one longer name that they can stand for."""
        named = self._named_chains()
        for short in named:
            fitting = [
                long
                for long in named
                if long is not short
                and self._compatible_kinds(short, long)
                and any(self._variant(a, b, long.type) for a in short.names for b in long.names if len(a) <= len(b))
            ]
            alive = list({id(self.chain_of[c.mentions[0].head]): c for c in fitting}.values())
            before = [c for c in alive if c.order < short.order]
            if len(alive) == 1 or (len(before) == 1 and self.broad(short.type) != "Place"):
                target = before[0] if before else alive[0]
                self.join(self.chain_of[target.mentions[0].head], self.chain_of[short.mentions[0].head])
            elif len(alive) > 1 and self.broad(short.type) == "Person" and before:
                latest = max(before, key=lambda c: max(m.head for m in c.mentions if m.head < short.order))
                self.join(self.chain_of[latest.mentions[0].head], self.chain_of[short.mentions[0].head])

    def _named_chains(self) -> list[Chain]:
        chains = {id(c): c for c in self.chain_of.values() if c.named and c.type not in ("Norp", "Group")}
        return sorted(chains.values(), key=lambda c: c.order)

    def _compatible_kinds(self, short: Chain, long: Chain) -> bool:
        one, other = self.broad(short.type), self.broad(long.type)
        return one == other or one == "Other" or other == "Other"

    def _variant(self, short: str, long: str, kind: str) -> bool:
        """Whether one name may be another's short form, acronym or spelling, for things of this kind."""
        if fold(short) == fold(long):
            return True
        if self.words.is_a(kind, "Person"):
            return is_short_person(short, long) or is_short_person(long, short)
        if self.words.is_a(kind, "Organization"):
            return is_acronym(short, long) or is_acronym(long, short) or self._short_organisation(short, long)
        if self.words.is_a(kind, "Place"):
            if fold(short) in self.words.countries or fold(long) in self.words.countries:
                return False
            return same_spelling(short, long) or self._place_with_kind(short, long)
        return is_acronym(short, long)

    def _short_organisation(self, short: str, long: str) -> bool:
        if len(short) > len(long):
            short, long = long, short
        if fold(short) in self.words.countries or fold(short) in self.words.demonyms:
            return False
        return same_spelling(short, long) or (is_short_form(short, long) and fold(long).startswith(fold(short)))

    def _place_with_kind(self, short: str, long: str) -> bool:
        """Whether the longer name is the shorter one and the word for what it is ("Hill", "Hill district")."""
        few, many = sorted((fold(short).split(), fold(long).split()), key=len)
        rest = many[len(few) :]
        return (
            few == many[: len(few)]
            and len(rest) == 1
            and self.words.noun_type(rest)
            in (
                "Settlement",
                "Region",
                "NaturalPlace",
                "Country",
                "GPE",
            )
        )

    # ----------------------------------------------------------------------------------------------------- neighbours

    def _acronyms(self) -> None:
        """Join an acronym in brackets to the phrase before it whose first letters it is: "State Power Agency (SPA)"."""
        by_end = {m.end: m for m in self.mentions if not m.pronoun and not m.demonym}
        for i in range(1, len(self.doc) - 2):
            short = self.doc[i + 1]
            if self.doc[i].text != "(" or self.doc[i + 2].text != ")" or not short.text[:2].isupper():
                continue
            long, acronym = by_end.get(i), self.at.get(short.i)
            if long is None or acronym is None or acronym is long:
                continue
            start = max(0, i - len(short.text) - 2)
            if any(is_acronym(short.text, self.doc[k:i].text) for k in range(start, i - 1)):
                one, two = self.chain_of[long.head], self.chain_of[acronym.head]
                two.type = one.type
                one.names = one.names or ([long.name] if long.name[:1].isupper() else [])
                self.join(one, two)

    def _neighbours(self) -> None:
        """Join a noun phrase and a name side by side: "minister Ana Cruz", "the capital, Nairobi", "town of Kisumu"."""
        nominals = [m for m in self.mentions if not m.named and not m.pronoun]
        by_end = {m.end: m for m in nominals}
        for name in self.mentions:
            if not name.named or name.demonym or name.number == "plur":
                continue
            before = self._before(name, by_end)
            if before is not None:
                self._unite(before, name)
        names_by_end = {m.end: m for m in self.mentions if m.named and not m.demonym}
        for noun in nominals:
            left = self._left_edge(noun)
            found = names_by_end.get(left - 1) if left and self.doc[left - 1].text == "," else None
            if found is not None and left < noun.start and self._closed(noun.end):
                self._unite(noun, found)

    def _before(self, name: EntityMention, by_end: Mapping[int, EntityMention]) -> EntityMention | None:
        """Return the noun phrase right before a name that it may rename."""
        if name.start == 0:
            return None
        found = by_end.get(name.start)
        if found is not None:
            return found
        word = self.doc[name.start - 1]
        found = by_end.get(word.i)
        if found is None or (word.lower_ == "of" and found.type not in _OF_NAME):
            return None
        if word.lower_ == "of":
            return found
        return found if word.text == "," and found.definite and self._closed(name.end) else None

    def _left_edge(self, noun: EntityMention) -> int:
        """Return where a noun phrase begins with its article or possessor, up to six words before the mention."""
        left = noun.start
        while left > max(0, noun.start - 6) and self.doc[left - 1].text != ",":
            token = self.doc[left - 1]
            if token.pos_ not in ("DET", "PRON", "PROPN", "NOUN", "PART", "NUM", "ADV", "ADJ") or token.is_space:
                return noun.start
            left -= 1
        first = self.doc[left]
        opens = first.pos_ in ("DET", "PRON") or any(t.tag_ == "POS" for t in self.doc[left : noun.start])
        return left if opens else noun.start

    def _closed(self, end: int) -> bool:
        """Whether a comma, a stop, a bracket or a relative clause follows."""
        if end >= len(self.doc):
            return True
        after = self.doc[end]
        return after.is_punct or after.is_space or after.tag_ in ("WP", "WDT", "VBG", "IN")

    def _unite(self, noun: EntityMention, name: EntityMention) -> None:
        one, two = self.chain_of[noun.head], self.chain_of[name.head]
        if one is two or noun.number == "plur" or one.named:
            return
        kinds = {self.broad(one.type), self.broad(two.type)}
        telling = kinds == {"Person", "Organization"} and noun.type not in ("Government", "Police", "MilitaryForce")
        if noun.type != "Other" and (
            len(kinds) == 1 or (telling and noun.end < name.start) or (telling and noun.start > name.end)
        ):
            self.join(one, two)

    # -------------------------------------------------------------------------------------------------------- grammar

    def _grammar(self) -> None:
        for mention in self.mentions:
            token = self.doc[mention.head]
            for other in self._same_by_grammar(token):
                found = self.at.get(other.i)
                if found is None or found is mention or found.pronoun or mention.pronoun:
                    continue
                one, two = self.chain_of[mention.head], self.chain_of[found.head]
                if one is not two and self._may_be_one(mention, found, one, two):
                    self.join(one, two)

    def _same_by_grammar(self, token: Token) -> Iterable[Token]:
        """Yield the tokens that apposition, title, copula or "town of" make one with a token."""
        if token.dep_ in ("appos", "nmod:desc") and not self._is_listed(token):
            yield token.head
        if token.dep_ == "compound" and token.head.i > token.i and token.pos_ == "NOUN":
            name = self.at.get(token.head.i)
            if name is not None and name.named and name.start > token.i:
                yield token.head  # a title that the parser took for a compound
        if (
            token.dep_ == "nmod"
            and token.pos_ == "PROPN"
            and any(c.dep_ == "case" and c.lower_ == "of" for c in token.children)
        ):
            noun = self.at.get(token.head.i)
            mine = self.at.get(token.i)
            if (
                noun is not None
                and not noun.named
                and mine is not None
                and noun.type in ("Settlement", "Region", "NaturalPlace")
            ):
                yield token.head
        if token.pos_ in ("NOUN", "PROPN") and any(c.dep_ == "cop" and c.lemma_ == "be" for c in token.children):
            if any(c.lower_ in _NOT_IDENTITY or c.dep_ in ("case", "mark") for c in token.children):
                return
            yield from (c for c in token.children if c.dep_ in ("nsubj", "nsubj:outer"))

    def _is_listed(self, token: Token) -> bool:
        """Whether an apposition is one of several in a list rather than another name of its head."""
        return any(c.dep_ == "conj" for c in token.children) and token.head.tag_ not in ("NNS", "NNPS")

    def _may_be_one(self, mention: EntityMention, other: EntityMention, one: Chain, two: Chain) -> bool:
        if mention.demonym or other.demonym or one.number != two.number:
            return False
        if one.named and two.named:
            return self._names_agree(one, two) or self._bracketed(mention, other)
        kinds = {self.broad(one.type), self.broad(two.type)}
        if len(kinds) == 1 or kinds & _OPEN:
            return True
        return kinds <= {"Person", "Organization"} and (one.named or two.named) and "Group" not in kinds

    def _bracketed(self, mention: EntityMention, other: EntityMention) -> bool:
        """Whether the second of two names stands in brackets right behind the first, and may be its acronym."""
        first, second = sorted((mention, other), key=lambda m: m.start)
        between = self.doc[first.end : second.start].text.strip()
        return between == "(" and len(second.name.split()) == 1 and second.name.isupper()

    # --------------------------------------------------------------------------------------------------------- output

    def chains(self, article: Article) -> Chains:
        """Return the frozen result: nested and bare pronoun chains left out, ids in text order."""
        kept = {id(c): c for c in self.chain_of.values() if not all(m.pronoun for m in c.mentions)}
        ordered = sorted(kept.values(), key=lambda c: (min(m.start for m in c.mentions), c.order))
        entities, mentions_of, by_token = [], {}, {}
        for number, chain in enumerate(ordered, 1):
            entity_id = f"n{number}"
            entity = self._entity(entity_id, chain, article)
            entities.append(entity)
            mentions_of[entity_id] = tuple(chain.mentions)
            for mention in chain.mentions:
                for head in mention.heads:
                    by_token[head] = entity_id
                if mention.named:
                    for i in range(mention.start, mention.end):
                        if i not in self.at:
                            by_token.setdefault(i, entity_id)
        for pronoun, head in self.refers.items():
            if head in by_token:
                by_token.setdefault(pronoun, by_token[head])
        return Chains(tuple(entities), mentions_of, by_token)

    def _entity(self, entity_id: str, chain: Chain, article: Article) -> Entity:
        spans = sorted({self._span(mention) for mention in chain.mentions})
        name = " ".join(chain.name.split())
        kind = "Group" if chain.type == "Person" and chain.number == "plur" and not chain.named else chain.type
        aliases = sorted({" ".join(n.split()) for n in chain.names} - {name})
        entity = Entity(
            id=entity_id,
            type=kind,
            types=self.words.types(kind),
            name=name,
            named=chain.named,
            mentions=tuple(Mention(start, end, article.text[start:end]) for start, end in spans),
            aliases=tuple(aliases),
        )
        return replace(entity, source_type=self._source_type(entity, chain))

    def _span(self, mention: EntityMention) -> tuple[int, int]:
        last = self.doc[mention.end - 1]
        return self.doc[mention.start].idx, last.idx + len(last.text)

    def _source_type(self, entity: Entity, chain: Chain) -> str | None:
        """Return what kind of unnamed source an entity would be; None for names and for what is no source."""
        if self.words.is_a(entity.type, "NewsMedium"):
            return "medium"
        if entity.named:
            return None
        said = {w for m in chain.mentions if not m.pronoun for w in fold(self.doc[m.start : m.end].text).split()}
        for kind, telling in _SOURCES:
            if said & telling:
                return kind
        if any(self.words.is_a(entity.type, k) for k in ("MilitaryForce", "Police")):
            return "security"
        if any(self.words.is_a(entity.type, k) for k in ("Government", "GovernmentAgency", "Court", "Parliament")):
            return "official"
        return "party" if self.words.is_a(entity.type, "ArmedGroup") else None


def _sentence_numbers(doc: Doc) -> list[int]:
    """Return the number of its sentence for each token; stray quotes and fragments count with what is before them."""
    numbers, number = [0] * len(doc), 0
    for sentence in doc.sents:
        number += sum(t.is_alpha for t in sentence) > 2
        for i in range(sentence.start, sentence.end):
            numbers[i] = number
    return numbers


_SOURCES: tuple[tuple[str, frozenset[str]], ...] = (
    (
        "witness",
        frozenset(
            "witness witnesses eyewitness eyewitnesses resident residents villager villagers local locals "
            "neighbour neighbours neighbor neighbors bystander bystanders passerby survivor survivors".split()
        ),
    ),
    (
        "security",
        frozenset("security police military army intelligence officer officers commander soldier soldiers".split()),
    ),
    (
        "medium",
        frozenset("media newspaper newspapers website television radio broadcaster channel reports report".split()),
    ),
    (
        "official",
        frozenset(
            "official officials minister ministers spokesman spokeswoman spokesperson authorities ministry "
            "government mayor governor diplomat diplomats president premier".split()
        ),
    ),
    (
        "party",
        frozenset(
            "militants militant rebels rebel fighters fighter insurgents victim victims relative relatives "
            "family families lawyer lawyers company protesters".split()
        ),
    ),
)
