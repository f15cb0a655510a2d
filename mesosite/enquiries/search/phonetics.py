"""Names by their sound, so that a hash of a term is found however the name was spelled.

Greek is read as in ELOT 743 (ISO 843), and Latin letters with the habits of Greeklish: 8 for θ,
x or h for χ, y or h for the vowel η. Different names may share a key: a person reads the results.
"""

import re
import unicodedata
from collections.abc import Iterator

from mesosite import normal_form

MIN_PREFIX = 3  # letters of a prefix that is found
MAX_WORD_LENGTH = 32  # letters of a word that count; longer words only cost time
MAX_JOINED = 3  # words that may be typed as one: de la Cruz
FIRST_IDEOGRAPH = "\u2e80"  # from here on a letter is a syllable: 王 is a whole surname

APOSTROPHES = "'`´‘’‛′＇ʹʻʼʽʾʿˊˋ΄᾽᾿׳ꞌ"
JOINED = str.maketrans("", "", APOSTROPHES)
APART = str.maketrans(APOSTROPHES, " " * len(APOSTROPHES))

# After NFKD and casefold. Upsilon stays: its sound depends on the letter before it.
LETTERS = str.maketrans(
    dict(zip("αβγδεζηικλμνξοπρστφω", "avgdeziiklmnxoprstfo", strict=True))
    | {"θ": "th", "χ": "ch", "ψ": "ps", "8": "th", "3": "x", "4": "ps"}
    | {"đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ł": "l", "ŋ": "ng", "ø": "o", "þ": "th"}
    | {"æ": "ae", "œ": "oe", "ə": "e"}
)

# How people type these letters where a keyboard lacks them.
TWO_LETTERS = str.maketrans(
    {"ä": "ae", "æ": "ae", "å": "aa", "ö": "oe", "ø": "oe", "œ": "oe", "ü": "ue"}
)

# In this order, again and again until nothing changes. A rule may only shorten a word or move a
# letter along h > i x, w > o v, g > y > i v, u b f > v, c q > k: so it ends.
RULES = (
    (r"(?<=[ae])υ", "v"),  # Ευαγγελία, Παρασκευή
    (r"υ", "y"),
    (r"([a-z])\1+", r"\1"),
    (r"^rh", "r"),
    (r"([bdgs])h(?=[aeiouy])", r"\1"),  # Dhimitris
    (r"ths$", "tis"),  # Fwths: no name in -της is said -θς
    (r"ph", "f"),
    (r"ch|kh(?=[aeiouy])", "x"),
    (r"(?<=[^aeiouty])h(?![aeiouy])", "i"),  # Elenh, Dhmhtrhs
    (r"(?<=[aeo])h$", ""),  # Sarah
    (r"(?<!t)h", "x"),  # Hristina, Mihalis
    (r"[cq]", "k"),
    (r"ks", "x"),
    (r"(?<=i)w|(?<=[a-z])w(?=[^aeiouy])", "o"),  # Iwanna, Giwrgos, Kwstas
    (r"ou|oy(?![aeiou])", "u"),  # Papadopoyloy
    (r"^ey(?=a)", "ev"),  # Eyaggelia
    (r"(?<=[ae])(u|y(?=[^aeiou]))", "v"),  # Stauros, Stayros
    (r"y(?![aeiou])", "i"),
    (r"oi|oe|ei", "i"),
    (r"ai|ae", "e"),
    (r"n?g[gk]?", "g"),  # Άγγελος, Γκίκας
    (r"g(?=[ei])", "y"),
    (r"yi(?=[aeou])", "y"),  # Giannis, Yiannis, Yannis
    (r"m[bp]", "v"),  # μπ is b, and β is typed b too
    (r"n[dt]", "d"),  # ντ
    (r"tz|dz|dj", "j"),
    (r"[bfw]", "v"),  # ευ is ev or ef by what follows, and people mix them
)
_RULES = [(re.compile(spelled), said) for spelled, said in RULES]


