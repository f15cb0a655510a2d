"""What help.yaml and clinic.yaml say of help stands on every page, with a number."""

import datetime
import re

import pytest
from django.utils import timezone
from lxml import html

from mesosite.pages.catalogue import content as site_content
from mesosite.pages.checks.gate import check_content
from mesosite.pages.content.errors import ContentError
from mesosite.pages.content.help import Help, help_in, read_help

LINE = {
    "name": "Listeners",
    "number": "116 123",
    "hours": "day and night",
    "page": "https://listeners.example/call",
    "seen": "2026-11-28",
}
BODY = {key: LINE[key] for key in ("name", "page", "seen")} | {"about": "for a device."}


def entry(of, **changes):
    """The YAML of one contact; a change to None leaves its line out."""
    rows = [f"{key}: {value}" for key, value in (of | changes).items() if value is not None]
    return "\n".join(f"    {'-' if n == 0 else ' '} {row}" for n, row in enumerate(rows))


def file_of(*lists, country="GR"):
    return "\n".join([f"{country}:", *(f"  {name}:\n{entries}" for name, entries in lists)])


def read(tmp_path, text):
    path = tmp_path / "help.yaml"
    path.write_text(text + "\n", "utf-8")
    return read_help(path)


def written(content, text, country="GR", **values):
    """The site with this help.yaml and a clinic in this country."""
    (content.folder / "help.yaml").write_text(text + "\n", "utf-8")
    for key, value in {"country": country, **values}.items():
        content.change("clinic.yaml", f"{key}: ", f'{key}: "{value}" #')


def part(client, xpath, url="/risks/"):
    [found] = html.fromstring(client.get(url).content).xpath(xpath)
    return " ".join(found.text_content().split())


FOOTER = "//footer//section[h2='Need to talk to someone?']"
CARD = "//aside[contains(@class, 'care--talk')]"


@pytest.mark.parametrize("place", [FOOTER, CARD])
def test_the_countrys_line_stands_wherever_one_is_told_to_talk(content, client, place):
    written(content, file_of(("helplines", entry(LINE)), ("report_harm", entry(BODY))))

    text = part(client, place)

    assert "If you might hurt yourself now, call 112 or your local number." in text
    assert "Listeners: 116 123, day and night" in text
    assert "own doctor can help" not in text
    assert '<a href="tel:116123">116 123</a>' in client.get("/risks/").content.decode()


@pytest.mark.parametrize("place", [FOOTER, CARD])
def test_without_a_line_the_own_doctor_is_named_beside_the_emergency_number(content, client, place):
    written(content, "GR:\n  helplines: []")

    text = part(client, place)

    assert "call 112 or your local number. Your own doctor can help, too." in text


@pytest.mark.parametrize(
    ("helpline", "shown", "dialled"),
    [
        ("10306, day and night", "10306, day and night", "10306"),
        ("Listening line: 116 006, free", "Listening line: 116 006, free", "116006"),
        ("The nurse at the desk", "The nurse at the desk", None),
    ],
)
def test_the_clinics_own_line_stands_in_the_place_of_the_countrys(
    content, client, helpline, shown, dialled
):
    written(content, file_of(("helplines", entry(LINE))), helpline=helpline)

    page = client.get("/risks/").content.decode()

    assert shown in part(client, CARD)
    assert "Listeners" not in page
    assert not dialled or f'<a href="tel:{dialled}">' in page


def test_the_footer_names_the_clinics_phone_and_leads_to_no_form(content, client):
    written(content, "", phone="+30 210 000 0000")

    [footer] = html.fromstring(client.get("/risks/").content).xpath(FOOTER)

    assert "The clinic: +30 210 000 0000" in " ".join(footer.text_content().split())
    assert "/consultation/" not in [link.get("href") for link in footer.iter("a")]


@pytest.mark.parametrize("url", ["/no-such-page/", "/search/", "/leaflet/"])
def test_the_line_stands_on_pages_that_are_no_words_of_the_clinic(content, client, url):
    written(content, file_of(("helplines", entry(LINE))))

    assert "116 123" in client.get(url).content.decode()


SHOWN = {
    "helplines": ("Listeners: 116 123", "Your own doctor can help, too."),
    "report_harm": ("Listeners: for a device. Seen on 28 November 2026.", "where harm is reported"),
    "complaints": ("Listeners: for a device. Seen on 28 November 2026.", "medical council"),
    "support": ("Listeners: for a device. Seen on 28 November 2026.", "who can help near you"),
}


@pytest.mark.parametrize("name", SHOWN)
def test_a_page_shows_what_the_country_has_or_whom_to_ask(content, client, name):
    here, nothing = SHOWN[name]
    content.change(
        "en/accessibility.md", "/// show | clinic", f"/// show | {name}\n///\n\n/// show | clinic"
    )
    kind = LINE if name == "helplines" else BODY
    written(content, file_of((name, entry(kind))))
    block = f"//div[@class='show show--{name}']"

    assert here in part(client, block, "/accessibility/")

    (content.folder / "help.yaml").write_text("", "utf-8")
    content.change("clinic.yaml", "country: ", "country: ")

    assert nothing in part(client, block, "/accessibility/")
    assert "Listeners" not in part(client, block, "/accessibility/")


