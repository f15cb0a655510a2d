"""Sessions in Django's own table, under a keyed hash: a stolen table gives no login."""

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.utils import timezone
from django.utils.crypto import salted_hmac


class SessionStore(db.SessionStore):
    """The cookie holds the session key, the database HMAC-SHA-256 of it under SECRET_KEY."""

    # SessionBase's call the functions below, Django's database store queries the table itself.
    acreate, aload, asave = SessionBase.acreate, SessionBase.aload, SessionBase.asave
    aexists, adelete = SessionBase.aexists, SessionBase.adelete

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        session = super().create_model_instance(data)
        session.session_key = _stored(session.session_key)
        return session

    def exists(self, session_key: str) -> bool:
        return super().exists(_stored(session_key))

    def delete(self, session_key: str | None = None) -> None:
        if key := session_key or self.session_key:
            super().delete(_stored(key))

    def _get_session_from_db(self) -> AbstractBaseSession | None:
        current = self.model.objects.filter(expire_date__gt=timezone.now())
        session = current.filter(session_key=_stored(self.session_key)).first()
        if session is None:
            self._session_key = None
        return session


def _stored(key: str | None) -> str:
    """40 characters (160 bits), the column's size."""
    return salted_hmac("mesosite.sessions", key or "", algorithm="sha256").hexdigest()[:40]
