"""The tokenizer: spaCy's English rules, moved towards the word boundaries of the English UD treebanks.

The treebanks split a hyphenated compound ("well - known", "U.S. - led") but leave a prefix on its stem
("pro-government"); spaCy splits both. Training text, whatever its own tokens, is cut by this same tokenizer: the model
meets at run time the words it learnt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import spacy
from spacy.util import compile_infix_regex

from kg.ontology.words import words

if TYPE_CHECKING:
    from spacy.language import Language

#: Prefixes that stay on their stem, as EWT and GUM write them.
PREFIXES = words("hyphenPrefixes")


def blank_english() -> Language:
    """Return an empty English pipeline with the adapted tokenizer."""
    nlp = spacy.blank("en")
    stays = "".join(rf"(?<!\b{prefix})(?<!\b{prefix.title()})" for prefix in PREFIXES)
    hyphens = ("-", "–", "—", "--", "---", "——", "~")
    defaults = [str(rule) for rule in nlp.Defaults.infixes or ()]
    infixes = [rule for rule in defaults if not any(f"|{hyphen}|" in rule for hyphen in hyphens)]
    infixes = [rule for rule in infixes if "+\\-\\*^" not in rule]
    letter = r"[^\W\d_]"
    infixes += [
        rf"(?<={letter}|[.'’)])--+(?={letter}|\d)",
        r"(?<=\w|[.'’)])[–—~](?=\w)",
        rf"(?<={letter}){stays}-(?={letter}|\d)",
        rf"(?<={letter}\.)-(?={letter})",
        rf"(?<=\d)-(?={letter})",
        r"(?<=[0-9])[+*^](?=[0-9-])",
        rf"(?<={letter})/(?={letter})",
    ]
    tokenizer: Any = nlp.tokenizer
    tokenizer.infix_finditer = compile_infix_regex(infixes).finditer
    return nlp
