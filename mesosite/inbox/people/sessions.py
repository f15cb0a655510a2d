"""The open sessions of each person: which there are, and how they are ended."""

from django.contrib.auth.models import AnonymousUser, User
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from mesosite.enquiries.transactions import write
from mesosite.http.sessions import stored_key
from mesosite.inbox.models import StaffSession

_RECORDED = "recorded_as"  # in the session: the hash under which it is recorded
# The first that a User-Agent holds names it: Edge and Opera say Chrome too, and Chrome says Safari.
_BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
_SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "Mac",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


def record(request: HttpRequest, person: User | AnonymousUser) -> None:
    """Records the session of this request once, and anew when its key was changed."""
    key = stored_key(request.session.session_key)
    before = request.session.get(_RECORDED)
    if not isinstance(person, User) or not request.session.session_key or before == key:
        return
    values = {"person": person, "browser": _browser(request)}
    with write():
        if not StaffSession.objects.filter(key_hash=before, person=person).update(key_hash=key):
            StaffSession.objects.update_or_create(key_hash=key, defaults=values)
        _forget_ended(person)
    request.session[_RECORDED] = key


def sessions_of(person: User) -> QuerySet[StaffSession]:
    """The open ones, the latest first."""
    return StaffSession.objects.filter(person=person, key_hash__in=_open_keys()).order_by(
        "-started_at", "-id"
    )


def is_current(session: StaffSession, request: HttpRequest) -> bool:
    return session.key_hash == stored_key(request.session.session_key)


def end_sessions(person: User, *, but: HttpRequest | None = None) -> int:
    """Ends the sessions of a person, all `but` that of this request. Returns how many."""
    ended = StaffSession.objects.filter(person=person)
    if but:
        ended = ended.exclude(key_hash=stored_key(but.session.session_key))
    with write():
        keys = list(ended.values_list("key_hash", flat=True))
        ended.delete()
        number, _rows = Session.objects.filter(session_key__in=keys).delete()
    return number


def _forget_ended(person: User) -> None:
    StaffSession.objects.filter(person=person).exclude(key_hash__in=_open_keys()).delete()


def _open_keys() -> QuerySet[Session, str]:
    return Session.objects.filter(expire_date__gt=timezone.now()).values_list(
        "session_key", flat=True
    )


def _browser(request: HttpRequest) -> str:
    """Such as "Firefox, Windows", of known names only: a browser may call itself anything."""
    agent = request.headers.get("User-Agent", "")
    known = (
        next((name for sign, name in names.items() if sign in agent), "")
        for names in (_BROWSERS, _SYSTEMS)
    )
    return ", ".join(filter(None, known)) or _("A browser")
