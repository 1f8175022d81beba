"""Inflected forms of the verbs and nouns of WordNet 3.0: a rare verb is lemmatized by a list and not by a guess.

Only lemmas are taken from WordNet; regular forms are made by the spelling rules of English, irregular ones stand here.
"""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_VOWELS = "aeiou"

#: lemma: past tense and past participle (both where they are the same), "/" between spellings.
IRREGULAR = {
    line.split()[0]: line.split()[1:]
    for line in """
arise arose arisen|awake awoke awoken|bear bore borne/born|beat beat beaten|become became become|begin began begun
bend bent|bet bet|bid bid|bind bound|bite bit bitten|bleed bled|blow blew blown|break broke broken|breed bred
bring brought|broadcast broadcast|build built|burst burst|buy bought|cast cast|catch caught|choose chose chosen
cling clung|come came come|cost cost|creep crept|cut cut|deal dealt|dig dug|do did done|draw drew drawn
drink drank drunk|drive drove driven|eat ate eaten|fall fell fallen|feed fed|feel felt|fight fought|find found
flee fled|fling flung|fly flew flown|forbid forbade forbidden|forecast forecast|foresee foresaw foreseen
forget forgot forgotten|forgive forgave forgiven|forgo forwent forgone|freeze froze frozen|get got got/gotten
give gave given|go went gone|grind ground|grow grew grown|hang hung|have had|hear heard|hide hid hidden|hit hit
hold held|hurt hurt|keep kept|kneel knelt|know knew known|lay laid|lead led|leave left|lend lent|let let
lie lay lain|light lit|lose lost|make made|mean meant|meet met|mistake mistook mistaken|offset offset|outbid outbid
outdo outdid outdone|overcome overcame overcome|override overrode overridden|overrun overran overrun
oversee oversaw overseen|overtake overtook overtaken|overthrow overthrew overthrown|pay paid|plead pled
prove proved proven|put put|quit quit|read read|rebuild rebuilt|repay repaid|resell resold|retake retook retaken
rid rid|ride rode ridden|ring rang rung|rise rose risen|run ran run|say said|see saw seen|seek sought|sell sold
send sent|set set|sew sewed sewn|shake shook shaken|shed shed|shine shone|shoot shot|show showed shown
shrink shrank shrunk|shut shut|sing sang sung|sink sank sunk|sit sat|slay slew slain|sleep slept|slide slid
sling slung|slit slit|sow sowed sown|speak spoke spoken|spend spent|spill spilt|spin spun|split split|spread spread
spring sprang sprung|stand stood|steal stole stolen|stick stuck|sting stung|stink stank stunk
stride strode stridden|strike struck struck/stricken|strive strove striven|swear swore sworn|sweep swept
swell swelled swollen|swim swam swum|swing swung|take took taken|teach taught|tear tore torn|tell told
think thought|throw threw thrown|thrust thrust|undergo underwent undergone|understand understood
undertake undertook undertaken|undo undid undone|uphold upheld|upset upset|wake woke woken|wear wore worn
weave wove woven|weep wept|win won|wind wound|withdraw withdrew withdrawn|withhold withheld|withstand withstood
wring wrung|write wrote written|hamstring hamstrung
""".replace("|", "\n").split("\n")
    if line.strip()
}
#: Forms that two verbs share: which one it is in news more often.
_SHARED = dict(
    pair.split(":")
    for pair in """
found:find wound:wound lay:lay ground:ground saw:see bound:bind felt:feel left:leave shot:shoot rose:rise spat:spit
wounded:wound wounding:wound wounds:wound bore:bear fell:fall
""".split()
)


def _doubled(verb: str) -> bool:
    """Whether the last consonant may double: one vowel letter and one consonant at the end ("stop", "admit")."""
    return (
        len(verb) > 2
        and verb[-1] not in "aeiouwxy"
        and verb[-2] in _VOWELS
        and (verb[-3] not in _VOWELS or verb[-4:-1] == "qui")
    )


def _syllables(word: str) -> int:
    return sum(1 for i, c in enumerate(word) if c in _VOWELS + "y" and (i == 0 or word[i - 1] not in _VOWELS + "y"))


