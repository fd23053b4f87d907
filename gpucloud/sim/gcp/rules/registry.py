"""What Artifact Registry refuses of a remote repository.

Sources: gcloud reference, `artifacts repositories create --remote-docker-repo` (an http or https address); the SDK's
text of `commonRepository.uri` and `passwordSecretVersion`, and of `location` (a region, or asia, europe, us).
"""

import re
from collections.abc import Iterator

from gpucloud.sim.errors import CloudError, Refusal
from gpucloud.sim.gcp.places import find_location, zones_of
from gpucloud.sim.gcp.rules.reading import text
from gpucloud.sim.model import Draft
from gpucloud.sim.values import Inputs

_URI = "remoteRepositoryConfig.commonRepository.uri"
_SECRET = "remoteRepositoryConfig.upstreamCredentials.usernamePasswordCredentials.passwordSecretVersion"  # noqa: S105 - a path
_MULTI_REGIONS = ("asia", "europe", "us")


def refuse_bad_upstream(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse a source that is neither an address nor a repository, and a password that is no version of a secret."""
    uri, secret = text(inputs, _URI), text(inputs, _SECRET)
    if uri and not re.match(r"https?://\S+$|projects/[^/]+/locations/[^/]+/repositories/[^/]+$", uri):
        yield Refusal(_URI, "badRequest", f"{uri!r} is no address of a registry and no repository")
    if secret and not re.fullmatch(r"projects/[^/]+/secrets/[^/]+/versions/[^/]+", secret):
        yield Refusal(_SECRET, "badRequest", f"{secret!r} is not projects/PROJECT/secrets/SECRET/versions/VERSION")


def refuse_bad_location(draft: Draft) -> None:
    """Refuse a location that is neither a region of Google Cloud nor one of its multi-regions."""
    location = find_location(draft)
    if location not in _MULTI_REGIONS and not zones_of(location):
        raise CloudError("badRequest", f"Location {location} is not found or access is unauthorized.")
