import json

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class JSONTextField(models.TextField):
    """A JSON list or dict in a text column, on every database, so that it can be encrypted."""

    def from_db_value(self, value, expression, connection):
        return None if value is None else json.loads(value)

    def to_python(self, value):
        return json.loads(value) if isinstance(value, str) else value

    def get_prep_value(self, value):
        return json.dumps(value, ensure_ascii=False, cls=DjangoJSONEncoder)

    def value_to_string(self, obj):
        return self.get_prep_value(self.value_from_object(obj))
