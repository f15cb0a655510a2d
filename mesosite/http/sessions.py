"""Sessions in Django's own table, under a keyed hash: who reads the table cannot log in with it."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import SessionBase
from django.utils import timezone
from django.utils.crypto import salted_hmac


class SessionStore(db.SessionStore):
    """The cookie holds the session key, the database HMAC-SHA-256 of it under SECRET_KEY."""

    # SessionBase has them ask the functions below, Django's database store asks the table itself.
    acreate, aload, asave = SessionBase.acreate, SessionBase.aload, SessionBase.asave
    aexists, adelete = SessionBase.aexists, SessionBase.adelete

    def create_model_instance(self, data):
        session = super().create_model_instance(data)
        session.session_key = _stored(session.session_key)
        return session

    def exists(self, session_key):
        return super().exists(_stored(session_key))

    def delete(self, session_key=None):
        if key := session_key or self.session_key:
            super().delete(_stored(key))

    def _get_session_from_db(self):
        current = self.model.objects.filter(expire_date__gt=timezone.now())
        session = current.filter(session_key=_stored(self.session_key)).first()
        if session is None:
            self._session_key = None
        return session


def _stored(key):
    """40 characters, which is all that the column takes: 160 bits."""
    return salted_hmac("mesosite.sessions", key or "", algorithm="sha256").hexdigest()[:40]
