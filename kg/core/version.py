"""The program's version: in every graph's provenance, in what it says to other servers, and in the wheel."""

from __future__ import annotations

VERSION = "0.3.0.dev0"
