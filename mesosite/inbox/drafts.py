"""What staff typed at an enquiry, and what could not be stored: it is kept until it is."""

import json

from django.http import HttpRequest

from mesosite.enquiries.encryption.keys import DecryptionError, decrypt, encrypt
from mesosite.enquiries.models import Enquiry

FIELDS = (
    "text",
    "to",
    "question",
    "visit_at",
    "minutes",
    "person",
    "reason",
    "wait_until",
    "try_on",
    "call_on",
)
SIDE = {
    "to",
    "wait_until",
    "minutes",
    "person",
}  # always filled in: alone they are nothing that was typed
MAX_LENGTH = 10_000  # of a field; a note has at most 2,000
_KEY, _BOUND_TO = "draft", "inbox.draft"


def keep(request: HttpRequest) -> bool:
    """Keeps what was posted at an enquiry, encrypted, in the session. Returns whether it was any.

    The session lasts over the next login, and ends with a log-out.
    """
    match = request.resolver_match
    typed = {name: request.POST[name][:MAX_LENGTH] for name in FIELDS if request.POST.get(name)}
    here = match and match.namespace == "inbox" and match.kwargs.get("code")
    if not (here and typed.keys() - SIDE):
        return False
    put_back(request, str(here), **typed)
    return True


def put_back(request: HttpRequest, code: str, **typed: str) -> None:
    """What is typed into the box of this enquiry when its page is shown. typed: see FIELDS."""
    draft = json.dumps(typed | {"code": code})
    request.session[_KEY] = encrypt(draft, _BOUND_TO)


def draft_of(request: HttpRequest, enquiry: Enquiry) -> dict[str, str]:
    """{name of FIELDS: what was typed} of this enquiry; {} where nothing was kept."""
    try:
        draft = json.loads(decrypt(request.session.get(_KEY, ""), _BOUND_TO))
    except DecryptionError:
        return {}
    return draft if draft.pop("code") == enquiry.code else {}


def forget(request: HttpRequest) -> None:
    """What was typed is stored now."""
    request.session.pop(_KEY, None)
