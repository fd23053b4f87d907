"""URLs as Go takes them: what a URL's scheme and host are, or why it is none.

Source: Go 1.26 net/url/url.go (Parse); the kubelet asks it of the container runtime's endpoint and of tracing's.
"""

import re
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv6Address

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_BAD_HOST_ESCAPE = re.compile(r"%(?!25)[0-7]")
_BAD_HOST = re.compile(r"""[\x00-\x7f](?<![A-Za-z0-9._~!$&'()*+,;=:\[\]<>"%-])""")
_USER = re.compile(r"[A-Za-z0-9._:~!$&'()*+,;=%@-]*")
_PORT = re.compile(r"(:[0-9]*)?")


@dataclass(frozen=True, slots=True)
class Url:
    """The parts of a URL that the kubelet looks at; the scheme is in small letters, the host has its port."""

    scheme: str
    host: str


def parse_url(text: str) -> Url:
    """The URL's scheme and host; raises ValueError with the reason where Go takes the text for no URL."""
    text, _, fragment = text.partition("#")
    if _CONTROL.search(text):
        raise ValueError("it has control characters")
    if text.startswith(":"):
        raise ValueError("it begins with a colon")
    match = _SCHEME.match(text)
    scheme, rest = (match[1].lower(), text[match.end() :]) if match else ("", text)
    rest = rest.partition("?")[0]
    host = ""
    if not rest.startswith("/"):
        if scheme:
            return _whole(Url(scheme, ""), fragment)
        if ":" in rest.partition("/")[0]:
            raise ValueError("a colon stands before the first slash")
    if rest.startswith("//") and (scheme or not rest.startswith("///")):
        authority, slash, path = rest[2:].partition("/")
        host, rest = _host_of(authority), slash + path
    return _whole(Url(scheme, host), rest, fragment)


def _whole(url: Url, *texts: str) -> Url:
    if any(_BAD_ESCAPE.search(text) for text in texts):
        raise ValueError("an escape in it is not %XX")
    return url


def _host_of(authority: str) -> str:
    user, _, host = authority.rpartition("@")
    if not _USER.fullmatch(user) or _BAD_ESCAPE.search(user):
        raise ValueError("its user name is none")
    if "[" in host:
        literal, bracket, port = host[1:].rpartition("]")
        if host.rindex("[") > 0 or not bracket or not _is_ipv6(literal):
            raise ValueError("its host is no IPv6 address in brackets")
    else:
        port = host[host.rindex(":") :] if ":" in host else ""
    if not _PORT.fullmatch(port):
        raise ValueError(f"{port} is no port")
    if _BAD_ESCAPE.search(host) or _BAD_HOST_ESCAPE.search(host) or _BAD_HOST.search(host):
        raise ValueError("its host has characters that no host has")
    return host


def _is_ipv6(text: str) -> bool:
    try:
        IPv6Address(text.partition("%25")[0])
    except AddressValueError:
        return False
    return "%25" not in text or not text.endswith("%25")
