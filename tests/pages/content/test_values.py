"""Each value of clinic.yaml is read as it is written, or refused with its line and what to do."""

import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

from mesosite.pages.checks.gate import check_content, moved_to_the_inbox
from mesosite.pages.content.clinic import read_clinic
from mesosite.pages.content.errors import ContentError
from mesosite.pages.content.yaml_lines import read_mapping


def read(tmp_path, text):
    path = tmp_path / "clinic.yaml"
    path.write_text(text, "utf-8")
    return read_clinic(path)


@pytest.mark.parametrize(
    ("line", "attribute", "value"),
    [
        ("name: Yes", "name", "Yes"),
        ("name: 1066", "name", "1066"),
        ('name: "Clinic #1"', "name", "Clinic #1"),
        ("name: Clinic  # ours", "name", "Clinic"),
        ("name: Clinic#1", "name", "Clinic#1"),
        ("name:   # Example Clinic", "name", ""),
        ("country: NO", "country", "NO"),
        ("country: gr", "country", "GR"),
        ("helpline: 010306", "helpline", "010306"),
        ("address: 1_000 Street, 10:30", "address", "1_000 Street, 10:30"),
        ('stored: ["Server: Host", "Mail: Host"]', "stored", ("Server: Host", "Mail: Host")),
        ("answer_within_hours: 9", "answer_within_hours", 9),
        ("answer_within_hours: 1.5", "answer_within_hours", 1.5),
        ("idle_minutes: 5", "idle_minutes", 5),
        ("idle_minutes: 60", "idle_minutes", 60),
        ("name: Clinic", "idle_minutes", 15),
        ("hours:", "hours", {}),
        ("hours: {sunday: []}", "hours", {}),
        ("closed:", "closed", frozenset()),
        ("\ufeffname: Clinic", "name", "Clinic"),
    ],
)
def test_a_value_is_read_as_it_is_written(tmp_path, line, attribute, value):
    assert getattr(read(tmp_path, line), attribute) == value


@pytest.mark.parametrize(
    ("written", "country", "dialled"),
    [
        ("+302101234567", "", "tel:+302101234567"),
        ("02071234567", "GB", "tel:+442071234567"),
        ("00302101234567", "GR", "tel:+302101234567"),
        ("210 123 4567", "GR", "tel:+302101234567"),
        ("+44 (0)20 7946 0018", "", "tel:+442079460018"),
        ("+30 210 123-4567 ext. 12", "", "tel:+302101234567;ext=12"),
    ],
)
def test_a_phone_is_shown_as_written_and_dialled_with_its_country(
    tmp_path, written, country, dialled
):
    clinic = read(tmp_path, f"phone: {written}\ncountry: {country}")

    assert (clinic.phone, clinic.phone_link) == (written, dialled)


@pytest.mark.parametrize(
    "spans",
    [
        '["09:00-13:00", "16:00-24:00"]',
        '["16:00-24:00", "9:00-13:00"]',
        "9:00-13:00, 16:00-24:00",
        "[9:00 - 13:00, 16:00–24:00]",
    ],
)
def test_hours_are_read_in_order(tmp_path, spans):
    midnight = datetime.time(0)

    assert read(tmp_path, f"hours:\n  Monday: {spans}\n").hours == {
        0: (
            (datetime.time(9), datetime.time(13)),
            (datetime.time(16), midnight),
        )
    }


@pytest.mark.parametrize("text", ["{}", "[{}]"])
def test_closed_days_and_ranges_are_read_as_the_file_shows_them(tmp_path, text):
    days = text.format("2026-12-25, 2026-12-24/2027-01-02")

    closed = read(tmp_path, f"closed: {days}").closed

    assert closed == {datetime.date(2026, 12, 24) + datetime.timedelta(n) for n in range(10)}