def test_support_of_the_country_comes_first_and_each_name_once(tmp_path):
    everywhere = entry(BODY, about="anywhere.") + "\n" + entry(BODY, name="Friends")
    found = read(
        tmp_path,
        file_of(("support", entry(BODY)))
        + "\n"
        + file_of(("support", everywhere), country="everywhere"),
    )

    assert [(c.name, c.about) for c in help_in(found, "GR").support] == [
        ("Listeners", "for a device."),
        ("Friends", "for a device."),
    ]
    assert [c.about for c in help_in(found, "").support] == ["anywhere.", "for a device."]


def test_the_printed_leaflet_changes_its_code_with_the_line(content, client):
    written(content, file_of(("helplines", entry(LINE))))
    version = re.compile(r'class="version">([^<]+)<')
    before = client.get("/leaflet/book/").content.decode()
    assert "Listeners 116 123, day and night." in before

    content.change("help.yaml", "116 123", "116 124")
    after = client.get("/leaflet/book/").content.decode()

    assert version.findall(before) != version.findall(after)


REFUSED = [
    ("Greece:\n  helplines: []", "1: “Greece” is not the two letters of a country"),
    ("GR: 116 123", "1: “GR” holds lines such as “helplines:”"),
    ("GR:\n  helpline: []", "2: “helpline” is not a key that help.yaml knows"),
    ("GR:\n  helplines: 116 123", "2: “helplines” must be a list"),
    ("GR:\n  helplines:\n    - 116 123", "3: This one in “helplines” cannot be read"),
    ("GB:\n  emergency: call 999", "2: “emergency” must be 2 to 6 digits"),
    (
        file_of(("helplines", entry(LINE, number=None))),
        "3: This one in “helplines” has no “number”",
    ),
    (file_of(("helplines", entry(LINE, hours=None))), "3: This one in “helplines” has no “hours”"),
    (file_of(("support", entry(BODY, about=None))), "3: This one in “support” has no “about”"),
    (file_of(("helplines", entry(LINE, page=None))), "3: This one in “helplines” has no “page”"),
    (file_of(("helplines", entry(LINE, seen=None))), "3: This one in “helplines” has no “seen”"),
    (file_of(("helplines", entry(LINE, seen="yesterday"))), "7: “yesterday” is not a date"),
    (file_of(("helplines", entry(LINE, number="116 or 117"))), "4: “116 or 117” is not a number"),
    (
        file_of(("helplines", entry(LINE, page="listeners.example"))),
        "6: .* not the address of a page",
    ),
    (file_of(("helplines", entry(LINE, fax="1"))), "8: “fax” is not known in “helplines”"),
    (
        file_of(("helplines", entry(LINE)), country="everywhere"),
        "2: “everywhere” holds “support” alone",
    ),
]


@pytest.mark.parametrize(("text", "words"), REFUSED)
def test_what_cannot_be_used_is_refused_with_its_line(tmp_path, text, words):
    with pytest.raises(ContentError, match=rf"help\.yaml:{words}") as caught:
        read(tmp_path, text)

    assert caught.value.hint


@pytest.mark.parametrize("text", ["", "# nothing yet", None])
def test_a_site_without_the_file_names_nobody(tmp_path, text):
    found = read(tmp_path, text) if text is not None else read_help(tmp_path / "help.yaml")

    assert (found, help_in(found, "GR")) == ({}, Help())


def test_every_country_of_the_file_has_a_page_for_each_number():
    found = site_content().help_by_country

    assert found["GB"].helplines[0].link == "tel:116123"
    assert all(c.page and c.seen for here in found.values() for c in here.contacts)


def warnings():
    return [
        (p.id, p.error.place)
        for p in check_content(None)
        if p.id in ("content.W005", "content.W006")
    ]


def test_a_country_without_a_line_is_named_to_its_editor_until_the_clinic_gives_one(content):
    assert warnings() == []

    written(content, "GR:\n  helplines: []")
    [(name, place)] = warnings()
    assert name == "content.W005"
    assert place.startswith("content/clinic.yaml:")

    content.change("clinic.yaml", "helpline: ", "helpline: 116 123 #")
    assert warnings() == []


@pytest.mark.parametrize(
    ("days", "named"), [(364, []), (366, [("content.W006", "content/help.yaml:3")])]
)
def test_a_line_that_nobody_looked_at_for_a_year_is_named(content, days, named):
    seen = timezone.localdate() - datetime.timedelta(days)
    written(content, file_of(("helplines", entry(LINE, seen=seen))))

    assert warnings() == named


def test_a_line_cannot_have_been_seen_on_a_day_to_come(content):
    seen = timezone.localdate() + datetime.timedelta(3)
    written(content, file_of(("helplines", entry(LINE, seen=seen))))

    [(number, message)] = content.errors()

    assert (number, "still to come" in message) == ("content.E033", True)
