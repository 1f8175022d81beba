"""kg: news articles in, linked data out."""

from __future__ import annotations

__version__ = "0.1.0"
