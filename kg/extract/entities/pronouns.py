"""What a pronoun takes up: one mention in, the earlier mention that it repeats out, or None.

The most prominent fitting mention of the last sentences, by grammatical function and distance; "I" and "we" inside a
quotation: its speaker. Nothing fits: None, never a guess.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

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
_SPEAKING = frozenset(words("speakingVerbs"))


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
    for mention in board.earlier(pronoun, _REACH):
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


def _holds_office(board: Board, chain: Chain) -> bool:
    """Whether who is spoken of holds an office: a minister tells of others more often than of themselves."""
    heads = board.heads(chain) | {t.lemma_.lower() for m in chain.mentions for t in _titles(board.doc[m.head])}
    return not heads.isdisjoint(_OFFICES)


def _titles(name: Token) -> Iterator[Token]:
    return (c for c in name.children if c.dep_ in ("nmod:desc", "appos", "compound", "flat"))
