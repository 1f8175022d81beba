"""What a pronoun or a noun phrase takes up: one mention in, the earlier mention that it repeats out, or None.

Nouns: the same noun again ("a source … the source"), with modifiers that do not disagree, or a general word for a
name's class ("the company", "the country"). Pronouns: the most prominent fitting mention of the last sentences, by
grammatical function and distance; "I" and "we" inside a quotation: its speaker. Nothing fits: None, never a guess.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.core.names import fold
from kg.ontology.words import words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from spacy.tokens import Doc, Token

    from kg.extract.entities.chains import Board, Chain
    from kg.extract.entities.mention import EntityMention

_FIRST_PERSON = frozenset(words("firstPerson"))
_PLURAL_FIRST = frozenset({"we", "us", "our", "ours", "ourselves"})
_SPOKESMEN = frozenset({"spokesman", "spokeswoman", "spokesperson", "representative"})
_ADDRESSING = frozenset({"tell", "inform", "assure", "remind", "warn"})
_FATAL = frozenset({"kill", "murder", "execute", "assassinate", "behead", "slay"})
_OFFICES = frozenset(words("offices"))
_NOBODY_NAMED = frozenset({"capital", "opposition"})  # "the capital" is no town that was told of as such
_REFLEXIVE = frozenset({"himself", "herself", "itself", "themselves"})
_RELATIVE = frozenset({"WP", "WDT", "WP$"})
_SUBJECTS = frozenset({"nsubj", "nsubj:pass", "nsubj:outer"})
#: How prominent a mention is by its function; other functions count nothing.
_PROMINENCE = {"nsubj": 20.0, "nsubj:pass": 18.0, "nsubj:outer": 18.0, "obj": 8.0, "obl:agent": 8.0, "nmod:poss": 5.0}
_SENTENCE_COST = 25.0
_TOKEN_COST = 0.2
_FAR = 40  # tokens; further away costs no more
_NAMED_BONUS = 4.0
_CLAUSE_BONUS = 15.0
_PARALLEL_BONUS = 15.0
_ORGANISATION_COST = 12.0  # "they" is rather people than a body of people, and hardly a company
_SPEAKER_BONUS = 30.0
_REACH = 2  # sentences back
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


def relative_antecedents(doc: Doc, at: Mapping[int, EntityMention]) -> dict[int, int]:
    """Return relative pronoun → head of the mention that its clause describes."""
    found = {}
    for token in doc:
        if token.tag_ in _RELATIVE or (token.lower_ == "that" and token.dep_ in _SUBJECTS and token.pos_ == "PRON"):
            clause = token
            for _ in range(6):
                if clause.dep_ == "acl:relcl" or clause.head == clause:
                    break
                clause = clause.head
            if clause.dep_ == "acl:relcl" and clause.head.i in at and clause.head.i != token.i:
                found[token.i] = at[clause.head.i].head
    return found


# ------------------------------------------------------------------------------------------------------------- pronouns


def antecedent_of_pronoun(board: Board, pronoun: EntityMention) -> EntityMention | None:
    """Return the mention that a pronoun repeats, None where none fits or the pronoun stands for nothing."""
    token = board.doc[pronoun.head]
    if is_first_person(token):
        speaker = board.speaker_of(token.i)
        found = None if speaker is None else board.at.get(speaker)
        if found is not None and found.number == "sing" and token.lower_ in _PLURAL_FIRST:
            found = _body_of(board, found) or found  # "we", said by a spokesman for a body
        return None if found is None or board.broad(board.chain_of[found.head].type) == "Place" else found
    if token.lower_ == "it" and _is_empty(token):
        return None
    if token.lower_ in _REFLEXIVE:
        subject = next((c for c in token.head.children if c.dep_ in _SUBJECTS), None)
        return board.at.get(subject.i) if subject is not None else None
    best: tuple[float, EntityMention] | None = None
    for mention in _earlier(board, pronoun, _REACH):
        if mention.demonym or not _may_stand_for(board, pronoun, mention):
            continue
        score = _prominence(board, pronoun, mention, token)
        if best is None or score > best[0]:
            best = (score, mention)
    return best[1] if best is not None else None


def _body_of(board: Board, speaker: EntityMention) -> EntityMention | None:
    """The body that a spokesman speaks for: "a spokesman for the brigade", "the army's spokeswoman"."""
    nouns = [board.doc[m.head] for m in board.chain_of[speaker.head].mentions if not m.pronoun]
    for noun in (n for n in nouns if n.lemma_.lower() in _SPOKESMEN):
        for child in noun.children:
            body = board.at.get(child.i)
            linked = child.dep_ in ("nmod", "nmod:poss", "compound")
            if linked and body is not None and board.broad(board.chain_of[body.head].type) == "Organization":
                return body
    return None


def is_first_person(token: Token) -> bool:
    """Whether a pronoun stands for who is speaking."""
    return token.lower_ in _FIRST_PERSON


def _is_empty(it: Token) -> bool:
    """Whether "it" stands for a clause or for nothing: "it is believed that", "it was impossible to"."""
    verb = it.head
    if it.dep_ not in _SUBJECTS:
        return False
    clauses = {c.dep_ for c in verb.children}
    if clauses & {"csubj", "csubj:pass"} or verb.lemma_ in ("happen", "occur"):
        return True
    if verb.pos_ == "ADJ" and clauses & {"ccomp", "xcomp", "advcl"}:
        return True
    return it.dep_ == "nsubj:pass" and "ccomp" in clauses


def _earlier(board: Board, mention: EntityMention, reach: int) -> Iterator[EntityMention]:
    """Yield the mentions before one, the nearest first, up to so many sentences back."""
    here = board.sentence[mention.head]
    place = board.place[mention.head]
    for other in reversed(board.mentions[:place]):
        if here - board.sentence[other.head] > reach:
            return
        if other.end <= mention.start or other.head < mention.start:
            yield other


def _may_stand_for(board: Board, pronoun: EntityMention, mention: EntityMention) -> bool:
    chain = board.chain_of[mention.head]
    if all(m.pronoun for m in chain.mentions):
        return False
    token, other = board.doc[pronoun.head], board.doc[mention.head]
    if token.dep_ in ("obj", "iobj") and other.head.i == token.head.i and other.dep_ in _SUBJECTS:
        return False  # "he hit him": two people
    if token.dep_ == "conj" and token.head.i == other.i:
        return False
    if other.dep_ in ("obj", "iobj") and other.head.lemma_ in _ADDRESSING and board.speaker_of(token.i) is not None:
        return False  # "“They burned it,” she told the court": not the court
    broad = board.broad(chain.type)
    word = token.lower_
    if pronoun.type == "Person":
        return broad == "Person" and chain.number == "sing" and not (chain.gender and chain.gender != pronoun.gender)
    if pronoun.type == "Group":
        return (
            broad in ("Group", "Norp")
            or (broad == "Organization" and not word.startswith("them"))
            or (chain.number == "plur" and broad != "Place" and chain.type != "Other")
        )
    if broad in ("Person", "Group", "Norp", "Money") or chain.number == "plur":
        return False
    if word == "it" and token.dep_ == "nsubj" and token.head.lemma_ in _SPEAKING:
        return broad == "Organization" or board.words.is_a(chain.type, "GPE")
    return True


def _prominence(board: Board, pronoun: EntityMention, mention: EntityMention, token: Token) -> float:
    other = board.doc[mention.head]
    chain = board.chain_of[mention.head]
    score = _PROMINENCE.get(other.dep_, 0.0)
    score -= _SENTENCE_COST * (board.sentence[pronoun.head] - board.sentence[mention.head])
    score -= _TOKEN_COST * min(pronoun.head - mention.head, _FAR)
    score += _NAMED_BONUS if chain.named else 0.0
    score += min(4, len(chain.mentions))
    if token.dep_ == "nsubj" and token.head.lemma_ in _SPEAKING:
        speaks = any(board.doc[m.head].head.lemma_ in _SPEAKING for m in chain.mentions if m.head < pronoun.head)
        unheard = -_CLAUSE_BONUS if pronoun.type == "Person" else 0.0
        score += _SPEAKER_BONUS if speaks else unheard  # "the minister said …, he added"
    if token.dep_ == "nmod:poss" and other.dep_ in _SUBJECTS and other.head in (token.head.head, token.head.head.head):
        score += _CLAUSE_BONUS
    if token.dep_ in ("obj", "iobj", "obl"):
        if other.dep_ == token.dep_ and other.head.lemma_ == token.head.lemma_:
            score += 2 * _PARALLEL_BONUS  # "what led Mira there and what led her to …"
        speaker = board.speaker_of(token.i)
        said_by = board.at.get(speaker) if speaker is not None else None
        spoke = said_by is not None and board.chain_of[said_by.head] is chain
        if spoke and pronoun.type == "Person":
            if not (chain.named or chain.gender) or _holds_office(board, chain):
                score -= 1.5 * _SPEAKER_BONUS  # "a source said that police arrested him": somebody else
            if token.head.lemma_ in _FATAL:
                score -= 3 * _SPEAKER_BONUS  # who speaks is alive
    if pronoun.type == "Other":
        if chain.type in ("Other", "Weapon"):
            score -= _CLAUSE_BONUS
        elif board.broad(chain.type) != "Organization" and not board.words.is_a(chain.type, "GPE"):
            score -= 3.0
    if pronoun.type == "Group" and board.broad(chain.type) == "Organization":
        score -= _ORGANISATION_COST if board.words.is_a(chain.type, "collective") else 3.5 * _ORGANISATION_COST
    elif pronoun.type == "Group" and board.broad(chain.type) not in ("Group", "Norp", "Person"):
        score -= _CLAUSE_BONUS
    return score


# ---------------------------------------------------------------------------------------------------------------- nouns


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
        return next((m for m in _earlier(board, mention, _NOUN_REACH) if board.words.is_a(m.type, "police")), None)
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
    for other in _earlier(board, mention, len(board.doc)):
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
    for other in _earlier(board, mention, len(board.doc)):
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
    for other in _earlier(board, mention, 2 * _NOUN_REACH if lemma in _CHILD else _NOUN_REACH):
        found = board.chain_of[other.head]
        if other.pronoun or found is chain or not board.agree(found, chain) or other.number != mention.number:
            continue
        if _takes_up(board, lemma, mention, found, other):
            return other
        if lemma in _CHILD and words.is_a(found.type, "Person") and _heads(board, found) & _CHILD:
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
    for other in _earlier(board, mention, len(board.doc)):
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


def _holds_office(board: Board, chain: Chain) -> bool:
    """Whether who is spoken of holds an office: a minister tells of others more often than of themselves."""
    heads = _heads(board, chain) | {t.lemma_.lower() for m in chain.mentions for t in _titles(board.doc[m.head])}
    return not heads.isdisjoint(_OFFICES)


def _titles(name: Token) -> Iterator[Token]:
    return (c for c in name.children if c.dep_ in ("nmod:desc", "appos", "compound", "flat"))


def _heads(board: Board, chain: Chain) -> frozenset[str]:
    return frozenset(board.doc[m.head].lemma_.lower() for m in chain.mentions if not m.pronoun)
