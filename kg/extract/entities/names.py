"""Proper names in a document: the model's named entities, mended by what the document itself says.

The model labels each sentence by itself. A document gives more: a name labelled twice one way and once another is the
first everywhere; a surname belongs to the person whose full name stands elsewhere; "Hill Police Station" is a facility
whatever its first word was taken for; and the lexicon knows countries, their adjectives and telling last words ("Ltd").
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from kg.core.names import fold
from kg.extract.entities.countries import settled
from kg.extract.entities.numbered import Name, acronym_names, numbered_names
from kg.extract.entities.spelling import LONG_NAME, address_gender, bare_person, sound
from kg.ontology.words import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from spacy.tokens import Doc, Token

    from kg.extract.entities.nouns import EntityWords

#: Entity type of each label of the model; other labels (dates, numbers, events) name no entity.
TYPES = {
    "PERSON": "Person",
    "ORG": "Organization",
    "GPE": "GPE",
    "LOC": "Place",
    "FAC": "Facility",
    "NORP": "Norp",
    "PRODUCT": "Product",
}
#: Words that make a part of a country: "northern Kenya".
DIRECTIONS = frozenset(words("directions"))
#: Ends of words for people, after the plural's s: "Westerner", "Islamist".
PEOPLE_ENDINGS = ("er", "ian", "ist", "ite", "ean", "crat", "ese")
_CALENDAR = frozenset({*words("months"), *words("weekdays"), *words("calendarWords")} - {"may"})
_COMPASS = frozenset({"west", "east", "north", "south"})
_TIME_LABELS = frozenset({"DATE", "TIME", "PERCENT", "QUANTITY", "ORDINAL"})
_NAME_PARTS = frozenset(
    {"flat", "flat:foreign", "compound", "goeswith", "fixed", "nmod:desc", "appos", "amod", "nummod"}
)
_PLACE_PREPOSITIONS = frozenset(words("placePrepositions"))
_JOINTS = frozenset(words("nameJoints"))


def find_names(doc: Doc, words: EntityWords) -> list[Name]:
    """Return the proper names of a parsed document, in text order and without overlap; demonyms among them."""
    spans = _model_spans(doc, words)
    names = [_mended(doc, start, end, kind, words) for start, end, kind in _one_by_tree(doc, spans)]
    names = _without_overlap([*names, *_known(doc, words), *numbered_names(doc, words), *acronym_names(doc, words)])
    names = [name for name in _agreeing(doc, names, words) if not _is_rank(doc, name, names, words)]
    taken = {i for name in names for i in range(name.start, name.end)}
    demonyms = _demonyms(doc, words, names, taken)
    adjectives = {name.start for name in demonyms}
    names = [name for name in names if name.start not in adjectives] + demonyms
    names += _repeated(doc, names, taken)
    names += _unlabelled(doc, words, taken)
    return settled(doc, _without_overlap(names), words)


def _known(doc: Doc, words: EntityWords) -> Iterator[Name]:
    """Find the lexicon's names of several words, which the model may have cut or missed."""
    for i, token in enumerate(doc):
        if not token.text[:1].isupper():
            continue
        for name in words.long_names.get(fold(token.text), ()):
            end = i + len(name)
            if end <= len(doc) and doc[end - 1].text[:1].isupper() and doc[i:end].text.count(" ") == len(name) - 1:
                folded = " ".join(name)
                if fold(doc[i:end].text) == folded:
                    yield Name(i, end, words.names[folded], words.countries.get(folded))
                    break


def time_tokens(doc: Doc) -> frozenset[int]:
    """Return the tokens inside dates, times and measures, which are no entities."""
    return frozenset(i for ent in doc.ents if ent.label_ in _TIME_LABELS for i in range(ent.start, ent.end))


def _model_spans(doc: Doc, words: EntityWords) -> list[tuple[int, int, str]]:
    spans = []
    for ent in doc.ents:
        kind = TYPES.get(ent.label_)
        if kind is None:
            continue
        start, end = ent.start, ent.end
        while end - start > 1 and _trails(doc[end - 1]):
            end -= 1
        while end - start > 1 and _leads(doc[start], kind):
            start += 1
        if kind == "Person":
            if _is_title(doc, end, words):
                continue  # "District Works Officer", with a person's label on its first words
            start = _after_title(doc, start, end, words)
        if any(c.isalnum() for c in doc[start].text) and not _common(doc, start, end, words):
            spans.append((start, end, kind))
    return spans


def _trails(token: Token) -> bool:
    """Whether a last word of a labelled span is no part of the name."""
    return token.tag_ in ("POS", "IN", "DT", "CC") or (token.is_punct and token.text != ".") or token.is_space


