"""The form of a file follows Accept-Encoding, and each form has its own ETag (RFC 9110)."""

import gzip

import brotli
import pytest

from tests.requests import Answer, ask

pytestmark = pytest.mark.django_db
PAGE = "/risks/"
READ = {"br": brotli.decompress, "gzip": gzip.decompress, "identity": bytes}
ACCEPTED = [
    ("br, gzip", "br"),
    ("gzip, deflate, br, zstd", "br"),
    ("br;q=0, gzip", "gzip"),
    ("br;q=0.000", "identity"),
    ("gzip;q=0.9, br;q=0.1", "gzip"),
    ("identity, gzip;q=0.5", "identity"),
    ("gzip;q=0.001", "gzip"),
    ("GZIP ; Q=1.0", "gzip"),
    ("identity;q=0, gzip", "gzip"),
    ("*", "br"),
    ("*;q=0.5, br;q=0", "gzip"),
    ("*;q=0, identity", "identity"),
    ("", "identity"),
    ("deflate, brotli, br2", "identity"),
    ("br;q=high, ;;,", "identity"),
]


def in_form(accepted: str, path: str = PAGE, **asked: str) -> Answer:
    return ask(path, HTTP_ACCEPT_ENCODING=accepted, **asked)


def form_of(answer: Answer) -> str:
    return answer.headers.get("content-encoding", "identity")


@pytest.mark.parametrize(("accepted", "coding"), ACCEPTED)
def test_a_file_comes_in_the_form_that_is_accepted_most(accepted: str, coding: str) -> None:
    answer = in_form(accepted)

    assert (answer.status, form_of(answer)) == (200, coding)
    assert READ[coding](answer.body) == ask(PAGE).body
    assert answer.headers["content-length"] == str(len(answer.body))
    assert answer.headers["vary"] == "Accept-Encoding"


def test_a_client_that_names_no_coding_gets_the_file_as_it_is() -> None:
    assert form_of(ask(PAGE)) == "identity"


@pytest.mark.parametrize("accepted", ["identity;q=0", "*;q=0", "identity;q=0, br;q=0"])
def test_a_client_that_accepts_no_form_is_told_so(accepted: str) -> None:
    answer = in_form(accepted)

    assert (answer.status, answer.body) == (406, b"")
    assert answer.headers["vary"] == "Accept-Encoding"


def test_each_form_has_an_etag_of_its_own() -> None:
    etags = {coding: in_form(f"{coding}, identity;q=0.1").headers["etag"] for coding in READ}

    assert len(set(etags.values())) == len(READ)
    for coding, etag in etags.items():
        for other in READ:
            again = in_form(f"{other}, identity;q=0.1", HTTP_IF_NONE_MATCH=etag)
            assert again.status == (304 if other == coding else 200)


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', '"a, b",W/"other" , W/{} ', "*"])
def test_a_form_that_the_client_has_is_not_sent_again(form: str) -> None:
    etag = in_form("br").headers["etag"]

    answer = in_form("br", HTTP_IF_NONE_MATCH=form.format(etag))

    assert (answer.status, answer.body) == (304, b"")
    assert answer.headers["etag"] == etag
    assert answer.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize("form", ['"other"', 'W/"other", "*"', "{}x", "", "other"])
def test_a_form_that_it_has_not_is_sent(form: str) -> None:
    etag = in_form("br").headers["etag"].strip('"')

    assert in_form("br", HTTP_IF_NONE_MATCH=form.format(etag)).status == 200


@pytest.mark.parametrize(("accepted", "coding"), [("gzip;q=0", "identity"), ("gzip", "gzip")])
def test_a_page_that_is_made_comes_in_an_accepted_form_too(accepted: str, coding: str) -> None:
    for path in ("/search/", "/consultation/"):
        answer = in_form(accepted, path)

        assert (answer.status, form_of(answer)) == (200, coding)
        assert "Accept-Encoding" in answer.headers["vary"]


FILES = ["/robot.txt", "/index.php", "/risks.html", "/.well-known/security.txt"]
OTHERS = ["/.well-known/change-password", "/.git/config", "/Risks", "/a//b", "/wp-content/x.php"]


@pytest.mark.parametrize("path", [*FILES, *OTHERS])
def test_an_address_that_no_page_can_have_is_404_without_a_detour(path: str) -> None:
    answer = ask(path)

    assert answer.status == 404
    assert b"There is no page here" in answer.body


def test_a_page_without_its_slash_is_led_to_it() -> None:
    assert ask("/leaflet/check").headers["location"] == "/leaflet/check/"


def test_the_icon_is_found_where_a_browser_looks_for_it() -> None:
    icon = ask(ask("/favicon.ico").headers["location"])

    assert icon.status == 200
    assert icon.headers["content-type"].startswith("image/svg+xml")
