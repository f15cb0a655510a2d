"""Who the client is, at the real server: its headers as they arrive over the wire."""

import pytest

from tests.serving.wire import watched

SPELLINGS = ["X-Forwarded-For", "X_Forwarded_For", "x_forwarded-for"]


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """The site without a proxy."""
    with watched(tmp_path_factory.mktemp("bare")) as site:
        yield site


@pytest.fixture(scope="module")
def proxied(tmp_path_factory):
    """The site on https behind a proxy on this machine, which the test plays."""
    trust = {"TRUSTED_PROXIES": "127.0.0.1/32", "SITE_URL": "https://scars.example"}
    folder = tmp_path_factory.mktemp("proxied")
    with watched(folder, **trust, ALLOWED_HOSTS="127.0.0.1,scars.example") as site:
        yield site


def status(answer):
    return int(answer.split()[1])


def test_no_spelling_gives_a_client_another_address(bare):
    for n, spelling in enumerate([*SPELLINGS, *SPELLINGS]):
        spoofed = bare.send(f"{spelling}: 198.51.100.{n}", name=f"Ana {n}")
        assert status(spoofed) == 302
    both = [f"{spelling}: 198.51.100.99" for spelling in SPELLINGS]

    assert status(bare.send(*both, name="Both")) == status(bare.send(*both[::-1], name="Turned"))
    assert bare.enquiries("is_crowded") == [0] * 5 + [1] * 3


@pytest.mark.parametrize(
    ("headers", "expected"),
    [([], 301), (["X-Forwarded-Proto: http"], 301), (["X-Forwarded-Proto: https"], 200)],
)
def test_behind_a_trusted_proxy_https_is_what_the_proxy_says(headers, expected, proxied):
    asked = ["GET /risks/ HTTP/1.1", "Host: 127.0.0.1", "Connection: close"]

    assert status(proxied.ask(*asked, *headers)) == expected


def test_behind_a_trusted_proxy_clients_are_told_apart(proxied):
    https, name = "X-Forwarded-Proto: https", "X-Forwarded-For"
    for n in range(6):
        sent = proxied.send(https, f"{name}: 8.8.8.8, 198.51.100.{n}", name=f"Ana {n}")
        assert status(sent) == 302
    for n in range(6):
        sent = proxied.send(https, f"{name}: 8.8.8.{n}, 203.0.113.7:80{n}", name=f"Eva {n}")
        assert status(sent) == 302

    assert proxied.enquiries("is_crowded") == [0] * 11 + [1]
