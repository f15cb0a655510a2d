"""Sessions in Django's own table, under a keyed hash and encrypted: a stolen table gives no login.

A session ends SESSION_COOKIE_AGE after the login. The database holds that end, so no cookie can be
kept alive past it. It also knows when its person last asked for something.
"""

import json
import math
import time
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.utils import timezone
from django.utils.crypto import salted_hmac

from mesosite.enquiries.encryption.keys import DecryptionError, login_key

LOGGED_IN_AT, SEEN_AT = "logged_in_at", "seen_at"
SAVED_EVERY = 60  # seconds: the precision of `idle_for`, which spares a write for each request


class SessionStore(db.SessionStore):
    """The cookie holds the session key, the database HMAC-SHA-256 of it under SECRET_KEY.

    The content is encrypted under SECRET_KEY, bound to the session key. A content that cannot be
    read (an older one, or one moved from another session) is that of no session.
    """

    # SessionBase's call the functions below, Django's database store queries the table itself.
    acreate, aload, asave = SessionBase.acreate, SessionBase.aload, SessionBase.asave
    aexists, adelete = SessionBase.aexists, SessionBase.adelete

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        session = super().create_model_instance(data)  # gives a new session its key
        session.session_key = stored_key(self.session_key)
        session.expire_date = min(session.expire_date, _end(data))
        return session

    def encode(self, session_dict: dict[str, Any]) -> str:
        return login_key().encrypt(json.dumps(session_dict), _bound_to(self.session_key))

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        try:
            content = json.loads(
                login_key().decrypt(str(session_data), _bound_to(self.session_key))
            )
        except (DecryptionError, ValueError):
            self._session_key = None
            return {}
        return dict(content)

    def exists(self, session_key: str) -> bool:
        return super().exists(stored_key(session_key))

    def delete(self, session_key: str | None = None) -> None:
        if key := session_key or self.session_key:
            super().delete(stored_key(key))

    def _get_session_from_db(self) -> AbstractBaseSession | None:
        current = self.model.objects.filter(expire_date__gt=timezone.now())
        session = current.filter(session_key=stored_key(self.session_key)).first()
        if session is None:
            self._session_key = None
        return session


def start(session: SessionBase) -> None:
    """Starts the time of a session, at its login."""
    session[LOGGED_IN_AT] = session[SEEN_AT] = time.time()


def keep_alive(session: SessionBase) -> None:
    """Counts this request as the last one. Saves the session once in SAVED_EVERY seconds."""
    if time.time() - session.get(SEEN_AT, 0) >= SAVED_EVERY:
        session[SEEN_AT] = time.time()


def idle_for(session: SessionBase) -> float:
    """Seconds since the last request that counted, endless for a session that was not started."""
    seen_at = session.get(SEEN_AT)
    return time.time() - seen_at if seen_at else math.inf


def _end(data: dict[str, Any]) -> datetime:
    whole = data.get(LOGGED_IN_AT, time.time()) + settings.SESSION_COOKIE_AGE
    return datetime.fromtimestamp(whole, UTC)


def stored_key(key: str | None) -> str:
    """40 characters (160 bits), the column's size."""
    return salted_hmac("mesosite.sessions", key or "", algorithm="sha256").hexdigest()[:40]


def _bound_to(key: str | None) -> str:
    return f"django_session.session_data {key}"
