"""Entity mentions of a parsed document: names, noun phrases, adjectives of countries, pronouns; each with its type.

A mention covers the phrase without its articles, numbers and clauses: "security source", "foreign workers", "Kenyan
special forces". Types are local names of the ontology's entity classes, read off the model's labels (``named``) and the
ontology's entity nouns; a plural person noun is a Group; nouns that the ontology does not know are ``Other``.
Token offsets are half-open; the tree is Universal Dependencies (with ``nmod:desc`` for titles before names).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.core.names import fold
from kg.extract.amounts.quantities import find_quantities
from kg.extract.amounts.tolls import find_tolls
from kg.extract.entities.kinds import Kinds
from kg.extract.entities.mention import EntityMention
from kg.extract.entities.names import find_names, time_tokens
from kg.extract.entities.nouns import entity_words
from kg.extract.entities.spelling import address_gender
from kg.extract.syntax.phrases import counted, is_definite, is_plural, start_of
from kg.extract.syntax.slots import children
from kg.ontology.words import words

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

    from kg.extract.entities.nouns import EntityWords
    from kg.extract.entities.numbered import Name
    from kg.ontology.values import Ontology

#: What to call those whom only a number tells of.
_PEOPLE = "people"
#: Relations of tokens that never head a noun phrase of their own.
_INNER = frozenset(
    "compound flat flat:foreign flat:name fixed det det:predet advmod case mark cc punct aux aux:pass cop nummod "
    "goeswith discourse expl obl:tmod nmod:tmod reparandum dep nummod:gov nmod:npmod".split()
)
_ARGUMENTS = frozenset(
    "nsubj nsubj:pass obj iobj obl obl:agent nmod nmod:poss conj appos ROOT root nsubj:outer".split()
)
#: Nouns that count what their "of" phrase names: "hundreds of workers" are workers.
_COUNTING = frozenset(words("counting"))
_MALE_NAMES, _FEMALE_NAMES = frozenset(words("maleNames")), frozenset(words("femaleNames"))
_COURTESY = frozenset({"mr", "mrs", "ms", "miss", "dr"})
_ONE_OF_MANY = frozenset({"everyone", "everybody", "someone", "somebody", "anyone", "anybody"})
_MANY = frozenset(words("manyPeople"))
_ADJECTIVE_PEOPLE = frozenset(words("adjectivePeople"))
_ADJECTIVE_PERSON = frozenset({"accused", "deceased", "convicted"})
_MALE = frozenset(words("male"))
_FEMALE = frozenset(words("female"))
_PRONOUNS = {
    **dict.fromkeys(("he", "him", "his", "himself"), ("Person", "sing", "m")),
    **dict.fromkeys(("she", "her", "hers", "herself"), ("Person", "sing", "f")),
    **dict.fromkeys(("it", "its", "itself"), ("Other", "sing", "n")),
    **dict.fromkeys(("they", "them", "their", "theirs", "themselves"), ("Group", "plur", "")),
    **dict.fromkeys(("we", "us", "our", "ours", "ourselves"), ("Group", "plur", "")),
    **dict.fromkeys(("i", "me", "my", "mine", "myself"), ("Person", "sing", "")),
}


def find_mentions(doc: Doc, ontology: Ontology) -> list[EntityMention]:
    """Return every entity mention of a parsed document, in the order of their heads; phrases may nest."""
    words = entity_words(ontology)
    names = find_names(doc, words)
    finder = _Finder(doc, words, names)
    return finder.mentions()


def _gender_of(name: Span) -> str:
    """What the given name of a person's full name tells of gender: "m", "f", or nothing."""
    given = name[0].lower_
    if len(name) < 2:
        return ""
    return "m" if given in _MALE_NAMES else "f" if given in _FEMALE_NAMES else ""


