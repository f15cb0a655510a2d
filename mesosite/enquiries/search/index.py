"""Staff search, over keyed hashes of what patients gave: names by sound, email, phone, code."""

from mesosite.enquiries import models
from mesosite.enquiries.encryption.fields import Unreadable
from mesosite.enquiries.encryption.keys import lookup_hash, lookup_hashes
from mesosite.enquiries.search.phonetics import matches, query_terms, terms

MAX_RESULTS = 50  # that are shown
MIN_DIGITS = 4  # of the end of a phone number
_MAX_WORDS = 6  # that the database looks up; `matches` reads them all
_BATCH = 100


def index(enquiry):
    """Store the search terms of an enquiry, in place of those it had."""
    enquiry.terms.all().delete()
    enquiry.terms.bulk_create(search_terms(enquiry))


def search_terms(enquiry):
    """The search terms of an enquiry as SearchTerms, not yet stored."""
    terms = terms_of(enquiry.contact)
    return [models.SearchTerm(enquiry=enquiry, term=term) for term in terms]


def terms_of(contact):
    """The hashes by which a patient with this contact is found: {"kX3…", …}."""
    phone = _digits(contact.get("phone") or "")
    email = _folded_email(contact.get("email") or "")
    given = {
        "name": terms(contact.get("name") or ""),
        "email": {email} if email else (),
        "phone": (phone[at:] for at in range(len(phone) - MIN_DIGITS + 1)),
    }
    return {lookup_hash(kind, term) for kind, found in given.items() for term in found}


def find(text):
    """The enquiries that staff asked for: text -> list, newest first.

    text: an enquiry code, a whole email, the end of a phone number, or words of a name and what
    they begin with. At most MOST + 1, the last one to tell that there are more. What was erased is
    found by its code alone.
    """
    if with_code := list(models.Enquiry.objects.with_code(text)):
        return with_code
    if "@" in text:
        return _read(_having("email", [[_folded_email(text)]]))
    if sum(map(str.isdecimal, text)) > sum(map(str.isalpha, text)):
        return _read(_having("phone", [_numbers(text)]))
    return _named(text)


def _named(text):
    longest = sorted(set(query_terms(text)), key=len)[-_MAX_WORDS:]
    if not longest:
        return []
    return _read(_having("name", [[term] for term in longest]), lambda name: matches(name, text))


def _having(kind, wanted):
    """The keys of the enquiries with one term out of each collection, the newest first."""
    found = models.Enquiry.objects.order_by("-created_at", "-id")
    for either in wanted:
        hashes = [hashed for text in either for hashed in lookup_hashes(kind, text)]
        having = models.SearchTerm.objects.filter(term__in=hashes)
        found = found.filter(pk__in=having.values("enquiry"))
    return list(found.values_list("pk", flat=True))


def _read(keys, is_meant=lambda name: True):
    """The first of them that are meant. One whose contact cannot be read may be."""
    found = []
    for start in range(0, len(keys), _BATCH):
        rows = models.Enquiry.objects.in_bulk(keys[start : start + _BATCH])
        for row in filter(None, map(rows.get, keys[start : start + _BATCH])):
            if isinstance(row.contact, Unreadable) or is_meant(row.contact.get("name") or ""):
                found.append(row)
        if len(found) > MAX_RESULTS:
            break
    return found[: MAX_RESULTS + 1]


def _folded_email(text):
    return text.strip().casefold()


def _digits(text):
    return "".join(str(int(character)) for character in text if character.isdecimal())


def _numbers(text):
    """What a stored number may end with: as typed, and without 00 or the 0 before an area."""
    typed = _digits(text.replace("(0)", ""))
    return {number for number in (typed, typed.lstrip("0")) if len(number) >= MIN_DIGITS}
