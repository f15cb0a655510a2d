"""What the real server prints, whatever is thrown at it: nothing that anybody sent."""

import pytest

from tests.serving.wire import watched

MARK = "zqxmarker7"
EVERYWHERE = [f"User-Agent: {MARK}", f"Referer: http://127.0.0.1/{MARK}", f"Cookie: session={MARK}"]
EVERYWHERE += [f"X-Forwarded-For: {MARK}", f"{MARK}: {MARK}"]
ASKED = ["Host: 127.0.0.1", "Connection: close"]
FORM = "Content-Type: application/x-www-form-urlencoded"
POST = ["POST /consultation/ HTTP/1.1", *ASKED]
BROKEN = [
    [f"GET /{MARK}/ HTTP/1.1", *ASKED],
    [f"GET /consultation/r/{MARK}/ HTTP/1.1", *ASKED],
    [f"GET /consultation/?{MARK}=%ff HTTP/1.1", *ASKED],
    [f"GET /%ff{MARK}%00/ HTTP/1.1", *ASKED],
    ["GET / HTTP/1.1", f"Host: {MARK}", "Connection: close"],
    [f"{MARK} / HTTP/1.1", *ASKED],
    [f"{MARK}"],
    [f"GET / {MARK}/1.1"],
    [f"GET /{MARK}\0 HTTP/1.1", *ASKED],
    ["GET / HTTP/1.1", f"{MARK} without a colon", *ASKED],
    ["GET / HTTP/1.1", f"X: {MARK}".encode() + b"\xff\x01", *ASKED],
    [f"GET /{MARK * 9999} HTTP/1.1", *ASKED],
    ["GET / HTTP/1.1", *ASKED, *[f"X-{n}: {MARK}" for n in range(500)]],
    [*POST, f"Content-Length: {MARK}"],
    [*POST, "Content-Length: 9999999", FORM, "", MARK],
    [*POST, "Content-Length: 10", f"Content-Type: {MARK}", "", MARK],
    [*POST, "Transfer-Encoding: chunked", FORM, "", MARK],
]
CUT_SHORT = [
    [f"GET /{MARK}/ HTTP/1.1", f"X: {MARK}"],
    [*POST, "Content-Length: 999", FORM, "", f"name={MARK}"],
    [*POST, "Content-Length: 2000000", FORM, "", f"name={MARK}"],
    [*POST, "Transfer-Encoding: chunked", FORM, "", "99", f"name={MARK}"],
]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with watched(tmp_path_factory.mktemp("watched")) as site:
        yield site


def test_the_start_prints_no_warning_that_nobody_there_can_do_anything_about(site):
    assert "A login" in site.said()
    assert "ROLE=manager   (nobody is a manager yet)" in site.said()
    assert "WARN" not in site.said()


@pytest.mark.parametrize("lines", BROKEN)
def test_a_broken_request_is_refused_without_a_word(lines, site):
    answer = site.ask(*lines)

    assert 400 <= int(answer.split()[1]) < 500
    assert MARK not in site.said()


@pytest.mark.parametrize("lines", CUT_SHORT)
def test_a_request_that_breaks_off_leaves_no_word(lines, site):
    assert not site.ask(*lines, hang_up=True).startswith("HTTP/1.1 5")
    assert MARK not in site.said()


def test_a_request_is_taken_without_a_word(site):
    taken = site.send(*EVERYWHERE, name=MARK, email=f"{MARK}@example.com", message=MARK)
    refused = site.send(*EVERYWHERE, name=MARK, phone=MARK, email=MARK)

    assert taken.startswith("HTTP/1.1 302")
    assert refused.startswith("HTTP/1.1 422")
    assert MARK in refused
    assert MARK not in site.said()


def test_a_failure_is_one_line_with_its_place_and_without_a_word(site):
    """The table of the rates is gone, so that what is sent cannot be stored."""
    site.sql("ALTER TABLE enquiries_rate RENAME TO gone")
    lost = site.send(*EVERYWHERE, name=MARK, message=f"{MARK} again")
    site.sql("ALTER TABLE gone RENAME TO enquiries_rate")

    assert lost.startswith("HTTP/1.1 503")
    assert (
        "mesosite.enquiries.consultation.views An enquiry could not be stored: OperationalError"
        in site.said()
    )
    assert "ERROR django.request" in site.said()
    assert MARK not in site.said()
