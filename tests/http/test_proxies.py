"""Who the client is: what a trusted proxy says, and nothing that anybody else says."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from mesosite.http.guard import guard
from mesosite.http.proxies import networks
from tests.requests import ask

PROXY, CLIENT, STRANGER = "10.0.0.7", "203.0.113.9", "198.51.100.1"
SPOOFED = [
    {"HTTP_X_FORWARDED_FOR": "8.8.8.8"},
    {"HTTP_X_FORWARDED_FOR": "10.0.0.8"},
    {"HTTP_X_FORWARDED_FOR": "127.0.0.1, 10.0.0.8"},
    {"HTTP_X_REAL_IP": "8.8.8.8"},
    {"HTTP_FORWARDED": "for=8.8.8.8;proto=https"},
    {"HTTP_CLIENT_IP": "8.8.8.8"},
    {"HTTP_X_FORWARDED_PROTO": "https"},
    {"HTTP_X_FORWARDED_HOST": "evil.example"},
    {"HTTP_X_FORWARDED_PORT": "443"},
]


@pytest.fixture
def trusting(settings):
    settings.TRUSTED_PROXIES = networks(["10.0.0.0/8", "2001:db8:ffff::/48"])


def seen(peer, **headers):
    """What the site takes for the client: (address, scheme, host)."""

    def show(environ, start_response):
        assert not {"HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO"} & environ.keys()
        start_response("200 OK", [])
        shown = (environ["REMOTE_ADDR"], environ["wsgi.url_scheme"], environ["HTTP_HOST"])
        return ["|".join(shown).encode()]

    answer = ask("/", app=guard(show), REMOTE_ADDR=peer, **headers)
    assert answer.status == 200
    return answer.body.decode().split("|")


@pytest.mark.parametrize("header", SPOOFED)
def test_without_a_trusted_proxy_no_header_changes_anything(header):
    assert seen(STRANGER, **header) == [STRANGER, "http", "127.0.0.1"]
    assert seen("127.0.0.1", **header) == ["127.0.0.1", "http", "127.0.0.1"]


@pytest.mark.parametrize("header", SPOOFED)
def test_who_comes_past_the_proxy_changes_nothing(header, trusting):
    assert seen(STRANGER, **header) == [STRANGER, "http", "127.0.0.1"]


FORWARDED = [
    ("203.0.113.9", CLIENT),
    ("8.8.8.8, 203.0.113.9", CLIENT),
    ("8.8.8.8,203.0.113.9,10.0.0.8", CLIENT),
    ("203.0.113.9:5678", CLIENT),
    ("::ffff:203.0.113.9", CLIENT),
    ("[2001:db8::1]:80", "2001:db8::1"),
    ("[2001:db8::1]", "2001:db8::1"),
    ("2001:db8::1", "2001:db8::1"),
    ("2001:DB8:0::1%<b>", "2001:db8::1"),
    ("203.0.113.9, 2001:db8:ffff::5", CLIENT),
    ("10.0.0.8", "10.0.0.8"),
]


@pytest.mark.parametrize(("forwarded", "client"), FORWARDED)
def test_behind_the_proxy_the_last_stranger_is_the_client(forwarded, client, trusting):
    assert seen(PROXY, HTTP_X_FORWARDED_FOR=forwarded)[0] == client
    assert seen(f"::ffff:{PROXY}", HTTP_X_FORWARDED_FOR=forwarded)[0] == client


NO_ADDRESS = ["", " ", ",", "unknown", "[", "[]:80", "1.2.3", "1.2.3.4.5", ":", "x" * 9999, "\xff"]


@pytest.mark.parametrize("last", NO_ADDRESS)
def test_what_is_no_address_counts_as_the_proxy_that_passed_it_on(last, trusting):
    assert seen(PROXY, HTTP_X_FORWARDED_FOR=last)[0] == PROXY
    assert seen(PROXY, HTTP_X_FORWARDED_FOR=f"8.8.8.8, {last}")[0] == PROXY
    assert seen(PROXY, HTTP_X_FORWARDED_FOR=f"8.8.8.8, {last}, 10.0.0.8")[0] == "10.0.0.8"


@pytest.mark.parametrize("said", ["https", "HTTPS", " https ", "http, https"])
def test_the_proxy_says_that_it_was_https(said, trusting):
    assert seen(PROXY, HTTP_X_FORWARDED_PROTO=said)[1] == "https"


@pytest.mark.parametrize("said", ["https, http", "http", "", "wss", "httpsx", "\xff"])
def test_whatever_else_the_proxy_says_was_not_https(said, trusting):
    assert seen(PROXY, HTTP_X_FORWARDED_PROTO=said)[1] == "http"


@pytest.mark.parametrize("peer", ["", "unix:", "not an address"])
def test_a_peer_without_an_address_is_not_trusted(peer, trusting):
    assert seen(peer, HTTP_X_FORWARDED_FOR="8.8.8.8")[0] == peer


@pytest.mark.parametrize("wrong", ["10.0.0.1/8", "proxy.example", "10.0.0.0/8 127.0.0.1"])
def test_a_wrong_network_stops_the_start_in_words(wrong):
    with pytest.raises(ImproperlyConfigured, match="TRUSTED_PROXIES is one network"):
        networks([wrong])
