"""When the clinic answers: counted through its hours, holidays and closures."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.template.loader import render_to_string

from mesosite.pages import catalogue
from mesosite.pages.content.clinic import read_clinic

ATHENS = ZoneInfo("Europe/Athens")
CLINIC = """
name: Example Clinic
time_zone: Europe/Athens
answer_within_hours: 6
hours:
  monday: ["09:00-13:00", "16:00-20:00"]
  tuesday: ["09:00-13:00"]
  friday: ["09:00-17:00"]
closed: [2026-12-25, 2026-12-28/2027-01-01]
"""


@pytest.fixture
def clinic(tmp_path):
    (tmp_path / "clinic.yaml").write_text(CLINIC)
    return read_clinic(tmp_path / "clinic.yaml")


def at(*when):
    return datetime(*when, tzinfo=ATHENS)


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        (at(2026, 11, 23, 9, 0), at(2026, 11, 23, 18, 0)),  # over the midday break
        (at(2026, 11, 23, 19, 0), at(2026, 11, 27, 10, 0)),  # the rest on Tuesday and Friday
        (at(2026, 11, 28, 12, 0), at(2026, 11, 30, 18, 0)),  # from the weekend on
        (at(2026, 12, 25, 9, 0), at(2027, 1, 4, 18, 0)),  # over holidays
        (datetime(2026, 11, 23, 7, 0, tzinfo=ZoneInfo("UTC")), at(2026, 11, 23, 18, 0)),
    ],
)
def test_the_answer_is_due_after_so_many_hours_of_work(clinic, asked, answered):
    due = clinic.answer_due(asked, clinic.answer_within_hours, clinic.closed)
    assert due == answered


def test_without_hours_nothing_is_promised(tmp_path):
    (tmp_path / "clinic.yaml").write_text("name: Example Clinic\n")

    assert read_clinic(tmp_path / "clinic.yaml").answer_due(at(2026, 11, 23, 9, 0), 6) is None


def test_the_clinic_is_read_without_the_other_files(content):
    for path in content.folder.rglob("*.*"):
        if path.name != "clinic.yaml":
            path.unlink()

    assert catalogue.clinic().demonstration


def test_without_a_name_it_is_a_demonstration(client):
    assert "Demonstration: no clinic reads this." in client.get("/").content.decode()


@pytest.mark.parametrize("typed", ["desk@παράδειγμα.ελ", '"desk@παράδειγμα.ελ\\u200f"'])
def test_the_clinics_address_is_mailed_in_one_form_and_shown_in_its_letters(tmp_path, typed):
    (tmp_path / "clinic.yaml").write_text(f"name: Example\nemail: {typed}\n", "utf-8")
    html = render_to_string(
        "components/show_clinic.html", {"clinic": read_clinic(tmp_path / "clinic.yaml")}
    )

    assert '<a href="mailto:desk@xn--hxajbheg2az3al.xn--qxam">desk@παράδειγμα.ελ</a>' in html
