"""Lemmas as rules on word forms: what to cut off the end, what to put there, and whether the capital letters stay.

A rule is a string "CUT+ENDING" ("3+y" makes *cities* into *city*) with a leading "^" where the form keeps its case
(names). The model chooses one rule for a word; a table of forms seen in training overrules it.
"""

from __future__ import annotations

from kg.ontology.words import words

#: The rule that changes nothing but case.
LOWER = "0+"
#: Nouns whose plural is their lemma.
_PLURAL_ONLY = frozenset(words("pluralOnly"))
_SHORT = 5  # letters: "ties", "dies"
#: Penn tags whose lemma keeps the case of the form.
_NAMES = ("NNP", "NNPS")
#: Penn tags of forms that are their own lemma: "collide", "wildfire".
_BASE = ("VB", "VBP", "NN", "JJ")
_CONTRACTED = 3  # letters: "'re", "ain" and the like are none of those
#: Plurals that end so, where only the s has been cut: "branches", "tornadoes".
_CUT_ES = ("ches", "shes", "xes", "sses", "zzes", "oes")


def rule_for(form: str, lemma: str) -> str:
    """Return the shortest rule that turns the form into the lemma."""
    keep = "^" if form != form.lower() and lemma != lemma.lower() else ""
    if not keep:
        form = form.lower()
    same = 0
    while same < min(len(form), len(lemma)) and form[same] == lemma[same]:
        same += 1
    return f"{keep}{len(form) - same}+{lemma[same:]}"


def apply_rule(rule: str, form: str) -> str:
    """Return the lemma of a form by a rule; a rule that would leave nothing gives the form itself."""
    cut, _, ending = rule.lstrip("^").partition("+")
    stem = form if rule.startswith("^") else form.lower()
    size = int(cut)
    if size >= len(stem) and not ending:
        return stem
    return (stem[: len(stem) - size] if size else stem) + ending


def _singular(plural: str) -> str:
    """Return the singular of a regular plural that neither table nor rule knows ("aftershocks")."""
    if not plural.endswith("s") or plural.endswith(("ss", "us", "is")):
        return plural
    return plural[:-3] + "y" if plural.endswith("ies") and len(plural) > _SHORT else plural[:-1]


def _of_verb(form: str, table: dict[str, str]) -> str | None:
    """Return what the table has of a verb's form, or of what stands behind its last hyphen ("re-established")."""
    prefix, hyphen, verb = form.rpartition("-")
    known = table.get(f"{form}|VB*") or (table.get(f"{verb}|VB*") if hyphen else None)
    return prefix + hyphen + known if known and hyphen and not known.startswith(prefix + hyphen) else known


def _cut_right(plural: str, lemma: str, table: dict[str, str]) -> str:
    """Return the lemma of a plural in -es whose rule cut the s alone: "launche", "insurgencie", "viruse"."""
    if not plural.endswith("es") or lemma != plural[:-1]:
        return lemma
    verb = table.get(f"{plural}|VB*")  # "launches": as the verb of that form
    if verb is not None:
        return verb
    if plural.endswith("ies") and len(plural) > _SHORT:
        return plural[:-3] + "y"
    of_us = plural.endswith("uses") and plural[-5:-4] not in "aeo"  # "viruses"; "houses", "causes" are none
    return plural[:-2] if of_us or plural.endswith(_CUT_ES) else lemma


def lemma_of(form: str, tag: str, rule: str, table: dict[str, str]) -> str:
    """Return the lemma of a form with its Penn tag: from the table ("form|tag", any verb tag "VB*"), else by rule."""
    lower = form.lower()
    known = table.get(f"{lower}|{tag}") or (_of_verb(lower, table) if tag.startswith("VB") else None)
    if known is not None:
        return known
    if tag == "NNS" and lower in _PLURAL_ONLY:
        return lower
    if tag in _BASE and len(lower) > _CONTRACTED and lower.replace("-", "").isalpha():
        return lower
    lemma = apply_rule(rule, form)
    if tag == "NNS":
        lemma = _cut_right(lower, _singular(lower) if lemma == lower else lemma, table)
    if tag in _NAMES and form.isupper() and len(form) > 4:  # longer all-capital words are no acronyms
        return lemma.title()
    return lemma
