"""What the encoder sees of a word: its word pieces, its shape, and the gap before it.

Training and run time share this module, so that both show the network the same thing. Pure functions over strings:
no spaCy, no ONNX. The word pieces are uncased (MiniLM's vocabulary); case reaches the network through the shape.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

if TYPE_CHECKING:
    from pathlib import Path

#: Longest piece sequence kept of one word (URLs and base64 would fill a window); the rest of the word is not seen.
MAX_PIECES = 12
#: Word shapes, by id.
SHAPES = ("other", "lower", "title", "upper", "initial", "mixed", "digits", "alphanumeric")
#: What stands before a word, by id; "inside" marks the second and later pieces of a word.
GAPS = ("glued", "space", "newline", "blank line", "inside")

GLUED, SPACE, NEWLINE, BLANK_LINE, INSIDE = range(len(GAPS))
_CACHE = 50_000
_QUOTES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})


def word_shape(word: str) -> int:
    """Return the id (index into SHAPES) of the word's letter case and digits."""
    letters = [char for char in word if char.isalpha()]
    digits = any(char.isdigit() for char in word)
    if not letters:
        return SHAPES.index("digits") if digits else SHAPES.index("other")
    if digits:
        return SHAPES.index("alphanumeric")
    upper = sum(char.isupper() for char in letters)
    if upper == 0:
        return SHAPES.index("lower")
    if upper == len(letters):
        return SHAPES.index("initial") if upper == 1 else SHAPES.index("upper")
    if upper == 1 and letters[0].isupper():
        return SHAPES.index("title")
    return SHAPES.index("mixed")


def gap_of(space: str) -> int:
    """Return the id (index into GAPS) of the white space between two words: "" is glued, one line break a newline."""
    if not space:
        return GLUED
    breaks = space.replace("\r\n", "\n").replace("\r", "\n").count("\n") + space.count("\u2029") * 2
    if breaks == 0:
        return SPACE
    return NEWLINE if breaks == 1 else BLANK_LINE


class WordPieces:
    """Cuts words into the encoder's word pieces."""

    def __init__(self, vocabulary: Path) -> None:
        """Read the vocabulary, a text file with one piece a line (BERT's vocab.txt)."""
        ids = WordPiece.read_file(str(vocabulary))
        self.unknown, self.first, self.last = ids["[UNK]"], ids["[CLS]"], ids["[SEP]"]
        self._tokenizer = Tokenizer(WordPiece(ids, unk_token="[UNK]"))  # noqa: S106  no secret
        self._tokenizer.normalizer = BertNormalizer(lowercase=True)
        self._tokenizer.pre_tokenizer = BertPreTokenizer()
        self.of = lru_cache(maxsize=_CACHE)(self._cut)

    def _cut(self, word: str) -> tuple[int, ...]:
        """Return the ids of the word's pieces: at least one, at most MAX_PIECES."""
        text = word[: MAX_PIECES * 20].translate(_QUOTES)
        ids = self._tokenizer.encode(text, add_special_tokens=False).ids
        return tuple(ids[:MAX_PIECES]) or (self.unknown,)
