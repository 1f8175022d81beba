"""What a noun phrase takes up: one mention in, the earlier mention that it repeats out, or None.

The same noun again ("a source … the source"), with modifiers that do not disagree, or a general word for a name's class
("the company", "the country"). Nothing fits: None, never a guess.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.core.names import fold
from kg.ontology.words import words

if TYPE_CHECKING:
    from spacy.tokens import Token

    from kg.extract.entities.chains import Board, Chain
    from kg.extract.entities.mention import EntityMention

_NOBODY_NAMED = frozenset({"capital", "opposition"})  # "the capital" is no town that was told of as such
_NOUN_REACH = 3
_SPEAKING = frozenset(words("speakingVerbs"))
#: Words before a noun that set it apart from those told of before.
_DISTINCT = frozenset(words("distinct"))
#: General words for people, each taking up a person or group whatever the noun was.
_ANY_PERSON = frozenset("man woman suspect victim accused deceased politician leader".split())
_ANY_GROUP = frozenset(words("anyGroup"))
#: Nouns that mean nobody in particular without an article: "people" twice are two groups.
_ANYBODY = frozenset(words("anybody"))
_CHILD = frozenset(words("children"))
_ANY_FORCE = frozenset("military army force troop".split())
#: Bodies that a country has one of: never taken up by another name's general word.
#: General words for places with buildings.
_ANY_FACILITY = frozenset("site facility complex building premises compound scene".split())
#: Kinds of works, each of which may be called by the others' names.
_SITES = frozenset(words("sites"))


def antecedent_of_noun(board: Board, mention: EntityMention) -> EntityMention | None:
    """Return the earlier mention that an unnamed noun phrase takes up, None where it tells of something new."""
    chain = board.chain_of[mention.head]
    head = board.doc[mention.head]
    if head.pos_ not in ("NOUN", "PROPN") or chain.type == "Money":
        return None
    if chain.named:  # "a girl … the girl, Asha"
        found = _same_noun(board, mention, head) if mention.definite and mention.number == "sing" else None
        return found if found is not None and not board.chain_of[found.head].named else None
    determiners = {c.lower_ for c in head.children if c.i < head.i}
    if determiners & {"a", "an"}:
        return _told_by_place(board, mention, head)
    if determiners & _DISTINCT or determiners & {"a", "an", "no", "any", "each", "every", "some", "one"}:
        return None
    same = _same_noun(board, mention, head)
    if same is not None:
        return same
    house = _only_house(board, mention, head)
    if house is not None:
        return house
    content = _content(board, mention)
    bare = not content or board.words.is_a(chain.type, "Facility")
    described = mention.numeral or any(c.dep_ in ("compound", "amod", "nmod") for c in head.children)
    if head.lemma_.lower() == "officer" and mention.number == "plur" and not described:
        return next((m for m in board.earlier(mention, _NOUN_REACH) if board.words.is_a(m.type, "police")), None)
    if (
        board.words.is_a(chain.type, "GPE") and mention.definite and _only_adjectives(board, mention)
    ):  # "the small town"
        bare = True
    if mention.definite and bare and not _possessor(head):
        return _general_word(board, mention, head)
    return None


def _only_adjectives(board: Board, mention: EntityMention) -> bool:
    return all(t.pos_ == "ADJ" and t.text.islower() for t in board.doc[mention.start : mention.head])


def _told_by_place(board: Board, mention: EntityMention, head: Token) -> EntityMention | None:
    """Return the named house that "a gas plant near Amenas" is: of its kind, and called after that place."""
    if not board.words.is_a(mention.type, "Facility"):
        return None
    places = {fold(t.text) for c in head.children if c.dep_ == "nmod" for t in c.subtree if t.pos_ == "PROPN"}
    for other in board.earlier(mention, len(board.doc)):
        chain = board.chain_of[other.head]
        same = other.named and board.words.is_a(chain.type, "Facility") and _lemma(board, other) == head.lemma_.lower()
        if same and places & {w for name in chain.names for w in fold(name).split()}:
            return other
    return None


def _lemma(board: Board, mention: EntityMention) -> str:
    return str(board.doc[mention.head].lemma_.lower())


def _same_noun(board: Board, mention: EntityMention, head: Token) -> EntityMention | None:
    """Return the nearest earlier phrase with the same noun that does not disagree."""
    lemma = head.lemma_.lower()
    mine = _content(board, mention)
    chain = board.chain_of[mention.head]
    if not mention.definite and (chain.type == "Other" or lemma in _ANYBODY):
        return None
    for other in board.earlier(mention, len(board.doc)):
        if other.pronoun or other.demonym or other.number != mention.number:
            continue
        noun = board.doc[other.head]
        if noun.lemma_.lower() != lemma:
            continue
        if noun.i in board.inside_names and not other.named:
            continue
        theirs = _content(board, other)
        if not (mine <= theirs if mention.definite or not mine else mine == theirs) and not _same_public_body(
            board, mention, other
        ):
            continue
        if not mention.definite and not mine and theirs:
            continue
        if mention.numeral and not mention.definite and mention.numeral not in board.chain_of[other.head].numerals:
            continue  # "32 farmers" without an article are told of for the first time
        if not _owners_agree(board, head, noun) or not board.agree(board.chain_of[other.head], chain):
            continue
        return other
    return None


def _same_public_body(board: Board, mention: EntityMention, other: EntityMention) -> bool:
    """Whether "the Kenyan government" after a plain "the government" is that one: nobody else's was told of."""
    chain = board.chain_of[other.head]
    bare = board.words.is_a(mention.type, "police") and board.words.is_a(other.type, "police")  # goes without "the"
    if not board.words.is_a(mention.type, "bareBody"):
        return False
    if not bare and not (mention.definite and other.definite):
        return False
    told = frozenset().union(*(_content(board, m) for m in chain.mentions if not m.pronoun))
    return not told or _content(board, mention) <= told


