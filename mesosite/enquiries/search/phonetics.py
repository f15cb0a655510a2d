"""Names by their sound, so that a hash of a term is found however the name was spelled.

Greek is read as in ELOT 743 (ISO 843), and Latin letters with the habits of Greeklish: 8 for θ,
x or h for χ, y or h for the vowel η. Different names may share a key: a person reads the results.
"""

import re
import unicodedata

MIN_PREFIX, MAX_PREFIX = 3, 6  # letters of an indexed prefix
MAX_WORD_LENGTH = 32  # letters of a word that count; longer words only cost time
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
    visible = (c for c in name.translate(JOINED) if unicodedata.category(c) != "Cf")
    spelled = unicodedata.normalize("NFKC", "".join(visible))
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


def terms(name: str) -> set[str]:
    """The terms indexed for a name, prefixes and whole words: {"nikos", "nik", "niko"}."""
    words = _words_of(name)
    return {key[:MAX_PREFIX] for word in words for key in _prefixes(word)} | set(map(sound, words))


def query_terms(text: str) -> list[str]:
    """The terms to look up, one for each word typed: "Papadop Nik" -> ["papado", "nik"].

    A name is a candidate when its `terms` hold all of them.
    """
    return [sound(word)[:MAX_PREFIX] for word in name_words(text)]


def matches(name: str, text: str) -> bool:
    """Whether every word typed is, by sound, a word of the name or a prefix of one.

    A prefix has at least 3 letters, or one ideograph. A text without words matches no name. The
    `terms` of a name that matches hold all `query_terms`: both come from the same prefixes.
    """
    known = {key for word in _words_of(name) for key in _prefixes(word)}
    typed = name_words(text)
    return bool(typed) and all(sound(word) in known for word in typed)


def _words_of(name: str) -> set[str]:
    """The words that staff may type for a name: OConnor, and O and Connor."""
    return {*name_words(name), *name_words(name.translate(APART))}


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