REFUSED = [
    ("name: Clinic #1", "1: “Clinic” is cut here: “#1” is not read"),
    ("name: #1 Clinic", "1: “” is cut here: “#1 Clinic” is not read"),
    ("name: Clinic # 1", "1: “Clinic” is cut here: “# 1” is not read"),
    ("stored: [Server #2, Mail]", "1: This line cannot be read|1: “Server” is cut here"),
    ("name: null", "1: “null” stands for nothing"),
    ("name: ~", "1: “~” stands for nothing"),
    ("name: [Clinic]", "1: “name” must be words"),
    ("name: {a: b}", "1: “name” must be words"),
    ("name: &a Clinic", "1: A value cannot begin with “&”"),
    ("name: !a Clinic", "1: A value cannot begin with “!”"),
    ("name: *a", "1: A value cannot begin with “\\*”|cannot be read as YAML"),
    ("name: @a", "1: This line cannot be read as YAML"),
    ("name: Clinic: ours", "1: This line cannot be read as YAML"),
    ("name:\tClinic\n\temail: x", "2: This line holds a tab"),
    ("name: A\nphone:\nname: B", "3: “name” stands twice: on line 1 and on line 3"),
    ("keep: {spam: 3, spam: 4}", "1: “spam” stands twice"),
    ("? [a]\n: b", "1: A key must be a word"),
    ("name: A\n---\nname: B", "3: A second part begins here"),
    ("name: " + "[" * 300, "1: Lists stand more than 8 deep"),
    ("a\x00b: c", "1: This line holds a control character that nobody sees .U.0000"),
    ("name: A\u2028B", "1: This line holds a control character"),
    ("- name", "1: This is not a list of “key: value” lines"),
    ("", "1: This is not a list of “key: value” lines"),
    ("phone: 02071234567", "1: “phone” 02071234567 is not a number .*no “country”"),
    ("phone: 00302100000000", "1: “phone” 00302100000000 is not a number"),
    ("phone: 123\ncountry: GR", "1: “phone” 123 is not a number that can be dialled in GR"),
    ("phone: +30 210 1234567, +30 210 7654321", "1: “phone”"),
    ("phone: call +30 210 1234567", "1: “phone”"),
    ("phone: +30 210 1234567/8", "1: “phone”"),
    ("country: UK", "1: “UK” is not the two letters"),
    ("country: Greece", "1: “Greece” is not the two letters"),
    ("email: desk", "1: “email” must be one address"),
    ("stored: Server", "1: “stored” must be a list of lines"),
    ("stored: [Server: Host]", "1: “stored” must be a list of lines"),
    ("time_zone: Europe", "1: There is no time zone “Europe”"),
    ("time_zone: ../etc", "1: There is no time zone"),
    ("time_zone: Athens", "1: There is no time zone “Athens”"),
    ("keep:\n  spam: 30\n  booked: 3.5", "3: “booked” in “keep” must be a whole number"),
    *(
        (f"answer_within_hours: {hours}", "1: “answer_within_hours” must be a number of hours")
        for hours in (".inf", "-3", "0", ".nan", "1e3", "nine", "'9 hours'", "[9]", "99999", "٩")
    ),
    *(
        (f"hours:\n  monday: ['9:00-17:00']\n  friday: {spans}", f"3: {words}")
        for spans, words in (
            ('["09:00"]', "“09:00” of friday is not an opening and a closing time"),
            ('["09:00-13:00-17:00"]', "“09:00-13:00-17:00” of friday is not an opening"),
            ('["17:00-09:00"]', "“17:00-09:00” of friday closes before it opens"),
            ('["22:00-06:00"]', "“22:00-06:00” of friday closes before it opens"),
            ('["09:00-09:00"]', "“09:00-09:00” of friday closes before it opens"),
            ('["09:00-25:00"]', "“09:00-25:00” of friday holds a time that no clock shows"),
            ('["09:60-10:00"]', "“09:60-10:00” of friday holds a time that no clock shows"),
            ('["24:00-24:30"]', "“24:00-24:30” of friday holds a time"),
            ('["9-17"]', "“9-17” of friday is not an opening"),
            ("closed", "“closed” of friday is not an opening"),
            ("[[9:00-17:00]]", "A value of friday is not an opening"),
            ("{9: 17}", "A value of friday is not an opening"),
            ('["09:00-13:00", "12:00-17:00"]', "The hours of friday overlap: until 13:00, and a"),
        )
    ),
    *(
        (f"idle_minutes: {minutes}", "1: “idle_minutes” must be a whole number of minutes, 5 to 60")
        for minutes in ("4", "61", "0", "-5", "7.5", "quarter", "[15]", "١٥")
    ),
    ("hours: never", "1: “hours” has a line for each day"),
    ("hours: [monday]", "1: “hours” has a line for each day"),
    ("hours:\n  funday: []", "2: “funday” is not a day"),
    ("hours:\n  monday: []\n  Monday: []", "3: “Monday” stands twice"),
    ('closed: ["2027-01-02/2026-12-24"]', "1: The range 2027-01-02/2026-12-24 .* ends before"),
    ("closed: [2026-01-01/9999-12-31]", "1: The range .* has over 366 days"),
    ("closed:\n  - 2026-12-25\n  - 2026-02-30", "3: The day 2026-02-30 is not in the calendar"),
    ("closed: [20261225]", "1: “20261225” is not a date"),
    ("closed: [2026-W52-5]", "1: “2026-W52-5” is not a date"),
    ("closed: [2026-12-25/]", "1: “” is not a date"),
    ("closed: {2026-12-25: x}", "1: “closed” holds dates"),
]