def _content(board: Board, mention: EntityMention) -> frozenset[str]:
    """Return the folded words of a phrase before its head: what sets it apart."""
    doc = board.doc
    return frozenset(fold(t.lemma_) for t in doc[mention.start : mention.end] if t.i < mention.head and not t.is_punct)


def _possessor(head: Token) -> Token | None:
    return next((c for c in head.children if c.dep_ == "nmod:poss"), None)


def _owners_agree(board: Board, one: Token, other: Token) -> bool:
    """Whether two phrases have possessors that may be the same, or the later one has none."""
    mine, theirs = _possessor(one), _possessor(other)
    if mine is None:
        return True
    owner = board.at.get(mine.i)
    first = board.at.get(theirs.i) if theirs is not None else None
    if owner is None or first is None:
        return False
    return board.chain_of[owner.head] is board.chain_of[first.head]


def _general_word(board: Board, mention: EntityMention, head: Token) -> EntityMention | None:
    """Return what a general word with its article takes up: "the company", "the city", "the woman"."""
    lemma = head.lemma_.lower()
    words = board.words
    chain = board.chain_of[mention.head]
    for other in board.earlier(mention, 2 * _NOUN_REACH if lemma in _CHILD else _NOUN_REACH):
        found = board.chain_of[other.head]
        if other.pronoun or found is chain or not board.agree(found, chain) or other.number != mention.number:
            continue
        if _takes_up(board, lemma, mention, found, other):
            return other
        if lemma in _CHILD and words.is_a(found.type, "Person") and board.heads(found) & _CHILD:
            return other
    return None


def _only_house(board: Board, mention: EntityMention, head: Token) -> EntityMention | None:
    """Return the one facility of the article that a described one can be: "the remote plant", "the gas refinery"."""
    if not mention.definite or mention.number == "plur" or not board.words.is_a(mention.type, "Facility"):
        return None
    content = _content(board, mention)
    if _possessor(head) or any(t.pos_ == "PROPN" for t in board.doc[mention.start : mention.head]):
        return None
    lemma = head.lemma_.lower()
    fixed = board.words.fixed_words([t.lemma_.lower() for t in board.doc[mention.start : mention.end]])
    fitting: dict[int, EntityMention] = {}
    for other in board.earlier(mention, len(board.doc)):
        chain = board.chain_of[other.head]
        if other.pronoun or other.number == "plur" or not board.words.is_a(chain.type, "Facility"):
            continue
        noun = board.doc[other.head].lemma_.lower()
        theirs = _content(board, other)
        if (noun == lemma and theirs.issuperset(fixed)) or ({noun, lemma} <= _SITES and content & theirs):
            fitting.setdefault(id(chain), other)
    return next(iter(fitting.values())) if len(fitting) == 1 else None


def _takes_up(board: Board, lemma: str, mention: EntityMention, found: Chain, other: EntityMention) -> bool:
    words, kind = board.words, mention.type
    if words.is_a(kind, "force"):
        return lemma in _ANY_FORCE and words.is_a(found.type, "force")
    if words.is_a(kind, "Organization"):
        if not found.named or words.is_a(kind, "bareBody") or lemma in _NOBODY_NAMED:
            return False
        other_body = words.is_a(found.type, "bareBody") or words.is_a(found.type, "medium")
        return found.type == "Organization" or (
            words.is_a(found.type, kind) and (kind != "Organization" or not other_body)
        )
    if words.is_a(kind, "country"):
        styled = board.doc[mention.head].text[:1].isupper()  # "the Kingdom": one that calls itself so
        return found.named and words.is_a(found.type, "country") and (not styled or words.is_styled(found.name, lemma))
    if words.is_a(kind, "GPE"):
        if lemma in _NOBODY_NAMED or not any(_is_site(board.doc[m.head]) for m in found.mentions):
            return False
        return found.named and not other.demonym and (words.is_a(found.type, kind) or found.type == "GPE")
    if words.is_a(kind, "natural"):
        return found.named and (words.is_a(found.type, kind) or found.type == "Place")
    if lemma == "site" and kind == "Place":
        return words.is_a(found.type, "Facility")
    if words.is_a(kind, "Facility"):
        shared = _content(board, mention) & _content(board, other)
        return words.is_a(found.type, "Facility") and (lemma in _ANY_FACILITY or (bool(shared) and other.definite))
    if kind == "Person":
        near = board.sentence[mention.head] - board.sentence[other.head] <= 1
        speaks = any(board.doc[m.head].head.lemma_ in _SPEAKING for m in found.mentions)
        return lemma in _ANY_PERSON and near and found.type == "Person" and not speaks
    if kind == "Group":
        near = board.sentence[mention.head] - board.sentence[other.head] <= 1
        speaks = any(board.doc[m.head].head.lemma_ in _SPEAKING for m in found.mentions)
        return lemma in _ANY_GROUP and near and found.type == "Group" and not speaks
    return False


def _is_site(head: Token) -> bool:
    """Whether a name of a place stands where something happens at it or to it; one that only acts may be no town."""
    return head.dep_ in ("obl", "nmod", "obj", "nsubj:pass", "appos", "nmod:poss", "compound")
