"""The keys of DATA_KEYS: they encrypt what a patient gives, and make the hashes that find it.

A value is encrypted with AES-256-GCM (NIST SP 800-38D) under a random nonce, bound to its place,
and names its key: "<format>.<key id>.<base64url>". Format 2 is bound to the row as well, and is all
that an encrypted column reads; format 1 is for what has a place of its own, such as a session. A
value is padded (ISO/IEC 7816-4), so that its length does not tell how much was ticked. Search terms
are kept as keyed hashes (HMAC-SHA-256), under a key of their own, derived with HKDF (RFC 5869). The
database holds no key.
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

OF_PLACE, OF_ROW = "1", "2"  # formats
_NONCE = 12  # bytes
_BLOCK = 256  # bytes; most answers fill one or two
_PREFIX = re.compile(rf"[{OF_PLACE}{OF_ROW}]\.([0-9a-f]{{8}})\.")
PREFIX_LENGTH = 11  # characters before the ciphertext: format, key id and their dots


class DecryptionError(Exception):
    """The value's key is missing, the value is damaged, or it was moved from another place."""


class Key:
    """A key made from a secret (bytes). `id`: 8 hexadecimal digits, which its values carry."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self.id = self._derive("id", 4).hex()

    def prefix(self, format: str = OF_PLACE) -> str:
        return f"{format}.{self.id}."

    def _derive(self, purpose: str, length: int) -> bytes:
        info = f"mesosite {purpose}".encode()
        return HKDF(SHA256(), length, salt=None, info=info).derive(self._secret)

    # "seal" and "index" name the derived keys. Another name makes every stored value void.
    @cached_property
    def _cipher(self) -> AESGCM:
        return AESGCM(self._derive("seal", 32))

    @cached_property
    def _hash_key(self) -> bytes:
        return self._derive("index", 32)

    def encrypt(self, text: str, bound_to: str, format: str = OF_PLACE) -> str:
        """`text` as a value that `decrypt` reads with the same `bound_to` alone."""
        nonce, prefix = os.urandom(_NONCE), self.prefix(format)
        bound = f"{prefix}{bound_to}".encode()
        return prefix + _base64(nonce + self._cipher.encrypt(nonce, _padded(text), bound))

    def decrypt(self, value: str, bound_to: str, format: str = OF_PLACE) -> str:
        """The text that `encrypt` made `value` of, bound to the same. Raises DecryptionError."""
        if not value.startswith(prefix := self.prefix(format)):
            raise DecryptionError
        padded = self.decrypt_frame(value[PREFIX_LENGTH:], f"{prefix}{bound_to}")
        return padded.rstrip(b"\0")[:-1].decode()

    def decrypt_frame(self, frame: str, associated: str) -> bytes:
        """The bytes of a frame: base64url of nonce, ciphertext and tag. Raises DecryptionError."""
        try:
            raw = base64.urlsafe_b64decode(frame + "==")
            return self._cipher.decrypt(raw[:_NONCE], raw[_NONCE:], associated.encode())
        except (ValueError, InvalidTag):
            raise DecryptionError from None  # an error of decoding would carry what it decoded

    def lookup_hash(self, kind: str, text: str) -> str:
        """22 characters by which `text` is found again. Without the key they tell nothing."""
        return _base64(self._digest(kind, text)[:16])

    def cut_hash(self, kind: str, text: str, bits: int) -> int:
        """The first 0 to 31 bits of such a hash, as a number: many texts share it."""
        return int.from_bytes(self._digest(kind, text)[:4]) >> 32 - bits

    def _digest(self, kind: str, text: str) -> bytes:
        return hmac.digest(self._hash_key, f"{kind}\0{text}".encode(), "sha256")


@lru_cache(maxsize=4)
def _keys(secrets: tuple[bytes, ...]) -> dict[str, Key]:
    return {key.id: key for key in map(Key, secrets)}


def keys() -> dict[str, Key]:
    """The keys of DATA_KEYS by their id, in their order."""
    return _keys(tuple(settings.DATA_KEYS))


def login_key() -> Key:
    """The key made from SECRET_KEY: it encrypts sessions and the secrets of second factors."""
    return next(iter(_keys((settings.SECRET_KEY.encode(),)).values()))


def primary_key() -> Key:
    """The first key of DATA_KEYS, the one that encrypts."""
    return next(iter(keys().values()))


def encrypt(text: str, bound_to: str, format: str = OF_PLACE) -> str:
    """`text` under the primary key: see `Key.encrypt`."""
    return primary_key().encrypt(text, bound_to, format)


def decrypt(value: str, bound_to: str, format: str = OF_PLACE) -> str:
    """The text of `value` by the key that it names. Raises DecryptionError."""
    key = keys().get(key_id_of(value))
    if key is None:
        raise DecryptionError
    return key.decrypt(value, bound_to, format)


def key_id_of(value: str) -> str:
    """The id of the key that a value names, or "" where the value is not an encrypted one."""
    prefix = _PREFIX.match(value)
    return prefix[1] if prefix else ""


def lookup_hash(kind: str, text: str) -> str:
    """The hash under which `text` is stored now: that of the primary key."""
    return primary_key().lookup_hash(kind, text)


def lookup_hashes(kind: str, text: str) -> list[str]:
    """The hashes under which `text` may be stored, one for each key."""
    return [key.lookup_hash(kind, text) for key in keys().values()]


def _padded(text: str) -> bytes:
    raw = text.encode() + b"\x80"
    return raw.ljust(-(-len(raw) // _BLOCK) * _BLOCK, b"\0")


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
