"""Packed files: what goes in comes out, what is broken is told, a small file may not stand for a large one."""

from __future__ import annotations

import io

import pytest

from kg.core.errors import KgError
from kg.core.packing import ENDINGS, blocks, pack, unpack

TEXT = b"".join(b"<a:%d> <a:b> <a:c> .\n" % number for number in range(5000))


@pytest.fixture(params=ENDINGS)
def ending(request):
    """Each way, where its library is."""
    if request.param == ".zst":
        pytest.importorskip("zstandard")
    return request.param


def test_there_and_back(ending):
    """The same bytes, the same packed bytes each time, and two packed files one behind the other are both."""
    packed = pack(TEXT, ending)
    assert len(packed) < len(TEXT) / 2
    assert packed == pack(TEXT, ending)
    assert unpack(packed, ending, "x") == TEXT
    assert unpack(packed + packed, ending, "x") == TEXT + TEXT
    assert unpack(pack(b"", ending), ending, "x") == b""


@pytest.mark.parametrize("cut", [1, 9, 200])
def test_what_breaks_off_is_told(ending, cut):
    """Wherever that is."""
    with pytest.raises(KgError, match=r"^it: not (gzip|zstd), or broken off"):
        unpack(pack(TEXT, ending)[:-cut], ending, "it")


def test_what_is_not_packed_is_told(ending):
    """By its name."""
    with pytest.raises(KgError, match=r"^it: not"):
        unpack(b"neither of the two, but text", ending, "it")


def test_parts_of_a_bomb_are_small(ending):
    """A reader that counts can stop early."""
    bomb = pack(bytes(200 * 2**20), ending)
    assert len(bomb) < 2**18
    assert max(len(block) for block, _ in zip(blocks(io.BytesIO(bomb), ending, "it"), range(20), strict=False)) <= 2**25
