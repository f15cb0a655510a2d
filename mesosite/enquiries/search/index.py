"""Staff search, by the sound of a name, email and phone, or by the code.

`Enquiry.found_by` holds the terms of a request, encrypted. So that not every one is read for every
search, `SearchTerm` holds keyed hashes of the beginnings of these terms, cut to so few bits that
READ to twice as many enquiries share each: with fewer enquiries all share one. What has the hashes
is decrypted and compared. Each enquiry has a multiple of SLOTS hashes, some of them of nothing.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import count
from typing import Any

from django.db.models import Exists, OuterRef, Q

from mesosite import normal_form
from mesosite.enquiries.encryption.fields import Unreadable
from mesosite.enquiries.encryption.keys import keys, primary_key
from mesosite.enquiries.models import Enquiry, SearchTerm
from mesosite.enquiries.search.phonetics import MIN_PREFIX, matches, query_terms, terms

MAX_RESULTS = 50  # shown to staff
MIN_DIGITS = 6  # of the end of a phone number
READ, SLOTS = 512, 8
_MAX_WORDS = 6  # the longest words typed, which the database looks up; `matches` reads all
_BATCH = 100

Terms = Mapping[str, Collection[str]]


def bits_for(enquiries: int) -> int:
    """The bits of the hashes for this number of enquiries.

    0, or so many that READ to 2 * READ of them have each hash.
    """
    return (enquiries // READ).bit_length() + SLOTS.bit_length() - 2 if enquiries >= 2 * READ else 0


def terms_of(contact: Mapping[str, Any]) -> dict[str, list[str]]:
    """What a patient with this contact is found by, {"name": ["ana", …], "email": …, "phone": …}"""
    email, phone = normal_form.email_key(contact.get("email") or ""), _digits(contact.get("phone"))
    return {
        "name": sorted(terms(contact.get("name") or "")),
        "email": [email] if email else [],
        "phone": [phone] if len(phone) >= MIN_DIGITS else [],
    }


def hashes_of(found_by: Terms, row_id: str, bits: int) -> set[int]:
    """The hashes of an enquiry, under the primary key. Those of nothing are always the same."""
    known = [(kind, term) for kind in ("name", "email", "phone") for term in found_by.get(kind, ())]
    hashes = {primary_key().cut_hash(kind, _beginning(kind, term), bits) for kind, term in known}
    number = min(2**bits, max(SLOTS, -(-len(hashes) // SLOTS) * SLOTS))
    for n in count():
        if len(hashes) >= number:
            return hashes
        hashes.add(primary_key().cut_hash("nothing", f"{row_id}.{n}", bits))
    raise AssertionError


def search_terms(enquiry: Enquiry, bits: int | None = None) -> list[SearchTerm]:
    """The hashes of an enquiry by its `found_by`, not yet stored. bits: None for those in use."""
    bits = max(SearchTerm.objects.bits_in_use(), default=0) if bits is None else bits
    hashes = hashes_of(enquiry.found_by, enquiry.row_id, bits)
    return [SearchTerm(enquiry=enquiry, bits=bits, term=hashed) for hashed in hashes]


def index(enquiry: Enquiry, bits: int | None = None) -> None:
    """Stores the terms and the hashes of an enquiry anew. Terms stay where no contact is read."""
    if not isinstance(enquiry.contact, Unreadable):
        enquiry.found_by = enquiry.found_by | terms_of(enquiry.contact)
        enquiry.save(update_fields=["found_by"])
    hashes = search_terms(enquiry, bits)
    enquiry.terms.all().delete()
    enquiry.terms.bulk_create(hashes)


def find(text: str) -> list[Enquiry]:
    """The enquiries that staff search for, the newest first; at most MAX_RESULTS + 1.

    text: an enquiry code or a half of it, a whole email, the last digits of a phone number
    (MIN_DIGITS or more), or words of a name or their first letters. An erased enquiry is found by
    its code alone.
    """
    typed = normal_form.plain(text)
    if with_code := list(Enquiry.objects.with_code(typed)):
        return with_code
    if "@" in typed:
        return _search("email", [{normal_form.email_key(text)}])
    with_half = list(Enquiry.objects.with_half_code(typed)[: MAX_RESULTS + 1])
    others = [found for found in _by_phone_or_name(typed) if found not in with_half]
    return (with_half + others)[: MAX_RESULTS + 1]


def is_short_number(text: str) -> bool:
    """Whether it is the end of a phone number that nobody is found by."""
    typed = normal_form.plain(text)
    return _is_number(typed) and not _numbers(typed)


def _by_phone_or_name(typed: str) -> list[Enquiry]:
    if _is_number(typed):
        return _search("phone", [_numbers(typed)])
    longest = sorted(query_terms(typed), key=lambda asked: -min(map(len, asked)))[:_MAX_WORDS]
    return _search("name", longest, lambda contact: matches(contact.get("name") or "", typed))


def _search(
    kind: str,
    wanted: list[set[str]],
    is_match: Callable[[Mapping[str, Any]], bool] = lambda contact: True,
) -> list[Enquiry]:
    """The newest with a term of each set, whose contact is a match or cannot be read."""
    found: list[Enquiry] = []
    for keys_of_batch in _candidates(kind, wanted) if wanted and all(wanted) else ():
        rows = Enquiry.objects.in_bulk(_with_terms(kind, wanted, keys_of_batch))
        for row in sorted(rows.values(), key=lambda row: -row.pk):
            if isinstance(row.contact, Unreadable) or is_match(row.contact):
                found.append(row)
        if len(found) > MAX_RESULTS:
            break
    return found[: MAX_RESULTS + 1]


def _candidates(kind: str, wanted: list[set[str]]) -> Iterator[list[int]]:
    """Batches of the primary keys that share a hash with each set, the newest first."""
    bits = SearchTerm.objects.bits_in_use()
    first, *others = [_with_hash(kind, either, bits) for either in wanted]
    rows = SearchTerm.objects.filter(first)
    for other in others:
        rows = rows.filter(Exists(SearchTerm.objects.filter(other, enquiry=OuterRef("enquiry"))))
    rows = rows.order_by("-enquiry_id")
    older = rows
    while batch := list(older.values_list("enquiry_id", flat=True).distinct()[:_BATCH]):
        yield batch
        older = rows.filter(enquiry_id__lt=batch[-1])


def _with_hash(kind: str, either: set[str], bits_in_use: list[int]) -> Q:
    begun = {_beginning(kind, term) for term in either}
    having = Q(pk__in=[])
    for bits in bits_in_use:
        hashes = {key.cut_hash(kind, text, bits) for key in keys().values() for text in begun}
        having |= Q(bits=bits, term__in=hashes)
    return having


def _with_terms(kind: str, wanted: list[set[str]], among: list[int]) -> list[int]:
    """Of these primary keys, those with a term of each set, or whose terms cannot be read."""
    rows = Enquiry.objects.filter(pk__in=among).only("row_id", "found_by")
    return [row.pk for row in rows if all(_has(row, kind, either) for either in wanted)]


def _has(row: Enquiry, kind: str, either: set[str]) -> bool:
    if isinstance(row.found_by, Unreadable):
        if isinstance(row.contact, Unreadable):
            return True
        row.found_by = terms_of(row.contact)
    known = row.found_by.get(kind, ())
    if kind == "phone":
        return any(number.endswith(tuple(either)) for number in known)
    return not either.isdisjoint(known)


def _beginning(kind: str, term: str) -> str:
    """The part of a term that is hashed: one for all the terms of a word or a number."""
    return {"name": term[:MIN_PREFIX], "phone": term[-MIN_DIGITS:]}.get(kind, term)


def _is_number(typed: str) -> bool:
    return sum(map(str.isdecimal, typed)) > sum(map(str.isalpha, typed))


def _digits(text: str | None) -> str:
    return "".join(str(int(character)) for character in text or "" if character.isdecimal())


def _numbers(text: str) -> set[str]:
    """The ends that a stored number may have: as typed, and without 00 or the 0 of an area code."""
    typed = _digits(text.replace("(0)", ""))
    return {number for number in (typed, typed.lstrip("0")) if len(number) >= MIN_DIGITS}
