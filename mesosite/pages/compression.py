"""Brotli and gzip of what is published. What the last publishing compressed is taken from there."""

from pathlib import Path

import brotli
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

_compressed: dict[bytes, bytes] = {}
"""{text: its Brotli}. A text is compressed once, under whatever names it is published."""


def take_over(folder: Path) -> None:
    """The texts of a publishing need not be compressed again. A damaged file of it is passed over.

    Brotli takes most of the time of a publishing, and to read it again next to none.
    """
    for path in folder.rglob("*.br"):
        data = path.read_bytes()
        try:
            _compressed.setdefault(brotli.decompress(data), data)
        except brotli.error:
            continue


class OnceCompressor(Compressor):
    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        if data not in _compressed:
            _compressed[data] = brotli.compress(data)
        return _compressed[data]


class StaticStorage(CompressedManifestStaticFilesStorage):
    def create_compressor(self, **options: object) -> OnceCompressor:
        return OnceCompressor(**options)
