"""The environment of the tests, set before Django reads its settings (pytest loads it first)."""

import os
import tempfile

os.environ["DJANGO_SETTINGS_MODULE"] = "mesosite.settings"
os.environ["DEBUG"] = "off"
os.environ["SECRET_KEY"] = "for-tests-only-" + "x" * 50
os.environ["DATA_KEYS"] = "dGhlLWtleS1vZi10aGUtdGVzdHMtMzItYnl0ZXMtbG8"
os.environ["CLINIC_EMAIL"] = "desk@clinic.example"
os.environ["SITE_URL"] = "http://127.0.0.1:8000"
os.environ["SECOND_FACTOR"] = "off"
os.environ["PUBLISHED"] = "tests"
os.environ.setdefault("VAR_DIR", tempfile.mkdtemp(prefix="mesosite-tests-"))
