"""The one normal form of what people type: what looks the same is the same text.

Forms, search, limits, repeats, codes, clinic.yaml and the settings use it. Words that people read
keep their look (NFC); what is compared sign by sign does not (NFKC, see `plain`).
"""

import re
import unicodedata
from enum import StrEnum
from urllib.parse import urlsplit, urlunsplit

import idna
from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email
from idna.core import valid_contextj

# Default_Ignorable_Code_Point of Unicode 16 (DerivedCoreProperties.txt), the other format
# characters without a look, and noncharacters. A sign that this Python does not know yet may be a
# letter of somebody's name: it stays.
_NO_LOOK = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufdd0-\ufdef\ufffe\uffff"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    + "".join(chr(end + last) for end in range(0x1FFF0, 0x110000, 0x10000) for last in (14, 15))
)
_JOINERS, _VARIANTS, _TAGS = "\u200c\u200d", "\ufe0e\ufe0f", "\U000e0061-\U000e007f"
_EMOJI = "[\u00a9\u00ae\u203c\u2049\u2100-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
_FLAGS = "|".join(  # of England, Scotland, Wales
    "".join(chr(0xE0000 + ord(letter)) for letter in code) + "\U000e007f"
    for code in ("gbeng", "gbsct", "gbwls")
)
_ANY_INVISIBLE = re.compile(f"[{_NO_LOOK}]")
_NEVER_SEEN = re.compile(f"(?![{_JOINERS}{_VARIANTS}{_TAGS}])[{_NO_LOOK}]")
_IN_EMOJI = (
    f"(?<={_EMOJI})[{_VARIANTS}]|(?<=[0-9#*])\ufe0f(?=\u20e3)"
    f"|(?:(?<={_EMOJI})|(?<={_EMOJI}\ufe0f))\u200d(?={_EMOJI})|(?<=\U0001f3f4)(?:{_FLAGS})"
)
_SEEN_BY_CONTEXT = re.compile(f"(?P<emoji>{_IN_EMOJI})|[{_NO_LOOK}]")
_NEAR = 32  # signs on either side that decide whether a joiner is seen
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_AROUND = "\u200b\u200e\u200f\u202a\u202c\u202d\u2066\u2068\u2069\ufeff"
_LINE_END = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_CONTROL = re.compile("[\0-\x08\x0e-\x1f\x7f-\x9f]")
_SPACES = re.compile("[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")


def line(text: str) -> str:
    """Words on one line, such as a name, in NFC: without invisible signs, each gap one space.

    A joiner stays where its script or an emoji shows it (RFC 5892, A.1 and A.2). Line breaks and
    other control characters stay, for the form to refuse. "" where nothing can be seen.
    """
    shown = _SPACES.sub(" ", _visible(text)).strip()
    return shown if any(map(_is_seen, shown)) else ""


def words(text: str) -> str:
    """Words over lines, such as a message, in NFC: as `line`, with gaps and lines as typed.

    Every line break is one "\\n"; no other control character but the tab stays.
    """
    shown = _visible(_CONTROL.sub("", _LINE_END.sub("\n", text))).strip()
    return shown if any(map(_is_seen, shown)) else ""


def plain(text: str) -> str:
    """What is compared sign by sign (a code, a number, an address), in NFKC: nothing invisible."""
    shown = _ANY_INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    return unicodedata.normalize("NFKC", shown).strip()


def is_turned(text: str) -> bool:
    """Whether invisible signs may show its letters in another order than they stand in.

    Copied addresses and numbers often have embedding signs around them, which turn nothing.
    """
    return bool(_TURNING.search(text.strip().strip(_AROUND)))


class Reason(StrEnum):
    """Why an address is refused."""

    MALFORMED = "invalid"
    TURNED = "turned"
    LETTERS = "letters"  # others than a to z before the @: few mail servers take them
    UNREACHABLE = "unreachable"  # from outside: localhost, [127.0.0.1]


class AddressError(ValueError):
    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def email(text: str) -> str:
    """An email address as it is stored and sent to: the domain by IDNA 2008, as A-labels.

    "Maria@παράδειγμα.ελ" -> "Maria@xn--hxajbheg2az3al.xn--qxam". Raises AddressError.
    """
    if is_turned(text):
        raise AddressError(Reason.TURNED)
    typed = plain(text)
    try:
        read = validate_email(typed, check_deliverability=False, allow_quoted_local=True)
    except EmailNotValidError:
        raise AddressError(_reason(typed)) from None
    if not read.ascii_email:
        raise AddressError(Reason.LETTERS)
    return read.ascii_email


def email_key(text: str) -> str:
    """The same for every spelling of an address, for search and limits. Takes any text."""
    try:
        return email(text).casefold()
    except AddressError:
        return plain(text).casefold()


def readable_email(address: str | None) -> str:
    """A stored address as people read it: the domain in its own letters where it has some."""
    local, at, domain = (address or "").rpartition("@")
    if "xn--" not in domain.lower():
        return address or ""
    try:
        return local + at + idna.decode(domain, display=True)
    except idna.IDNAError:
        return address or ""


def site_url(url: str) -> str:
    """An address of the web with its host as browsers send it, in A-labels. Raises ValueError.

    "https://παράδειγμα.ελ:8443" -> "https://xn--hxajbheg2az3al.xn--qxam:8443".
    """
    parts = urlsplit(plain(url))
    host = parts.hostname or ""
    if host.isascii():
        return parts.geturl()
    as_labels = idna.encode(host, uts46=True).decode()
    port = f":{parts.port}" if parts.port else ""
    return urlunsplit(parts._replace(netloc=as_labels + port))


def _reason(typed: str) -> Reason:
    _local, at, domain = typed.rpartition("@")
    last = domain.rstrip(".").rpartition(".")[2].lower()
    away = domain.startswith("[") or "." not in domain or last in SPECIAL_USE_DOMAIN_NAMES
    return Reason.UNREACHABLE if at and domain and away else Reason.MALFORMED


def _visible(text: str) -> str:
    candidates = _NEVER_SEEN.sub("", unicodedata.normalize("NFC", text))
    seen = _SEEN_BY_CONTEXT.sub(lambda sign: sign[0] if _has_look(sign) else "", candidates)
    return unicodedata.normalize("NFC", seen)


def _has_look(sign: re.Match[str]) -> bool:
    if sign["emoji"]:
        return True
    first = max(sign.start() - _NEAR, 0)
    try:
        return valid_contextj(sign.string[first : sign.end() + _NEAR], sign.start() - first)
    except ValueError:  # beside a sign that has no name
        return False


def _is_seen(sign: str) -> bool:
    kind = unicodedata.category(sign)
    return kind[0] not in "ZM" and kind not in ("Cc", "Cf") and sign != "\u2800"  # blank Braille
