"""The environment of the tests, set before Django reads its settings (pytest loads it first)."""

import os
import tempfile

from hypothesis import HealthCheck, settings

os.environ["DJANGO_SETTINGS_MODULE"] = "mesosite.settings"
os.environ["DEBUG"] = "off"
os.environ["SECRET_KEY"] = "for-tests-only-" + "x" * 50
os.environ["DATA_KEYS"] = "dGhlLWtleS1vZi10aGUtdGVzdHMtMzItYnl0ZXMtbG8"
os.environ["CLINIC_EMAIL"] = "desk@clinic.example"
os.environ["SITE_URL"] = "http://127.0.0.1:8000"
os.environ["SECOND_FACTOR"] = "off"
os.environ["PUBLISHED"] = "tests"
os.environ.setdefault("VAR_DIR", tempfile.mkdtemp(prefix="mesosite-tests-"))

# One profile on every machine: by itself Hypothesis chooses by variables such as CI. An example has
# no deadline, since a first call fills caches and a busy machine is slow. The examples of a test
# are the same in every run, so that a change that breaks one is the cause, and no database of
# failures is needed. A fixture lasts for all examples of its test.
# `pytest --hypothesis-profile=random` draws others.
settings.register_profile(
    "tests",
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.register_profile("random", settings.get_profile("tests"), derandomize=False)
settings.load_profile("tests")