def verb_forms(verb: str) -> Iterator[str]:
    """All inflected forms of a verb; where English leaves the doubling open, both spellings."""
    if verb.endswith(("s", "x", "z", "ch", "sh", "o")):
        yield verb + "es"
    elif verb.endswith("y") and verb[-2:-1] not in _VOWELS:
        yield verb[:-1] + "ies"
    else:
        yield verb + "s"
    for part in IRREGULAR.get(verb, ()):
        yield from part.split("/")
    if verb.endswith("ie"):
        yield verb[:-2] + "ying"
        yield verb + "d"
    elif verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")):
        yield verb[:-1] + "ing"
        yield verb + "d"
    elif verb.endswith("e"):
        yield from (verb + "ing", verb + "d")
    else:
        if _doubled(verb):
            yield from (verb + verb[-1] + "ing", verb + verb[-1] + "ed")
        if not _doubled(verb) or _syllables(verb) > 1:
            yield verb + "ing"
            yield (verb[:-1] + "ied") if verb.endswith("y") and verb[-2:-1] not in _VOWELS else verb + "ed"
        if verb.endswith("c"):
            yield from (verb + "king", verb + "ked")


#: Plurals that no rule makes.
_PLURALS = dict(
    pair.split(":")
    for pair in """
leaf:leaves life:lives wife:wives knife:knives thief:thieves wolf:wolves half:halves shelf:shelves loaf:loaves
calf:calves hoof:hooves man:men woman:women child:children foot:feet tooth:teeth goose:geese mouse:mice ox:oxen
crisis:crises analysis:analyses criterion:criteria phenomenon:phenomena hero:heroes potato:potatoes tomato:tomatoes
volcano:volcanoes torpedo:torpedoes embargo:embargoes veto:vetoes mosquito:mosquitoes cargo:cargoes echo:echoes
policeman:policemen spokesman:spokesmen gunman:gunmen fisherman:fishermen businessman:businessmen fireman:firemen
tribesman:tribesmen lawman:lawmen militiaman:militiamen workman:workmen schoolchild:schoolchildren
grandchild:grandchildren
""".split()
)


def noun_plural(noun: str) -> str:
    """The plural of a noun."""
    if noun in _PLURALS:
        return _PLURALS[noun]
    if noun.endswith("man") and noun not in {"human", "german", "roman", "norman", "shaman", "talisman"}:
        return noun[:-2] + "en"
    if noun.endswith(("s", "x", "z", "ch", "sh")):
        return noun + "es"
    if noun.endswith("y") and noun[-2:-1] not in _VOWELS:
        return noun[:-1] + "ies"
    return noun + "s"


def known_forms(wordnet: Path) -> dict[str, str]:
    """Every inflected form that belongs to one lemma: "form|VB*" and "form|NNS" → lemma.

    ``wordnet`` is a table with lemma, part of speech, sense, offset, file and count (of SemCor) in its columns.
    """
    verbs: dict[str, int] = {}
    nouns: dict[str, int] = {}
    with gzip.open(wordnet, "rt") as lines:
        for line in lines:
            lemma, pos, _, _, _, seen, *_ = line.split("\t")
            if pos in {"v", "n"} and lemma.isalpha() and lemma.islower() and len(lemma) > 1:
                counts = verbs if pos == "v" else nouns
                counts[lemma] = counts.get(lemma, 0) + int(seen)
    table: dict[str, str] = {}
    rank: dict[str, int] = {}
    for verb, count in verbs.items():
        for form in verb_forms(verb):
            if (form != verb or verb in IRREGULAR) and count > rank.get(form, -1):
                table[f"{form}|VB*"], rank[form] = verb, count
    for form, verb in _SHARED.items():
        table[f"{form}|VB*"] = verb
    for noun in (n for n, count in nouns.items() if n in _PLURALS or (count > 0 and not n.endswith("s"))):
        table.setdefault(f"{noun_plural(noun)}|NNS", noun)
    return dict(sorted(table.items()))


def complete(table: dict[str, str], forms: dict[str, str]) -> dict[str, str]:
    """The corpus's table with WordNet's forms: the corpus wins, except where its lemma is no word of WordNet."""
    lemmas = set(forms.values())
    merged = dict(forms)
    for key, lemma in table.items():
        form, tag = key.split("|", 1)
        other = forms.get(f"{form}|VB*") if tag.startswith("VB") else forms.get(key)
        unknown = other is not None and lemma not in lemmas and lemma.islower()
        merged[key] = other if other is not None and unknown else lemma
    return dict(sorted(merged.items()))
