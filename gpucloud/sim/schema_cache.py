"""Schemas kept in memory and on disk, so that a new server need not import the SDKs again."""

import dataclasses
import importlib.metadata
import json
import os
from pathlib import Path

from gpucloud.sim.schema import ResourceSchema, recover

_FORM = "1"  # raise when ResourceSchema changes


def sdk_version(package: str) -> str:
    """Return the installed version of a Pulumi SDK package; PackageNotFoundError where it is not installed."""
    return importlib.metadata.version(f"pulumi-{package}")


class SchemaCache:
    """Schemas by token; a file per type under `directory`, keyed by the SDK's version."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._known: dict[str, ResourceSchema | None] = {}

    def get(self, token: str) -> ResourceSchema | None:
        """Return the schema of a token, or None where the installed SDK does not know it."""
        if token not in self._known:
            self._known[token] = self._load(token)
        return self._known[token]

    def _load(self, token: str) -> ResourceSchema | None:
        package = token.partition(":")[0]
        folder = self._directory / f"{package}-{sdk_version(package)}-{_FORM}"
        path = folder / (token.replace("/", "_").replace(":", "_") + ".json")
        try:
            return ResourceSchema(**json.loads(path.read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            pass  # absent or half-written: recover it
        schema = recover(token)
        if schema is not None:
            folder.mkdir(parents=True, exist_ok=True)
            draft = path.with_suffix(f".{os.getpid()}")
            draft.write_text(json.dumps(dataclasses.asdict(schema), sort_keys=True), "utf-8")
            draft.replace(path)
        return schema
