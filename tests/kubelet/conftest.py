"""The kubelet's own code, once a worker."""

from collections.abc import Iterator

import pytest

from tests.kubelet.oracle import Oracle, needs_kubelet_check


@pytest.fixture(scope="session")
def oracle() -> Iterator[Oracle]:
    """A judge that is the kubelet itself; skips, or fails in CI, where it is not built."""
    needs_kubelet_check()
    found = Oracle()
    yield found
    found.close()
