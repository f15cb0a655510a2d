"""Staff search, over keyed hashes of what patients gave: names by sound, email, phone, code."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from mesosite import normal_form
from mesosite.enquiries import models
from mesosite.enquiries.encryption.fields import Unreadable
from mesosite.enquiries.encryption.keys import lookup_hash, lookup_hashes
from mesosite.enquiries.search.phonetics import matches, query_terms, terms

MAX_RESULTS = 50  # shown to staff
MIN_DIGITS = 4  # of the end of a phone number
_MAX_WORDS = 6  # the longest words typed, which the database looks up; `matches` reads all
_BATCH = 100


def index(enquiry: models.Enquiry) -> None:
    """Stores the search terms of an enquiry in place of its old ones."""
    enquiry.terms.all().delete()
    enquiry.terms.bulk_create(search_terms(enquiry))


def search_terms(enquiry: models.Enquiry) -> list[models.SearchTerm]:
    """The search terms of an enquiry, not yet stored."""
    hashes = terms_of(enquiry.contact)
    return [models.SearchTerm(enquiry=enquiry, term=hashed) for hashed in hashes]


def terms_of(contact: Mapping[str, Any]) -> set[str]:
    """The hashes by which a patient with this contact is found: {"kX3…", …}."""
    phone = _digits(contact.get("phone") or "")
    email = normal_form.email_key(contact.get("email") or "")
    given: dict[str, Iterable[str]] = {
        "name": terms(contact.get("name") or ""),
        "email": {email} if email else (),
        "phone": (phone[at:] for at in range(len(phone) - MIN_DIGITS + 1)),
    }
    return {lookup_hash(kind, term) for kind, found in given.items() for term in found}


def find(text: str) -> list[models.Enquiry]:
    """The enquiries that staff search for, the newest first; at most MAX_RESULTS + 1.

    text: an enquiry code or a half of it, a whole email, the last digits of a phone number (4 or
    more), or words of a name or their first letters. An erased enquiry is found by its code alone.
    """
    typed = normal_form.plain(text)
    if with_code := list(models.Enquiry.objects.with_code(typed)):
        return with_code
    if "@" in typed:
        return _read(_having("email", [_emails(text)]))
    with_half = list(models.Enquiry.objects.with_half_code(typed)[: MAX_RESULTS + 1])
    others = [found for found in _by_phone_or_name(typed) if found not in with_half]
    return (with_half + others)[: MAX_RESULTS + 1]


def same_contact(enquiry: models.Enquiry) -> list[models.Enquiry]:
    """Other enquiries with the same phone number or email, the newest first."""
    phone, email = (enquiry.contact.get(name) or "" for name in ("phone", "email"))
    given = {"phone": [_digits(phone)] if phone else [], "email": _emails(email) if email else []}
    hashes = [
        h for kind, texts in given.items() for text in texts for h in lookup_hashes(kind, text)
    ]
    having = models.SearchTerm.objects.filter(term__in=hashes).exclude(enquiry=enquiry)
    found = models.Enquiry.objects.filter(pk__in=having.values("enquiry"))
    return list(found.order_by("-created_at", "-id")[: MAX_RESULTS + 1]) if hashes else []


def _by_phone_or_name(typed: str) -> list[models.Enquiry]:
    if sum(map(str.isdecimal, typed)) > sum(map(str.isalpha, typed)):
        return _read(_having("phone", [_numbers(typed)]))
    longest = sorted(query_terms(typed), key=lambda asked: min(map(len, asked)))[-_MAX_WORDS:]
    named = _having("name", longest) if longest else []
    return _read(named, lambda name: matches(name, typed))


def _having(kind: str, wanted: Iterable[Collection[str]]) -> list[int]:
    """The primary keys of the enquiries with one term of each collection, the newest first."""
    found = models.Enquiry.objects.order_by("-created_at", "-id")
    for either in wanted:
        hashes = [hashed for text in either for hashed in lookup_hashes(kind, text)]
        having = models.SearchTerm.objects.filter(term__in=hashes)
        found = found.filter(pk__in=having.values("enquiry"))
    return list(found.values_list("pk", flat=True))


def _read(
    keys: list[int], is_match: Callable[[str], bool] = lambda name: True
) -> list[models.Enquiry]:
    """The first MAX_RESULTS + 1 whose name is a match. An unreadable contact counts as one."""
    found: list[models.Enquiry] = []
    for start in range(0, len(keys), _BATCH):
        rows = models.Enquiry.objects.in_bulk(keys[start : start + _BATCH])
        for row in filter(None, map(rows.get, keys[start : start + _BATCH])):
            if isinstance(row.contact, Unreadable) or is_match(row.contact.get("name") or ""):
                found.append(row)
        if len(found) > MAX_RESULTS:
            break
    return found[: MAX_RESULTS + 1]


def _emails(text: str) -> set[str]:
    """The forms in which an address may be indexed: as now, and as it was typed before."""
    key = normal_form.email_key(text)
    return {key, normal_form.readable_email(key).casefold(), text.strip().casefold()}


def _digits(text: str) -> str:
    return "".join(str(int(character)) for character in text if character.isdecimal())


def _numbers(text: str) -> set[str]:
    """The ends that a stored number may have: as typed, and without 00 or the 0 of an area code."""
    typed = _digits(text.replace("(0)", ""))
    return {number for number in (typed, typed.lstrip("0")) if len(number) >= MIN_DIGITS}
