"""URLs are taken and refused as Go does; each was asked of Go's net/url."""

import pytest

from gpucloud.kubelet.urls import Url, parse_url


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("unix:///run/a.sock", Url("unix", "")),
        ("UNIX://run/a.sock", Url("unix", "run")),
        ("/run/a.sock", Url("", "")),
        ("dns://[::1]:53/collector:4317", Url("dns", "[::1]:53")),
        ("localhost:4317", Url("localhost", "")),
        ("unix:run%zz", Url("unix", "")),
        ("", Url("", "")),
    ],
)
def test_a_url_is_taken_apart(text: str, url: Url):
    assert parse_url(text) == url


@pytest.mark.parametrize(
    "text",
    [
        ":4317",
        "1x:4317",
        "dns://localhost:port",
        "dns://[::1",
        "dns://a b",
        "dns://a%41",
        "unix:///run/%zz",
        "a\tb",
        "a#%zz",
        "dns://é@[x]/",
    ],
)
def test_what_is_no_url_is_refused(text: str):
    with pytest.raises(ValueError, match=r"."):
        parse_url(text)
