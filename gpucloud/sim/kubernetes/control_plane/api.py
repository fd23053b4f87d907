"""A small client of an API server: server-side apply, reading, deleting, waiting."""

import http.client
import json
import ssl
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from gpucloud.errors import LocalCloudError

_SECONDS = 30.0
_CONNECTIVITY = (OSError, http.client.HTTPException)


class ApiError(LocalCloudError):
    """What an API server refused, with its status code and reason."""

    def __init__(self, code: int, reason: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.reason = reason


class ApiServer:
    """One API server, as a user with a token sees it."""

    def __init__(self, address: str, authority: str, token: str) -> None:
        self.address = address
        self._host = urlsplit(address).netloc
        self._context = ssl.create_default_context(cadata=authority)
        self._token = token

    def request(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, *, form: str = "application/json"
    ) -> Any:
        """The answer's document; ApiError where the server refuses, LocalCloudError where none answers."""
        connection = http.client.HTTPSConnection(self._host, context=self._context, timeout=_SECONDS)
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": form, "Accept": "application/json"}
        try:
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            text = answer.read()
        except _CONNECTIVITY as error:
            raise LocalCloudError(f"{self.address} does not answer: {error}") from error
        finally:
            connection.close()
        if answer.status >= http.client.BAD_REQUEST:
            raise _refusal(answer.status, text)
        return _document(text)

    def apply(self, body: Mapping[str, Any], manager: str, *, force: bool = False, dry_run: bool = False) -> Any:
        """Server-side apply of an object, whole; the object as it then is. Refused where another manager owns a field.

        With `dry_run` nothing is stored, and admission says what it would say.
        """
        options = {"fieldManager": manager, "force": str(force).lower(), **({"dryRun": "All"} if dry_run else {})}
        path = f"{self.path_of(body)}?{urlencode(options)}"
        return self.request("PATCH", path, body, form="application/apply-patch+yaml")

    def path_of(self, body: Mapping[str, Any]) -> str:
        """The path of an object, from what the server says of its kind; ApiError (404) for a kind that it has not."""
        metadata = body["metadata"]
        version, kind = str(body["apiVersion"]), str(body["kind"])
        root = f"/apis/{version}" if "/" in version else f"/api/{version}"
        try:
            resources = self.request("GET", root)["resources"]
        except ApiError as error:
            if error.code != http.client.NOT_FOUND:
                raise
            resources = []  # a group that the server has not: its answer is a bare "404 page not found"
        found = next((entry for entry in resources if entry["kind"] == kind and "/" not in entry["name"]), None)
        if found is None:
            raise ApiError(404, "NotFound", f'no matches for kind "{kind}" in version "{version}"')
        below = f"/namespaces/{quote(metadata.get('namespace', 'default'))}" if found["namespaced"] else ""
        return f"{root}{below}/{found['name']}/{quote(metadata['name'])}"

    def wait(self, path: str, done: Callable[[Any], bool], seconds: float = 60.0) -> Any:
        """The object once it is as wanted; LocalCloudError with what it was last where that takes too long."""
        deadline = time.monotonic() + seconds
        found: Any = None
        while time.monotonic() < deadline:
            found = self.request("GET", path)
            if done(found):
                return found
            time.sleep(0.1)
        raise LocalCloudError(f"{path} did not come to be as wanted within {seconds:.0f} s; it is {found}")

    def answers(self) -> bool:
        """Whether the server is ready to serve."""
        try:
            self.request("GET", "/readyz")
        except LocalCloudError:
            return False
        return True


def _document(text: bytes) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text.decode(errors="replace")


def _refusal(status: int, text: bytes) -> ApiError:
    found = _document(text)
    if isinstance(found, dict):
        return ApiError(status, str(found.get("reason", "")), str(found.get("message", "")))
    return ApiError(status, "", str(found).strip())
