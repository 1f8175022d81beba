"""Participants that the words exclude: drafts with all their fillers in, those that cannot be taken away.

Who foils a plot is not who would have carried it out; who did what is only asked or denied is nobody that another
sentence tells of; who is accused or tried is not yet who did it. What an event's own grammar says stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.extract.events.brought import names_no_doer
from kg.extract.events.drafts import Drafts
from kg.extract.events.elsewhere import of_others
from kg.extract.events.unnamed import unnamed
from kg.extract.syntax.phrases import described, is_numbered
from kg.extract.syntax.slots import OBLIQUES, children, preposition
from kg.ontology.words import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from spacy.tokens import Token

    from kg.extract.events.drafts import Draft, Key
    from kg.extract.events.findings import Findings

_OPEN = ("possible", "negated")
_ACCUSED = ("recipient", "patient")
_DOING = ("agent", "patient")
_CONVICTING = frozenset(words("convicting"))
_EARLIER_OR_LATER = frozenset({"after", "before", "following", "since", "ahead of"})
_FOLLOWING = frozenset({"follow", "precede"})
_NOBODY = frozenset({"no", "none", "nobody", "neither"})


def drop_excluded(drafts: Iterable[Draft], findings: Findings) -> tuple[Draft, ...]:
    """Return the drafts without those whom the words exclude, whoever gave them."""
    now = Drafts(drafts)
    key_at = {head: draft.key for draft in now.all() for head in draft.heads}
    for draft in now.all():
        agents = {
            *_from_elsewhere(draft, findings),
            *_of_then(draft, findings),
            *_accused(draft, now, key_at, findings),
            *_cleared(draft, now, findings),
            *_of_participle(draft, findings),
        }
        excluded = draft.excluded | {("agent", entity) for entity in agents}
        excluded |= {*_of_another_act(draft, now, findings), *_nobodies(draft, findings), *unnamed(draft, findings)}
        excluded |= set(of_others(draft, now, key_at, findings))
        excluded |= {("patient", entity) for entity in _who_asks(draft, now, key_at, findings)}
        for role, entity in sorted(excluded & set(draft.fillers)):
            now.put(now[draft.key].without(role, entity))
            findings.log(
                draft.match.head, f"  {role}: not {findings.names.get(entity, entity)}, whom the words exclude"
            )
    return now.all()


def _told_agents(draft: Draft) -> set[str]:
    """The agents that the grammar of one of its tellings gives."""
    return {e for t in draft.tellings for role, e in t.told if role == "agent"}


def _from_elsewhere(draft: Draft, findings: Findings) -> Iterator[str]:
    """Agents whom no sentence that tells of it names, where it names others, or is denied or left open."""
    told = _told_agents(draft)
    unsure = draft.status in _OPEN and findings.ontology.is_a(draft.type, "deliberate")
    if not told and not unsure:
        return
    sentences = [findings.doc[head].sent for head in draft.heads]
    for entity in draft.of("agent") - told:
        spans = findings.spans_of.get(entity, ())
        acting = [m.head for m in spans if not (m.pronoun and findings.doc[m.head].dep_ == "nmod:poss")]  # "his house"
        if not any(s.start <= head < s.end for s in sentences for head in acting):
            yield entity


def _of_participle(draft: Draft, findings: Findings) -> set[str]:
    """Who is near a participle before a noun is not said to have done it: "the suspects fled in a stolen car"."""
    alone = all(names_no_doer(findings.doc[head]) for head in draft.heads)
    return draft.of("agent") - _told_agents(draft) if alone else set()


def _who_asks(draft: Draft, now: Drafts, key_at: Mapping[int, Key], findings: Findings) -> set[str]:
    """Who asks for what is not to befall them: "the junta freed the general after the envoy appealed for his release".

    The pronoun is of somebody else where the article tells of others whom the like befell, and not of who asks.
    """
    word = findings.doc[draft.match.head]
    asked = now[key_at[word.head.i]] if word.dep_ in OBLIQUES and word.head.i in key_at else None
    owners = {findings.entity_of(c.i) for c in children(word, "nmod:poss") if c.pos_ == "PRON"}
    if asked is None or asked.key == draft.key or not findings.ontology.is_a(asked.type, "speechAct"):
        return set()
    others = {e for d in now.all() if d.key != draft.key for t in d.tellings for r, e in t.told if r == "patient"}
    return {e for e in asked.of("agent") & draft.of("patient") if e in owners and others and e not in others}


def _accused(draft: Draft, now: Drafts, key_at: Mapping[int, Key], findings: Findings) -> set[str]:
    """Who is only accused of what did a harm: "accused the army of the shelling, which wounded four"."""
    token = findings.doc[draft.match.head]
    described = [token.head, *children(token.head, "nmod")] if token.dep_ == "acl:relcl" else []
    source = next((now[key_at[t.i]] for t in described if t.i in key_at), None)
    if source is None or source.key == draft.key or draft.status != "asserted" or source.status == "asserted":
        return set()
    return source.of("agent")


def _of_then(draft: Draft, findings: Findings) -> Iterator[str]:
    """Who acted then and not now: "the attack was the deadliest since 2019, when gunmen killed …"."""
    token = findings.doc[draft.match.head]
    if token.dep_ != "nsubj" or not any(t.tag_ in ("JJS", "RBS") for t in (token.head, *token.head.children)):
        return
    then = {t.i for c in children(token.head, "advcl", "acl:relcl") for t in c.subtree}
    for entity in draft.of("agent"):
        spans = [m.head for m in findings.spans_of.get(entity, ()) if token.sent.start <= m.head < token.sent.end]
        if spans and then.issuperset(spans):
            yield entity


# -- whose act is another one ------------------------------------------------------------------------------------------


def _of_another_act(draft: Draft, now: Drafts, findings: Findings) -> Iterator[tuple[str, str]]:
    """Participants that no grammar gives to an asserted event, and whom the article shows in another part.

    Who speaks of it or is accused of it, tried over it ("blamed rebels for the attack", "in court over the killing"),
    and who did what came before or after it ("killed in a riot, which began after officers shot a vendor").
    """
    if draft.status != "asserted":
        return
    told = {f for t in draft.tellings for f in t.told}
    others = [d for d in now.all() if d.key != draft.key and not set(d.heads) & set(draft.heads)]
    for role, entity in set(draft.fillers) - told:
        if role in _DOING and any(_is_only_accused(entity, draft, other, findings) for other in others):
            yield role, entity
        elif role in _DOING and all(_is_outside(entity, findings.doc[h], findings) for h in draft.heads):
            yield role, entity
        elif role == "agent" and _makes_others(entity, draft, findings, doer=any(r == "agent" for r, _ in told)):
            yield role, entity
        elif role == "agent" and any(_acts_apart(entity, draft, other, findings) for other in others):
            yield role, entity


def _is_outside(entity: str, word: Token, findings: Findings) -> bool:
    """Whether a clause only describes others, in whose story somebody stands.

    "A man suspected of a bombing that killed three was shot by commandos", "Lund, widow of a policeman killed in the
    bombing", "Ruiz, whose brother was shot".
    """
    found = described(word)
    if found is None:
        return False
    nearest, outermost = found
    kinds = ("Person", "Group", "Organization")
    if not findings.ontology.fits(findings.class_of(outermost.i) or "", kinds):
        return False
    clause = {t.i for t in outermost.subtree}
    heads = [m.head for m in findings.spans_of.get(entity, ()) if word.sent.start <= m.head < word.sent.end]
    itself = {outermost.i, *(c.i for c in children(outermost, "appos"))}
    if not heads or outermost.head.i in heads or any(h in clause - itself for h in heads):
        return False
    if itself.isdisjoint(heads):
        return True
    return nearest != outermost or any(t.tag_ == "WP$" for t in findings.doc[outermost.i : word.i])


def _makes_others(entity: str, draft: Draft, findings: Findings, *, doer: bool) -> bool:
    """Whether somebody only acts on what others do: "forced him to sign", "accepted the resignation of a minister"."""
    word = findings.doc[draft.match.head]
    verb = word.head
    made = word.dep_ in ("xcomp", "ccomp") and word.tag_ == "VB" and bool(children(verb, "obj", "iobj"))
    if not made and not (doer and word.dep_ in ("obj", "nsubj:pass") and word.pos_ == "NOUN"):
        return False
    subjects = [c.i for c in children(verb, "nsubj", "obl:agent")]
    return any(findings.entity_of(i) == entity for i in subjects)


def _parts(entity: str, other: Draft) -> set[str]:
    """The roles that the grammar of another event gives somebody."""
    return {role for t in other.tellings for role, e in t.told if e == entity}


def _is_only_accused(entity: str, draft: Draft, other: Draft, findings: Findings) -> bool:
    """Whether somebody is accused of an event or tried over it, and not found guilty."""
    within, doc = findings.ontology, findings.doc
    if not within.fits(other.type, ("speechAct", "proceeding")) or _parts(entity, other).isdisjoint(_ACCUSED):
        return False
    if any(doc[i].lemma_ in _CONVICTING for i in other.match.tokens):
        return False
    over = doc[other.match.head] in doc[draft.match.head].ancestors
    return over or (within.is_a(other.type, "holdsClaim") and _names_no_doer(entity, draft, findings))


def _acts_apart(entity: str, draft: Draft, other: Draft, findings: Findings) -> bool:
    """Whether somebody speaks of an event, or does what came before or after it."""
    within = findings.ontology
    parts = _parts(entity, other)
    word, act = findings.doc[draft.match.head], findings.doc[other.match.head]
    if within.is_a(other.type, "speechAct") and act in word.ancestors and "agent" in parts:
        return not within.is_a(other.type, "holdsClaim") or any(r in _ACCUSED for r, _ in other.told)
    if not parts or within.is_a(other.type, "journey"):
        return False  # "the gunmen fled after the robbery"
    return _is_before_or_after(word, act, done=within.fits(other.type, ("violent", "befalls")))


def _names_no_doer(entity: str, draft: Draft, findings: Findings) -> bool:
    """Whether no sentence that tells of an event names somebody."""
    sentences = [findings.doc[head].sent for head in draft.heads]
    spans = findings.spans_of.get(entity, ())
    return not any(s.start <= m.head < s.end for s in sentences for m in spans)


def _is_before_or_after(word: Token, act: Token, *, done: bool) -> bool:
    """Whether the words put an act before or after an event.

    "Was suspended after a complaint by a parent". What is ``done`` right before a harm may have done it: "was killed
    after police opened fire".
    """
    if word.sent != act.sent:
        return False
    shared = next((t for t in (word, *word.ancestors) if t == act or t in act.ancestors), None)
    if shared is None:
        return False
    steps = [t for low in (word, act) for t in (low, *low.ancestors) if shared in t.ancestors]
    links = [t for t in steps if _sets_apart(t)]
    if not links:
        return False
    link = links[0]
    before = word not in (link, *link.subtree)  # what is told "after" an act comes before it
    return not (
        done and before and len(links) == 1 and link.head in (word, shared) and link.head.lemma_ not in _FOLLOWING
    )


def _sets_apart(step: Token) -> bool:
    if step.dep_ == "obj" and step.head.lemma_ in _FOLLOWING:
        return True
    if step.dep_ in ("obl", "nmod"):
        return preposition(step) in _EARLIER_OR_LATER
    return step.dep_ in ("advcl", "acl") and any(c.lower_ in _EARLIER_OR_LATER for c in children(step, "mark", "case"))


def _cleared(draft: Draft, now: Drafts, findings: Findings) -> Iterator[str]:
    """Agents that no grammar gives to an event, and whom the article clears of one like it: "acquitted of murder"."""
    within = findings.ontology
    for entity in draft.of("agent") - _told_agents(draft) if within.is_a(draft.type, "grave") else ():
        part = ("agent", entity)
        for other in now.all():
            denied = other.status == "negated" and part in other.fillers and draft.status == "asserted"
            if within.is_a(other.type, "grave") and (part in other.excluded or (denied and other.type == draft.type)):
                yield entity


def _nobodies(draft: Draft, findings: Findings) -> Iterator[tuple[str, str]]:
    """Who is nobody in what happened: "no group has claimed the attack, which killed nine"."""
    for role, entity in draft.fillers if draft.status == "asserted" else ():
        heads = [findings.doc[m.head] for m in findings.spans_of.get(entity, ()) if not m.pronoun]
        if heads and all(_is_nobody(h) for h in heads):
            yield role, entity


def _is_nobody(noun: Token) -> bool:
    return any(t.lower_ in _NOBODY and not is_numbered(t) for t in (noun, *children(noun, "det")))
