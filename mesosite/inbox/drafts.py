"""What staff typed at an enquiry or a form, and could not be stored: it is kept until it is."""

import json
from typing import Any

from django.forms import Form, MultipleChoiceField
from django.http import HttpRequest
from django.urls import Resolver404, ResolverMatch, resolve

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
    "same_code",
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
# Pages of a form: what was typed there is back at the same address.
FORMS = {f"inbox:{name}" for name in ("invite", "person", "person_away", "my_away")}
FORMS |= {f"inbox:{name}" for name in ("clinic_values", "closure_new", "closure")}
FORMS |= {"inbox:reply_new", "inbox:reply", "inbox:contact", "inbox:by_phone"}
FORMS |= {"inbox:lock", "inbox:erase", "inbox:find", "inbox:record"}
MAX_LENGTH = 10_000  # of a field; a note has at most 2,000
_KEY, _BOUND_TO = "draft", "inbox.draft"
_UNKEPT = {"csrfmiddlewaretoken", "path"}


def keep(request: HttpRequest, path: str = "") -> bool:
    """Keeps what was posted at an enquiry or a form, encrypted, in the session.

    path: of the form, where it was posted elsewhere. Returns whether it was any. The session lasts
    over the next login, and ends with a log-out.
    """
    if request.method != "POST":  # it must not replace what waits already
        return False
    match = _resolved(path) if path else request.resolver_match
    here = path or request.path
    if match and match.view_name in FORMS:
        lists = {name: values for name, values in request.POST.lists() if name not in _UNKEPT}
        in_lists = {name: [str(value)[:MAX_LENGTH] for value in lists[name]] for name in lists}
        _store(request, in_lists | {"path": here})
        return bool(in_lists)
    typed = {name: request.POST[name][:MAX_LENGTH] for name in FIELDS if request.POST.get(name)}
    code = match and match.namespace == "inbox" and match.kwargs.get("code")
    if not (code and typed.keys() - SIDE):
        return False
    put_back(request, str(code), **typed)
    return True


def _resolved(path: str) -> ResolverMatch | None:
    try:
        return resolve(path)
    except Resolver404:
        return None


def put_back(request: HttpRequest, code: str, **typed: str) -> None:
    """What is typed into the box of this enquiry when its page is shown. typed: see FIELDS."""
    _store(request, typed | {"code": code})


def _store(request: HttpRequest, draft: dict[str, Any]) -> None:
    request.session[_KEY] = encrypt(json.dumps(draft), _BOUND_TO)


def wait(request: HttpRequest) -> bool:
    """Whether anything that was typed waits in the session."""
    return _KEY in request.session


def draft_of(request: HttpRequest, enquiry: Enquiry) -> dict[str, str]:
    """{name of FIELDS: what was typed} of this enquiry; {} where nothing was kept."""
    draft = _kept(request)
    return draft if draft.pop("code", "") == enquiry.code else {}


def typed_at(request: HttpRequest, form: type[Form] | Form) -> dict[str, Any]:
    """{field: what was typed} of the form at this address; {} where nothing was kept."""
    draft = _kept_here(request)
    fields = form.fields if isinstance(form, Form) else form.base_fields
    several = {name for name in fields if isinstance(fields[name], MultipleChoiceField)}
    known = {name: values for name, values in draft.items() if name in fields and values}
    return {name: values if name in several else values[0] for name, values in known.items()}


def typed_in(request: HttpRequest, name: str) -> str:
    """What was typed into this field of the form at this address, or ""."""
    return str((_kept_here(request).get(name) or [""])[0])


def _kept_here(request: HttpRequest) -> dict[str, list[str]]:
    draft = _kept(request)
    return draft if draft.pop("path", "") == request.path else {}


def _kept(request: HttpRequest) -> dict[str, Any]:
    try:
        return dict(json.loads(decrypt(request.session.get(_KEY, ""), _BOUND_TO)))
    except DecryptionError:
        return {}


def forget(request: HttpRequest) -> None:
    """What was typed is stored now."""
    request.session.pop(_KEY, None)


def forget_here(request: HttpRequest) -> None:
    """What was typed at this address is of no more use. What waits for another one stays."""
    if _kept_here(request):
        forget(request)
