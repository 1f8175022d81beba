"""Keeping secrets out of whatever is said: tokens, passwords, and users in addresses."""

from __future__ import annotations

import base64
import os
import re
from urllib.parse import quote

from kg.core.errors import KgError

VARIABLES = ("KG_STORE_TOKEN", "KG_STORE_PASSWORD")
_USER = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*://)[^/?#\s]*@")
_SHORTEST = 3  # characters: what is shorter stands in any word


def hidden(words: str) -> str:
    """The words without the secrets of the environment and the users and passwords of addresses."""
    words = _USER.sub(r"\1***@", words)
    user = os.environ.get("KG_STORE_USER", "")
    for name in VARIABLES:
        secret = os.environ.get(name, "").strip()
        if len(secret) >= _SHORTEST:
            basic = base64.b64encode(f"{user}:{secret}".encode("utf-8", "replace")).decode()
            for form in (secret, quote(secret, safe=""), repr(secret)[1:-1], basic):
                words = words.replace(form, "***")
    return words


def secret_of(name: str) -> str:
    """A secret of the environment without white space around it (a file read by a shell ends in a line end).

    KgError, without the secret, for one that no header can hold.
    """
    secret = os.environ.get(name, "").strip()
    if not secret.isprintable() or not secret.isascii():
        raise KgError(f"{name} holds a line end or a character that no header can hold: set it to the bare secret")
    return secret
