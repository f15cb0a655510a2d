"""The client's address and scheme, as trusted proxies state them.

A WSGI server gives `X_Forwarded_For` the name of `X-Forwarded-For`, and the last one of the two
wins. So a trusted proxy must set the headers itself and drop the spelling with underscores.
"""

import ipaddress
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ImproperlyConfigured

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def networks(texts: Iterable[str]) -> list[Network]:
    """TRUSTED_PROXIES as networks. Raises ImproperlyConfigured, in words."""
    try:
        return [ipaddress.ip_network(text) for text in texts]
    except ValueError as error:
        raise ImproperlyConfigured(
            "TRUSTED_PROXIES is one network, or several with commas between, "
            f"such as 127.0.0.1/32,10.0.0.0/8: {error}."
        ) from error


def settle_client(environ: dict[str, Any], proxies: Sequence[Network]) -> None:
    """Puts address and scheme of the client into `environ`, and drops the headers about them.

    The address is the last one in X-Forwarded-For that belongs to no trusted proxy: the client
    itself may have written all before it. A hop that is not an address ends the search, and the
    proxy that passed it on counts as the client.
    """
    scheme = environ.pop("HTTP_X_FORWARDED_PROTO", "").split(",")[-1].strip()
    hops = environ.pop("HTTP_X_FORWARDED_FOR", "").split(",")
    client = _address(environ.get("REMOTE_ADDR", ""))
    if not _is_trusted(client, proxies):
        return
    if scheme.lower() == "https":
        environ["wsgi.url_scheme"] = "https"
    while hops and _is_trusted(client, proxies) and (hop := _address(hops.pop())):
        client = hop
    environ["REMOTE_ADDR"] = str(client)


def _address(text: str) -> Address | None:
    """The IP address in a hop such as `192.0.2.1`, `192.0.2.1:5678` or `[2001:db8::1]:80`."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        ip = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(ip, "ipv4_mapped", None) or ip


def _is_trusted(address: Address | None, proxies: Sequence[Network]) -> bool:
    return address is not None and any(address in proxy for proxy in proxies)