@pytest.mark.parametrize(("text", "words"), REFUSED)
def test_a_value_that_cannot_be_used_is_refused_with_its_line(tmp_path, text, words):
    with pytest.raises(ContentError, match=rf"clinic\.yaml:(?:{words})") as caught:
        read(tmp_path, text)

    assert caught.value.hint or "“" in caught.value.message


@pytest.mark.parametrize(
    ("zone", "hours", "asked", "due"),
    [  # Greece puts the clock forward on 28 March 2027 at 03:00, and back on 31 October at 04:00.
        ("Europe/Athens", "sunday: 00:00-24:00", (2027, 3, 28, 0), (2027, 3, 28, 7)),
        ("Europe/Athens", "sunday: 00:00-24:00", (2027, 10, 31, 0), (2027, 10, 31, 5)),
        ("Europe/Athens", "sunday: 00:00-24:00", (2027, 10, 24, 0), (2027, 10, 24, 6)),
        (
            "Europe/Athens",
            "saturday: 20:00-24:00\n  sunday: 0:00-9:00",
            (2027, 3, 27, 20),
            (2027, 3, 28, 2),
        ),
        (
            "America/New_York",
            "monday: 21:00-24:00\n  tuesday: 9:00-17:00",
            (2027, 3, 1, 12),
            (2027, 3, 2, 12),
        ),
    ],
)
def test_hours_are_counted_as_they_pass(tmp_path, zone, hours, asked, due):
    text = f"time_zone: {zone}\nhours:\n  {hours}\n"
    tz = ZoneInfo(zone)

    answered = read(tmp_path, text).answer_due(datetime.datetime(*asked, tzinfo=tz), 6)

    assert answered == datetime.datetime(*due, tzinfo=tz)


@pytest.mark.parametrize("key", ["closed: [2026-12-25]", "answer_within_hours: 8", "closed:"])
def test_a_value_that_managers_set_in_the_inbox_is_named(content, key):
    (content.folder / "clinic.yaml").write_text(f"name:\n{key}\n", "utf-8")

    [found] = moved_to_the_inbox([])

    assert (found.id, found.error.line, found.is_serious()) == ("content.W004", 2, False)
    assert "clinic page of the inbox" in found.error.message
    assert list(check_content(None))


def test_the_clinics_own_file_names_no_value_of_the_inbox(content):
    assert list(moved_to_the_inbox([])) == []


def test_a_clinic_with_a_name_reads_of_no_demonstration(content, client):
    before = client.get("/about/").content.decode()
    content.change("clinic.yaml", "name:  ", "name: Example Clinic")
    after = client.get("/about/").content.decode()

    assert "It is a demonstration" in before
    assert "demonstration" not in after.lower()
    assert "Example Clinic publishes this site and offers the treatment" in after
    assert content.errors() == []


def test_a_page_that_still_speaks_of_a_demonstration_is_named(content):
    content.change("en/about.md", "## What this site is for", "This is a demonstration.\n\n## What")
    assert content.errors() == []

    content.change("clinic.yaml", "name:  ", "name: Example Clinic")

    assert [number for number, _message in content.errors()] == ["content.E032"]


def test_a_phone_with_a_national_zero_is_dialled_right(content, client):
    content.change("clinic.yaml", "phone:", "phone: +44 (0)20 7946 0018 #")

    html = client.get("/about/").content.decode()

    assert '<a href="tel:+442079460018">+44 (0)20 7946 0018</a>' in html


def test_the_examples_in_the_clinics_own_file_are_taken_as_they_stand(content, tmp_path):
    rows = (content.folder / "clinic.yaml").read_text("utf-8").split("\n")
    start = next(n for n, row in enumerate(rows) if row.strip() == "#   hours:")
    hours = [row[4:] for row in rows[start : start + 3]]
    notes = {row.partition(":")[0]: row.partition("  # ")[2] for row in rows if "  # " in row}
    stored = notes["stored"].partition(": ")[2]
    known = [f"stored: {stored}", f"name: {notes['name']}"]

    clinic = read(tmp_path, "\n".join([*hours, *known]))

    assert clinic.stored == ("Server: Example Host, Greece",)
    assert list(clinic.hours) == [0, 1]
    assert clinic.name == "Example Clinic"


def test_the_head_shown_to_editors_is_read_as_it_stands():
    readme = (settings.BASE_DIR / "content/README.md").read_text("utf-8")
    head = readme.partition("```yaml\n---\n")[2].partition("---\n```")[0]

    values = read_mapping(Path("README.md"), head)

    assert (values["nav"], values["order"], values["points"]) == ("Risks", "5", ["C17", "C18"])
    assert set(values["reviewed"]) == {"by", "on", "words"}