class _Finder:
    """The mentions of one document."""

    def __init__(self, doc: Doc, words: EntityWords, names: list[Name]) -> None:
        self.doc = doc
        self.words = words
        self.names = names
        self.times = time_tokens(doc)
        self.inside = {i: name for name in names if name.type != "Norp" for i in range(name.start, name.end)}
        self.kinds = Kinds(doc, words, self.inside)
        self.starts = {name.start for name in names if not name.demonym and name.type != "Norp"}
        self.norps = {i for name in names if name.type == "Norp" for i in range(name.start, name.end)}
        self.found: dict[int, EntityMention] = {}  # by head
        quantities = find_quantities(doc)
        #: Numerals that are parts of a number phrase, and what the phrase counts.
        self.parts = {i: q.counted for q in quantities for i in range(q.start, q.end) if i != q.counted}
        self.bare = {q.counted: q for q in quantities if q.start <= q.counted < q.end}
        self.tolls = {toll.number for toll in find_tolls(doc)}

    def mentions(self) -> list[EntityMention]:
        for name in self.names:
            if name.type != "Norp":
                self._add_name(name)
        for token in self.doc:
            i = token.i
            if i in self.found or i in self.inside or i in self.times:
                continue
            mention = self._pronoun(token) or self._nominal(token)
            if mention is not None:
                self.found[mention.head] = mention
        covered: set[int] = set()  # heads that only count or repeat another mention
        for mention in self.found.values():
            covered.update(mention.heads[1:])
        return [self.found[i] for i in sorted(self.found) if i not in covered or self.found[i].heads[1:]]

    # ------------------------------------------------------------------------------------------------------- names

    def _add_name(self, name: Name) -> None:
        doc = self.doc
        root = next((t for t in doc[name.start : name.end] if not name.start <= t.head.i < name.end), doc[name.end - 1])
        text = name.stands_for or doc[name.start : name.end].text
        if name.demonym:
            self.found[root.i] = EntityMention(
                name.start, name.end, (root.i,), name.type, text, named=True, demonym=True, gender="n"
            )
            return
        if name.part:  # "northern Kenya" is a place of its own; its first word stands for the country
            whole, start = doc[name.start : name.end].text, name.start
            self.found[root.i] = EntityMention(start, name.end, (root.i,), "Place", whole, named=True, gender="n")
            self.found[start] = EntityMention(start + 1, name.end, (start,), name.type, text, named=True, gender="n")
            return
        host = self._host(name, root)
        if host is not None:
            start, kind = host
            head = root.head
            own = (kind == "Organization" or self.words.is_a(kind, "nounSaysName")) and name.type == "Organization"
            self.found[head.i] = EntityMention(
                start, head.i + 1, (head.i, root.i), kind, text if own else doc[start : head.i + 1].text, named=True
            )
            return
        gender = "n"
        if name.type == "Person":
            address = address_gender(doc[name.start - 1].text) if name.start else None
            gender = address or address_gender(doc[name.start].text) or _gender_of(doc[name.start : name.end])
        number = "plur" if root.tag_ == "NNPS" and name.type in ("Person", "Group") else "sing"
        kind = self.kinds.in_use(name.type, root) if name.type in ("Institution", "Facility") else name.type
        self.found[root.i] = EntityMention(
            name.start, name.end, (root.i,), kind, text, named=True, number=number, gender=gender, definite=True
        )

    def _host(self, name: Name, root: Token) -> tuple[int, str] | None:
        """Return (start, type) of the phrase that a name names by standing before its noun: "Hill district"."""
        head = root.head
        if (
            root.dep_ not in ("compound", "nmod:desc", "nmod:unmarked", "amod")
            or head.i < name.end
            or head.pos_ not in ("NOUN", "PROPN")
        ):
            return None
        if head.i in self.inside or head.dep_ in ("compound", "nmod:desc") or name.type == "Person":
            return None
        if any(c.dep_ == "det" and c.lower_ in ("a", "an", "any", "some", "every") for c in head.children):
            return None
        start = start_of(head)
        if start > name.start:
            return None
        kind = self.kinds.of(start, head)
        if kind is None or is_plural(head) or self.words.is_a(kind, "Person"):
            return None
        of_country = (name.stands_for is not None or self.words.is_a(name.type, "country")) and not head.text[
            :1
        ].isupper()
        if self.words.is_a(kind, "Organization") or self.words.is_a(kind, "Place"):
            return None if of_country else (start, kind)
        return None

    # ------------------------------------------------------------------------------------------------- noun phrases

    def _nominal(self, token: Token) -> EntityMention | None:
        if token.like_email or token.like_url or token.text.startswith("@"):
            return None
        if token.lower_.rstrip(".") in _COURTESY:
            return None
        if token.pos_ in ("NOUN", "PROPN"):
            if token.lower_ in _ADJECTIVE_PEOPLE and token.dep_ in _ARGUMENTS:
                return self._adjective(token)
            if token.dep_ in _INNER or token.dep_ == "amod":
                return self._compound(token)
            return self._phrase(token)
        if token.i in self.tolls or token.i in self.bare:
            return self._number(token)
        fate = token.i in self.parts.values() and token.lower_ in _ADJECTIVE_PEOPLE  # "with 120 injured"
        if fate and token.pos_ in ("ADJ", "VERB"):
            return self._adjective(token)
        if token.dep_ not in _ARGUMENTS:
            return None
        if token.pos_ == "NUM":
            return self._number(token)
        if token.pos_ in ("ADJ", "VERB"):
            return self._adjective(token)
        lower = token.lower_
        if lower == "another" and token.dep_ in ("obj", "nsubj", "nsubj:pass") and counted(token) is None:
            return EntityMention(token.i, token.i + 1, (token.i,), "Person", token.text)
        if lower in _ONE_OF_MANY or (lower in _MANY and token.pos_ in ("PRON", "DET")):
            kind = "Group" if lower in _MANY or lower.startswith("every") else "Person"
            inner = counted(token)
            if inner is not None and inner.i not in self.inside:
                return self._phrase(inner, also=token.i)
            return EntityMention(token.i, token.i + 1, (token.i,), kind, token.text, number="plur")
        return None

    def _phrase(self, head: Token, also: int | None = None) -> EntityMention | None:
        inner = counted(head) if head.lemma_.lower() in _COUNTING or head.lower_ == "lives" else None
        if inner is not None:
            if inner.i in self.inside:
                return None
            if inner.pos_ in ("NOUN", "PROPN"):
                return self._phrase(inner, also=head.i)
        start = start_of(head)
        plural = is_plural(head)
        numeral = next((c.lower_ for c in head.children if c.dep_ == "nummod" and c.i < head.i), None)
        if numeral is None and also is not None:
            numeral = self.doc[also].lower_
        people = self._people(head, start, plural, numeral)
        kind = people or self.kinds.of(start, head)
        if kind is None and head.i in self.norps:
            kind = "Group" if plural else "Person"
        if kind is None:
            kind = self.kinds.by_context(head, plural)
        if plural and self.words.is_a(kind, "Person"):
            kind = "Group"
        lemma = head.lemma_.lower()
        if lemma == "life" and numeral is not None:  # "claimed 12 lives"
            return EntityMention(start, head.i + 1, (head.i,), "Group", _PEOPLE, number="plur", numeral=numeral)
        return EntityMention(
            start,
            head.i + 1,
            (head.i,) if also is None else (head.i, also),
            kind,
            self.doc[start : head.i + 1].text,
            named=people == "Norp" or self._institution(head, start, kind),
            number="plur" if plural else "sing",
            gender="m" if lemma in _MALE else "f" if lemma in _FEMALE else "",
            definite=is_definite(head) or (start > 0 and self.doc[start - 1].lower_ == "the"),
            numeral=numeral,
        )

    def _people(self, head: Token, start: int, plural: bool, numeral: str | None) -> str | None:
        """Return the type of a word for the people of a country or creed; None for other nouns."""
        word = fold(head.text)
        if not (head.i in self.norps or word in self.words.demonyms or word.removesuffix("s") in self.words.demonyms):
            return None
        if head.text[:1].islower():
            return None
        if word not in self.words.demonyms and not plural and self.kinds.of(start, head) is not None:
            return None  # "Kenyan Navy", labelled as a people
        if not plural and any(c.dep_ == "det" and c.lower_ in ("a", "an") for c in head.children):
            return "Person"
        if not plural and head.tag_ not in ("NNPS", "NNS") and word in self.words.demonyms and head.pos_ != "ADJ":
            return "Person" if numeral is None else "Group"
        bare = (
            start == head.i
            and numeral is None
            and not any(c.dep_ in ("det", "amod", "acl:relcl") for c in head.children)
        )
        return "Norp" if bare else "Group"

    def _institution(self, head: Token, start: int, kind: str) -> bool:
        """Whether a noun with a country's name before it names one body: "Kenyan health ministry", "Kenyan Navy"."""
        styled = head.text[:1].isupper() and (
            self.words.is_a(kind, "Organization") or self.words.is_a(kind, "Facility")
        )
        if not styled and (head.i - start < 2 or not self.words.is_a(kind, "agency")):
            return False
        return any(
            (i in self.inside and self.inside[i].demonym)
            or (i in self.norps and fold(self.doc[i].text) in self.words.demonyms)
            for i in range(start, head.i)
        )

    def _number(self, token: Token) -> EntityMention | None:
        if token.i in self.parts and token.i not in self.bare and counted(token) is None:
            return None  # "a hundred and fifty men", "between 20 and 30 men"
        if token.i in self.tolls:  # "the toll rose to 12"
            return EntityMention(
                token.i, token.i + 1, (token.i,), "Group", _PEOPLE, number="plur", numeral=token.lower_
            )
        tops = self._tops(token)
        subject = ("nsubj", "nsubj:pass", "obj", "conj", "obl:agent")
        bare = token.i in self.bare and any(t.dep_ == "obl" and not children(t, "case") for t in tops)
        if not (bare or any(t.dep_ in subject for t in tops)) or not token.text[:1].isalnum():
            return None
        if token.dep_ == "conj" and token.head.pos_ not in ("NOUN", "NUM", "PROPN"):
            return None
        inner = counted(token)
        if inner is not None and inner.i not in self.inside and inner.pos_ in ("NOUN", "PROPN"):
            return self._phrase(inner, also=token.i)
        kind = "Person" if token.lower_ in ("one", "1") else "Group"
        number = "sing" if kind == "Person" else "plur"
        after = self.doc[token.i + 1 : token.i + 2].text
        if after in _ADJECTIVE_PEOPLE:  # "treated 19 wounded"
            return EntityMention(token.i + 1, token.i + 2, (token.i,), kind, after, number=number, numeral=token.lower_)
        name = _PEOPLE if kind == "Group" else token.text
        heads = (token.i, *(t.i for t in tops if t.i != token.i))
        return EntityMention(token.i, token.i + 1, heads, kind, name, number=number, numeral=token.lower_)

    def _tops(self, token: Token) -> list[Token]:
        """The words of a number phrase that stand in the sentence for it: "many" of "as many as 300"."""
        quantity = self.bare.get(token.i)
        if quantity is None:
            return [token]
        phrase = self.doc[quantity.start : quantity.end]
        return [t for t in phrase if t.dep_ != "case" and not quantity.start <= t.head.i < quantity.end]

    def _adjective(self, token: Token) -> EntityMention | None:
        lower = token.lower_
        held = any(c.dep_ in ("det", "nummod", "amod") and c.i < token.i for c in token.children)
        if lower in _ADJECTIVE_PERSON and held:
            return EntityMention(token.i, token.i + 1, (token.i,), "Person", token.text, definite=is_definite(token))
        people = token.text[:1].isupper() and fold(token.text) in self.words.demonyms
        counted_on = lower == "more" and token.i > 0 and self.doc[token.i - 1].like_num  # "saved 200 more"
        held |= token.i in self.parts.values()
        if not (held and (lower in _ADJECTIVE_PEOPLE or people)) and not counted_on:
            return None
        numerals = [i for i, what in self.parts.items() if what == token.i and self.doc[i].pos_ == "NUM"]
        numeral = next((c.lower_ for c in token.children if c.dep_ == "nummod"), None)
        if numeral is None and numerals:
            numeral = self.doc[numerals[0]].lower_
        return EntityMention(
            token.i,
            token.i + 1,
            (token.i, *numerals),
            "Group",
            token.text,
            number="plur",
            definite=is_definite(token),
            numeral=numeral,
        )

    def _compound(self, token: Token) -> EntityMention | None:
        """Return the mention of a noun before an event noun: "police raid", "bomb attack"."""
        bracketed = (
            token.i + 2 < len(self.doc) and self.doc[token.i + 1].text == "(" and self.doc[token.i + 2].text.isupper()
        )
        if token.i + 1 in self.starts or (bracketed and token.text.istitle()):
            return self._phrase(token)  # a title or kind before a name, whatever the parser made of it
        if token.dep_ != "compound" or token.head.i <= token.i or token.head.pos_ not in ("NOUN", "PROPN"):
            return None
        if token.head.i in self.inside or self.kinds.of(start_of(token.head), token.head) is not None:
            return None
        start = start_of(token)
        kind = self.kinds.of(start, token)
        if kind is None or kind in ("Other", "Document") or self.words.is_a(kind, "medium"):
            return None
        group = self.words.is_a(kind, "Person")
        return EntityMention(
            start,
            token.i + 1,
            (token.i,),
            "Group" if group and is_plural(token) else kind,
            self.doc[start : token.i + 1].text,
        )

    # ----------------------------------------------------------------------------------------------------- pronouns

    def _pronoun(self, token: Token) -> EntityMention | None:
        if token.pos_ not in ("PRON", "DET") or token.dep_ == "expl":
            return None
        known = _PRONOUNS.get(token.lower_)
        if known is None or (token.text == "US"):
            return None
        kind, number, gender = known
        return EntityMention(
            token.i,
            token.i + 1,
            (token.i,),
            kind,
            token.text,
            pronoun=True,
            number=number,
            gender=gender,
            definite=True,
        )