def name_words(name: str) -> list[str]:
    """The words of a name, in any script: text -> ["OConnor", "Hughes"] for "O'Connor-Hughes".

    Apostrophes and invisible characters go; letters, their marks and digits stay; all else parts
    words. Case and accents stay as typed, in Unicode's NFKC.
    """
    spelled = normal_form.plain(name.translate(JOINED))
    parted = "".join(c if _is_written(c) else " " for c in spelled).split()
    return [word[:MAX_WORD_LENGTH] for word in parted if any(map(str.isalnum, word))]


def sound(word: str) -> str:
    """One key for all the spellings of a word: "Γιάννης", "Yannis" -> "yanis".

    Greek is transliterated by ELOT 743 (ISO 843); then Greek and Latin spellings pass the same
    RULES. Letters of other scripts stay as they are, without case and accents.
    """
    key = _folded(word).translate(LETTERS)
    before = None
    while key != before:
        before = key
        for spelled, said in _RULES:
            key = spelled.sub(said, key)
    return key


def matches(name: str, text: str) -> bool:
    """Whether every word typed is, by sound, a word of the name or a prefix of one.

    A prefix has at least 3 letters, or one ideograph. Up to 3 words, whole, are also one: "Mac
    Donald" and "MacDonald". ü is also ue. A text without words matches no name.
    """
    known, wholes, typed = known_sounds(name), whole_sounds(name), readings(text)
    return bool(typed) and all(begun & known or whole & wholes for begun, whole in typed)


def readings(text: str) -> list[tuple[set[str], set[str]]]:
    """For each word typed: (its sounds, these and the sounds of the words joined with it)."""
    words = name_words(text)
    found = []
    for at, word in enumerate(words):
        joined = (joined for start, end, joined in _runs(words) if start <= at < end)
        begun = _sounds(word)
        found.append((begun, begun.union(*map(_sounds, joined))))
    return found


def known_sounds(name: str) -> set[str]:
    """The sounds of the words of a name and of their prefixes."""
    words = {spelled for word in _words_of(name) for spelled in _spellings(word)}
    return {key for word in words for key in _prefixes(word)}


def whole_sounds(name: str) -> set[str]:
    """The sounds of the words of a name, and of up to MAX_JOINED of them joined."""
    joined = (joined for words in _partings(name) for _start, _end, joined in _runs(words))
    return {key for word in {*_words_of(name), *joined} for key in _sounds(word)}


def _words_of(name: str) -> set[str]:
    return {word for words in _partings(name) for word in words}


def _partings(name: str) -> tuple[list[str], list[str]]:
    """The words that staff may type for a name: OConnor, and O and Connor."""
    return name_words(name), name_words(name.translate(APART))


def _runs(words: list[str]) -> Iterator[tuple[int, int, str]]:
    """Words beside each other as (start, end, joined): 2 to MAX_JOINED of them."""
    for length in range(2, MAX_JOINED + 1):
        for start in range(len(words) - length + 1):
            yield start, start + length, "".join(words[start : start + length])[:MAX_WORD_LENGTH]


def _sounds(word: str) -> set[str]:
    return {sound(spelled) for spelled in _spellings(word)} - {""}


def _spellings(word: str) -> set[str]:
    """A word, and as it is typed without its umlauts: Müller, mueller."""
    apart = unicodedata.normalize("NFC", word).casefold().translate(TWO_LETTERS)
    return {word, apart[:MAX_WORD_LENGTH]}


def _prefixes(word: str) -> set[str]:
    """The sound of a word, the prefixes of that sound, and the sounds of the word's prefixes.

    Both kinds of prefix are needed: first letters may end in half of a digraph.
    """
    key = sound(word)
    shortest = 1 if word >= FIRST_IDEOGRAPH else MIN_PREFIX
    by_sound = {key[:n] for n in range(MIN_PREFIX, len(key))}
    by_letters = {sound(word[:n]) for n in range(shortest, len(word))}
    return ({key} | by_sound | by_letters) - {""}  # loose accents alone have no sound


def _folded(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word)
    bare = "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()
    return "".join(filter(_is_written, bare))


def _is_written(character: str) -> bool:
    """Whether it is a letter, a mark on one, or a digit."""
    return unicodedata.category(character)[0] in "LMN"
