"""The keys of DATA_KEYS: what a patient gives is encrypted with them, and found again by them.

A value is sealed with AES-256-GCM (NIST SP 800-38D) under a random nonce, bound to its column, and
names its key. It is padded (ISO/IEC 7816-4), so that its length does not tell how much was ticked.
What staff search for is kept as keyed hashes (HMAC-SHA-256), under a key of its own, derived with
HKDF (RFC 5869). No key is in the database.
"""

import base64
import hmac
import os
import re
from functools import cached_property, lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

FORMAT = "1"
_NONCE = 12
_BLOCK = 256  # bytes; most answers fill one or two
_NAMED = re.compile(rf"{FORMAT}\.([0-9a-f]{{8}})\.")
PREFIX_LENGTH = 11  # characters before the ciphertext: format, key id and their dots


class DecryptionError(Exception):
    """Sealed with a key that is not there, damaged, or moved from another column."""


class Key:
    """One key of DATA_KEYS. `id`: 8 characters made from it, which its values carry."""

    def __init__(self, master):
        self._master = master
        self.id = self._derive("id", 4).hex()

    def _derive(self, purpose, length):
        return HKDF(SHA256(), length, salt=None, info=f"mesosite {purpose}".encode()).derive(
            self._master
        )

    @cached_property
    def cipher(self):
        return AESGCM(self._derive("seal", 32))

    @cached_property
    def _index(self):
        return self._derive("index", 32)

    def blind(self, kind, text):
        """22 characters by which `text` is found again; tells nothing without the key."""
        digest = hmac.digest(self._index, f"{kind}\0{text}".encode(), "sha256")
        return _text(digest[:16])


@lru_cache(maxsize=4)
def _keys(masters):
    return {key.id: key for key in map(Key, masters)}


def keys():
    """{id: Key} of DATA_KEYS, in their order."""
    return _keys(tuple(settings.DATA_KEYS))


def primary_key():
    """The key that encrypts."""
    return next(iter(keys().values()))


def encrypt(text, column):
    """`text` encrypted for `column`, such as "enquiries_note.text": "1.<key id>.<base64url>"."""
    key, nonce = primary_key(), os.urandom(_NONCE)
    sealed = key.cipher.encrypt(nonce, _padded(text.encode()), _bound(key, column))
    return f"{prefix()}{_text(nonce + sealed)}"


def prefix():
    """What a value begins with that the first key sealed."""
    return f"{FORMAT}.{primary_key().id}."


def decrypt(sealed, column):
    """The text that was sealed for `column`. Raises CannotRead."""
    try:
        key, raw = (
            keys()[key_id_of(sealed)],
            base64.urlsafe_b64decode(sealed[PREFIX_LENGTH:] + "=="),
        )
        padded = key.cipher.decrypt(raw[:_NONCE], raw[_NONCE:], _bound(key, column))
        return padded.rstrip(b"\0")[:-1].decode()
    except (KeyError, ValueError, InvalidTag):
        raise DecryptionError from None  # an error of decoding would carry what it decoded


def key_id_of(sealed):
    """The id of the key that a value names, or "" where it names none: it is no sealed value."""
    named = _NAMED.match(sealed)
    return named[1] if named else ""


def lookup_hash(kind, text):
    """The hash under which `text` is stored now: that of the first key."""
    return primary_key().blind(kind, text)


def lookup_hashes(kind, text):
    """The hashes under which `text` may be stored, one for each key."""
    return [key.blind(kind, text) for key in keys().values()]


def _padded(raw):
    return (raw + b"\x80").ljust(-(-(len(raw) + 1) // _BLOCK) * _BLOCK, b"\0")


def _bound(key, column):
    return f"{FORMAT}.{key.id}.{column}".encode()


def _text(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
