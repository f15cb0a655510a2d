"""/privacy/ says what the law asks for, in the clinic's words, or that they are missing."""

from mesosite.pages.checks.gate import check_content
from mesosite.pages.rendering import render_page

SAID = {
    "responsible": ('"Example Clinic Ltd, Street 1"', "Example Clinic Ltd, Street 1"),
    "stored": ('["Server: Example Host, Greece"]', "Server: Example Host, Greece"),
    "authority": ('"Data Office, www.office.example"', "Data Office, www.office.example"),
}


def privacy():
    from mesosite.pages.catalogue import all_pages

    return render_page(all_pages()["privacy"])


def warned():
    return [problem.msg for problem in check_content(None) if problem.id == "content.W002"]


def fill_in(content):
    content.change("clinic.yaml", "stored: []", "stored:")
    for key, (value, _shown) in SAID.items():
        content.change("clinic.yaml", f"{key}:", f"{key}: {value}")


def test_what_the_clinic_says_stands_on_the_page(content):
    fill_in(content)

    html = privacy()

    assert [shown for _value, shown in SAID.values() if shown not in html] == []
    assert "Not filled in yet" not in html


def test_what_is_missing_is_said_to_be_missing(content):
    assert privacy().count("Not filled in yet") == len(SAID)


def test_a_clinics_own_site_is_warned_of_each_gap(content):
    content.change("clinic.yaml", "name:  ", "name: Example Clinic")

    assert [key for key in SAID if not any(f"“{key}”" in message for message in warned())] == []


def test_neither_a_demonstration_nor_a_full_file_is_warned(content):
    assert warned() == []

    fill_in(content)
    content.change("clinic.yaml", "name:  ", "name: Example Clinic")
    assert warned() == []


def test_the_page_shows_how_long_requests_are_kept(content):
    content.change("clinic.yaml", "closed: 183", "closed: 200")
    content.change("clinic.yaml", "record: 1095", "record: 400")

    assert "kept for 200 days" in privacy()
    assert "That note is kept for 400 days" in privacy()
