"""Staff search, by the sound of a name, email and phone, or by the code.

`Enquiry.found_by` holds the terms of a request, encrypted. So that not every one is read for every
search, `SearchTerm` holds keyed hashes of the beginnings of these terms, cut to so few bits that
READ to twice as many enquiries share each: with fewer enquiries all share one. What has the hashes
is decrypted and compared. Each enquiry has a multiple of SLOTS hashes, some of them of nothing.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import count, islice
from typing import Any, cast

from django.db.models import Exists, OuterRef, Q, TextField
from django.db.models.functions import Cast

from mesosite import normal_form
from mesosite.enquiries.encryption.fields import EncryptedJSONField, Unreadable
from mesosite.enquiries.encryption.keys import keys, primary_key
from mesosite.enquiries.models import Enquiry, SearchTerm
from mesosite.enquiries.models.queryset import EnquiryQuerySet
from mesosite.enquiries.search.phonetics import MIN_PREFIX, known_sounds, readings, whole_sounds

MAX_RESULTS = 30  # shown to staff
MIN_DIGITS = 6  # of the end of a phone number
READ, SLOTS = 256, 8
_MAX_WORDS = 6  # the longest words typed, which the database looks up; all are compared
_BATCH = 250

Terms = Mapping[str, Collection[str]]
Either = set[tuple[str, str]]
"""(kind, term) of which an enquiry has at least one."""
IsMatch = Callable[[Terms], bool]
_HASHED = {"name": "name", "whole": "name", "email": "email", "phone": "phone"}


def bits_for(enquiries: int) -> int:
    """The bits of the hashes for this number of enquiries.

    0, or so many that READ to 2 * READ of them have each hash.
    """
    return (enquiries // READ).bit_length() + SLOTS.bit_length() - 2 if enquiries >= 2 * READ else 0


def terms_of(contact: Mapping[str, Any]) -> dict[str, list[str]]:
    """What a patient with this contact is found by: {"name": ["ana", …], "whole": …, …}.

    name, whole: the sounds of `phonetics`. email: its key. phone: its digits.
    """
    name, phone = contact.get("name") or "", _digits(contact.get("phone"))
    email = normal_form.email_key(contact.get("email") or "")
    return {
        "name": sorted(known_sounds(name)),
        "whole": sorted(whole_sounds(name)),
        "email": [email] if email else [],
        "phone": [phone] if len(phone) >= MIN_DIGITS else [],
    }


def hashes_of(found_by: Terms, row_id: str, bits: int) -> set[int]:
    """The hashes of an enquiry, under the primary key. Those of nothing are always the same."""
    known = [(_HASHED[kind], term) for kind in _HASHED for term in found_by.get(kind, ())]
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


def find(text: str, rows: EnquiryQuerySet | None = None) -> list[Enquiry]:
    """The enquiries that staff search for, the newest first; at most MAX_RESULTS + 1.

    text: an enquiry code or a half of it, a whole email, the last digits of a phone number
    (MIN_DIGITS or more), or words of a name or their first letters. An erased enquiry is found by
    its code alone. rows: what is read of each, such as with its owner.
    """
    rows = Enquiry.objects.all() if rows is None else rows
    typed = normal_form.plain(text)
    if with_code := list(rows.with_code(typed)):
        return with_code
    if kind_of(typed) == "email":
        key = normal_form.email_key(text)
        return _read(rows, _matching([{("email", key)}], lambda terms: key in terms["email"]))
    with_half = list(rows.with_half_code(typed)[: MAX_RESULTS + 1])
    others = [found for found in _read(rows, _by_phone_or_name(typed)) if found not in with_half]
    return (with_half + others)[: MAX_RESULTS + 1]


def _read(rows: EnquiryQuerySet, found: Iterator[int]) -> list[Enquiry]:
    keys = list(islice(found, MAX_RESULTS + 1))
    read = rows.in_bulk(keys)
    return [read[key] for key in keys if key in read]


def kind_of(text: str) -> str:
    """What was typed: "email", "phone" or "name", which half a code may look like too."""
    typed = normal_form.plain(text)
    if "@" in typed:
        return "email"
    return "phone" if _is_number(typed) else "name"


def same_contact(enquiry: Enquiry, number: int) -> list[int]:
    """The keys of other enquiries with the same phone number or email, the newest first."""
    own = terms_of(enquiry.contact)
    either = {(kind, value) for kind in ("phone", "email") for value in own[kind]}
    found = _matching([either], lambda terms: any(value in terms[kind] for kind, value in either))
    return list(islice((pk for pk in found if pk != enquiry.pk), number))


def is_short_number(text: str) -> bool:
    """Whether it is the end of a phone number that nobody is found by."""
    typed = normal_form.plain(text)
    return _is_number(typed) and not _numbers(typed)


def _by_phone_or_name(typed: str) -> Iterator[int]:
    if _is_number(typed):
        ends = _numbers(typed)
        either = {("phone", end) for end in ends}
        return _matching([either], lambda terms: _ends_with(terms["phone"], ends))
    asked = readings(typed)
    longest = sorted((whole for _begun, whole in asked if whole), key=lambda s: -min(map(len, s)))
    wanted = [{("name", sound) for sound in either} for either in longest[:_MAX_WORDS]]
    return _matching(wanted, lambda terms: _is_named(terms, asked))


def _ends_with(phones: Collection[str], ends: set[str]) -> bool:
    return any(phone.endswith(tuple(ends)) for phone in phones)


def _is_named(terms: Terms, asked: list[tuple[set[str], set[str]]]) -> bool:
    """The same as `phonetics.matches`."""
    name, wholes = terms["name"], terms["whole"]
    return all(not (b.isdisjoint(name) and w.isdisjoint(wholes)) for b, w in asked)


def _matching(wanted: list[Either], is_match: IsMatch) -> Iterator[int]:
    """The keys of those that share a hash with each of `wanted` and are a match by their terms.

    The newest first. By the contact where the terms cannot be read. It reads no whole rows, of
    which some hundred would take as long as all else.
    """
    column = cast(EncryptedJSONField, Enquiry._meta.get_field("found_by"))
    for batch in _candidates(wanted) if wanted and all(wanted) else ():
        for pk, (row_id, stored) in batch.items():
            terms = column.decrypted_at(stored, row_id)
            if isinstance(terms, Unreadable):
                terms = terms_of(Enquiry.objects.get(pk=pk).contact)
            if terms and is_match(terms):
                yield pk


def _candidates(wanted: list[Either]) -> Iterator[dict[int, tuple[str, str]]]:
    """Batches of {key: (row id, terms as stored)} that share a hash with each of `wanted`."""
    bits = SearchTerm.objects.bits_in_use()
    first, *others = [_with_hash(either, bits) for either in wanted]
    rows = SearchTerm.objects.filter(first)
    for other in others:
        rows = rows.filter(Exists(SearchTerm.objects.filter(other, enquiry=OuterRef("enquiry"))))
    rows = rows.annotate(stored=Cast("enquiry__found_by", TextField())).order_by("-enquiry_id")
    older = rows
    while batch := list(older.values_list("enquiry_id", "enquiry__row_id", "stored")[:_BATCH]):
        yield {pk: (row_id, stored) for pk, row_id, stored in batch}
        if len(batch) < _BATCH:
            return
        older = rows.filter(enquiry_id__lt=batch[-1][0])


def _with_hash(either: Either, bits_in_use: list[int]) -> Q:
    begun = {(kind, _beginning(kind, term)) for kind, term in either}
    having = Q(pk__in=[])
    for bits in bits_in_use:
        hashes = {key.cut_hash(*text, bits) for key in keys().values() for text in begun}
        having |= Q(bits=bits, term__in=hashes)
    return having


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