def _one_by_tree(doc: Doc, spans: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Make two organisations that touch one where the tree has the first before the second: "State" "Power Agency"."""
    joined: list[tuple[int, int, str]] = []
    for start, end, kind in spans:
        if joined and joined[-1][1] == start and joined[-1][2] == kind == "Organization":
            before = doc[start - 1]
            if before.dep_ in ("compound", "flat") and start <= before.head.i < end:
                joined[-1] = (joined[-1][0], end, kind)
                continue
        joined.append((start, end, kind))
    return joined


def _is_title(doc: Doc, end: int, words: EntityWords) -> bool:
    """Whether a capitalised noun for an office follows a labelled span: the span is part of a title."""
    if end >= len(doc) or doc[end].pos_ != "PROPN" or doc[end].tag_ == "NNPS":
        return False
    return doc[end].text.istitle() and words.noun_type([doc[end].lower_]) == "Person" and not doc[end].ent_type_


def _after_title(doc: Doc, start: int, end: int, words: EntityWords) -> int:
    """Return where a person's name begins behind one title in capitals: "Vice-Chairman Ana Cruz"."""
    title = start + 1
    while title + 1 < end and doc[title].text in ("-", "–"):
        title += 2
    lemmas = [t.lower_ for t in doc[start:title] if not t.is_punct]
    return title if end - title > 1 and words.noun_type(lemmas) == "Person" else start


def _common(doc: Doc, start: int, end: int, words: EntityWords) -> bool:
    """Whether a labelled span is a common noun or the word for a people: "the Kingdom", "the Kenyans"."""
    last = doc[end - 1]
    folded = fold(doc[start:end].text)
    if end - start == 1 and words.is_a(words.noun_type([last.lower_]) or "", "bareBody") and folded not in words.names:
        return True
    if folded in _CALENDAR or last.like_email or last.like_url or last.text.startswith("@"):
        return True
    if folded.endswith("s") and folded not in words.countries and folded.removesuffix("s") in words.demonyms:
        return True
    articled = start > 0 and doc[start - 1].lower_ in ("the", "this", "a", "an")
    if end - start > 1 or last.lower_ in _COMPASS or (folded in words.names and last.text[:1].isupper()):
        return False
    if last.is_stop and not last.is_upper:
        return True
    if last.is_upper and len(last.text) <= 3 and folded not in words.names and words.noun_type([folded]) is not None:
        return True  # "TV"
    if last.tag_ == "NNPS" and folded not in words.names and folded.removesuffix("s").endswith(PEOPLE_ENDINGS):
        return True
    follows = end < len(doc) and doc[end].pos_ == "PROPN" and not doc[end].ent_type_  # "District Commissioner"
    if not (articled or last.is_lower or follows or last.is_sent_start or doc[start - 1].is_punct):
        return False
    return last.text.title() == last.text and words.noun_type([last.lower_]) is not None


def _leads(token: Token, kind: str) -> bool:
    """Whether a first word of a labelled span is no part of the name: an article, a form of address, a bracket."""
    if token.is_punct or token.is_space or (token.pos_ == "DET" and token.is_lower):
        return True
    return kind == "Person" and address_gender(token.text) is not None and len(token.text) > 1


def _mended(doc: Doc, start: int, end: int, kind: str, words: EntityWords) -> Name:
    """Extend a name over the capitalised common noun behind it, and read its type off its last word."""
    while end < len(doc) and _continues(doc, start, end, kind, words):
        end += 1
    text = doc[start:end].text
    folded = fold(text)
    known = words.names.get(folded)
    if kind == "Person" and (known is None or words.is_a(known, "Place")) and folded not in words.countries:
        return Name(start, end, kind)
    if folded in words.countries and kind != "Person":
        part = start > 0 and doc[start - 1].lower_ in DIRECTIONS and doc[start - 1].is_lower
        return Name(start - part, end, known or "GPE", words.countries[folded], part=part)
    if kind == "Norp":
        return Name(start, end, kind)
    if known is not None:
        return Name(start, end, known)
    found = _type_by_head(doc, start, end, words)
    if found is None or (kind in ("GPE", "Place") and words.is_a(found, "business")):  # "West Bank" is no bank
        return Name(start, end, kind)
    return Name(start, end, found)


def _continues(doc: Doc, start: int, end: int, kind: str, words: EntityWords) -> bool:
    """Whether the token at ``end`` belongs to the name before it: a capitalised entity noun of the same phrase."""
    token = doc[end]
    if not token.text[:1].isupper() or token.pos_ not in ("PROPN", "NOUN", "ADJ") or token.sent != doc[start].sent:
        return False
    if doc[end].ent_type_ and doc[end].ent_iob_ == "B" and doc[end].ent_type_ not in ("ORG", "FAC", "LOC", "GPE"):
        return False
    noun = words.noun_type([token.lower_])
    if noun == "Person" or (kind == "Person" and noun is None):
        return False
    heads = {token.i, token.head.i}
    return any(t.head.i in heads or t.i == token.head.i for t in doc[start:end]) and (
        words.noun_type([token.lemma_.lower()]) is not None
        or (
            end + 1 < len(doc)
            and doc[end + 1].text[:1].isupper()
            and token.dep_ in _NAME_PARTS
            and token.head.i == end + 1
        )
    )


def _type_by_head(doc: Doc, start: int, end: int, words: EntityWords) -> str | None:
    """Return the type that the name's own common noun tells: "Ministry of Works", "Hill Police Station"."""
    lowered = [t.lemma_.lower() for t in doc[start:end]]
    head = next((i for i, word in enumerate(lowered) if word in ("of", "for") and i), len(lowered))
    while head and not lowered[head - 1][:1].isalnum():
        head -= 1
    if not head:
        return None
    ends = (" ".join(lowered[head - size : head]).rstrip(".") for size in (2, 1) if head > size)  # "Liberation Front"
    last = next((words.names[end] for end in ends if end in words.names), None)
    if last is not None and last not in ("Person", "Place") and not words.is_a(last, "GPE"):
        return last
    if head == 1 and len(lowered) == 1:
        return None
    found = words.noun_type(lowered[:head])
    return found if found is not None and (words.is_a(found, "Organization") or words.is_a(found, "Place")) else None


def _without_overlap(names: Iterable[Name]) -> list[Name]:
    """Keep the longer of two names that overlap, the earlier of two that are equally long."""
    kept: list[Name] = []
    taken: set[int] = set()
    for name in sorted(names, key=lambda n: (n.start - n.end, n.start)):
        if taken.isdisjoint(range(name.start, name.end)):
            kept.append(name)
            taken.update(range(name.start, name.end))
    return sorted(kept, key=lambda n: n.start)


def _agreeing(doc: Doc, names: list[Name], words: EntityWords) -> list[Name]:
    """Give every name the type that most of its mentions have, and every surname that of its person."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    surnames: set[str] = set()
    for name in names:
        text = doc[name.start : name.end].text
        addressed = name.start > 0 and address_gender(doc[name.start - 1].text) is not None
        votes[fold(text)]["Person" if addressed else name.type] += 3 if addressed else 1
        if name.type == "Person" and name.end - name.start > 1:
            surnames.add(bare_person(text)[-1])
    sounds = {sound(s) for s in surnames if len(s) >= LONG_NAME}
    agreed = []
    for name in names:
        folded = fold(doc[name.start : name.end].text)
        kind = max(votes[folded].items(), key=lambda vote: (vote[1], vote[0] == "GPE", vote[0] == name.type, vote[0]))[
            0
        ]
        alike = folded in surnames or (len(folded) >= LONG_NAME and sound(folded) in sounds)
        if alike and kind in ("Organization", "Place", "GPE", "Product") and folded not in words.countries:
            kind = "Person"
        agreed.append(name if kind == name.type else replace(name, type=kind))
    return agreed


def _is_rank(doc: Doc, name: Name, names: list[Name], words: EntityWords) -> bool:
    """Whether an acronym with a body's label is the rank before a person's name: "DSP Ana Cruz"."""
    last = doc[name.end - 1]
    if name.type != "Organization" or not last.is_upper or len(last.text) > 5 or name.end - name.start > 2:
        return False
    return any(n.start == name.end and n.type == "Person" for n in names) and fold(last.text) not in words.names


def _demonyms(doc: Doc, words: EntityWords, names: list[Name], taken: set[int]) -> list[Name]:
    """Find adjectives of countries outside longer names; words for people ("two Kenyans") are left to noun phrases."""
    short = {
        name.start: name for name in names if name.type != "Person" and name.end - name.start <= words.longest_demonym
    }
    found: list[Name] = []
    i = 0
    while i < len(doc):
        longest = min(words.longest_demonym, len(doc) - i) if doc[i].text[:1].isupper() else 0
        for size in range(longest, 0, -1):
            last = doc[i + size - 1]
            if not last.text[:1].isalpha():
                continue
            free = all(k not in taken for k in range(i, i + size)) or (i in short and short[i].end == i + size)
            country = words.demonyms.get(fold(doc[i : i + size].text))
            part = i > 0 and doc[i - 1].lower_.startswith(tuple(_COMPASS)) and doc[i - 1].is_lower  # "north African"
            if free and country is not None and _modifies(last) and not part:
                taken.update(range(i, i + size))
                found.append(Name(i, i + size, words.names.get(fold(country), "GPE"), country, demonym=True))
                i += size - 1
                break
        i += 1
    return found


def _modifies(token: Token) -> bool:
    """Whether a demonym stands as an adjective: before a noun, or as predicate ("he is Kenyan")."""
    if token.dep_ in ("amod", "compound") and token.head.i > token.i:
        return True
    return (
        token.pos_ == "ADJ" and token.tag_ != "NNS" and token.dep_ not in ("nsubj", "nsubj:pass", "obj", "obl", "nmod")
    )


def _repeated(doc: Doc, names: list[Name], taken: set[int]) -> Iterator[Name]:
    """Find mentions that the model missed: the same words again, or the surname of a person named in full."""
    known: dict[tuple[str, ...], str] = {}
    for name in names:
        if name.demonym or name.type == "Norp":
            continue
        tokens = tuple(t.text for t in doc[name.start : name.end])
        if not tokens[0][:1].isupper():
            continue
        known.setdefault(tokens, name.type)
        if name.type == "Person" and len(tokens) > 1 and tokens[-1][:1].isupper() and len(tokens[-1]) > 2:
            known.setdefault(tokens[-1:], "Person")
    by_first: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for tokens in known:
        by_first[tokens[0]].append(tokens)
    for i, token in enumerate(doc):
        for tokens in sorted(by_first.get(token.text, ()), key=len, reverse=True):
            end = i + len(tokens)
            if end > len(doc) or any(k in taken for k in range(i, end)) or token.pos_ not in ("PROPN", "NOUN", "X"):
                continue
            if tuple(t.text for t in doc[i:end]) == tokens:
                taken.update(range(i, end))
                yield Name(i, end, known[tokens])
                break


def _unlabelled(doc: Doc, words: EntityWords, taken: set[int]) -> Iterator[Name]:
    """Find runs of proper nouns that carry no label, and guess their type from their words and their place."""
    times = time_tokens(doc)
    i = 0
    while i < len(doc):
        if not _proper(doc[i]) or i in taken or i in times or doc[i].ent_type_:
            i += 1
            continue
        end = i + 1
        while end < len(doc) and end not in taken and end not in times and _runs_on(doc, end):
            end += 1
        while not _proper(doc[end - 1]):
            end -= 1
        kind = _guess(doc, i, end, words)
        if kind is not None:
            taken.update(range(i, end))
            yield Name(i, end, kind)
        i = end


def _proper(token: Token) -> bool:
    return token.pos_ == "PROPN" and token.text[:1].isupper() and any(c.isalpha() for c in token.text)


def _runs_on(doc: Doc, i: int) -> bool:
    if doc[i].is_sent_start:
        return False
    return _proper(doc[i]) or (
        doc[i].lower_ in ("of", "-", "al", "bin", "de") and i + 1 < len(doc) and _proper(doc[i + 1])
    )


def _guess(doc: Doc, start: int, end: int, words: EntityWords) -> str | None:
    """Return a type for an unlabelled name; None where nothing tells it."""
    folded = fold(doc[start:end].text)
    if folded in words.names:
        return words.names[folded]
    if any(t.lower_ in _CALENDAR for t in doc[start:end]):
        return None
    root = next((t for t in doc[start:end] if not start <= t.head.i < end), doc[end - 1])
    if root.dep_ in ("nmod:desc", "amod") or address_gender(doc[end - 1].text) is not None:
        return None  # a title or rank before a name
    if end < len(doc) and doc[end].ent_type_ == "PERSON" and folded not in words.countries:
        return None
    by_head = _type_by_head(doc, start, end, words)
    if by_head is not None:
        return by_head
    if words.noun_type([t.lemma_.lower() for t in doc[start:end]]) is not None:
        return None  # a capitalised common noun: left to the noun phrases
    if start > 0 and address_gender(doc[start - 1].text) is not None:
        return "Person"
    if any(child.dep_ == "nmod:desc" for child in root.children):
        return "Person"
    if end - start == 1 and root.text.isalpha() and root.is_upper and 2 <= len(root.text) <= 6:
        return "Organization" if set(root.text) - set("IVXLC") else None
    if any(child.dep_ == "case" and child.lower_ in _PLACE_PREPOSITIONS for child in root.children):
        return "GPE" if root.dep_ in ("obl", "nmod") else None
    return "Other" if end - start > 1 and root.dep_ not in ("compound", "amod") else None
