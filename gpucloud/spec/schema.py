"""The JSON Schema of the environment document, for editors and other languages."""

from typing import Any

from gpucloud.spec.cluster import EnvironmentSpec


def environment_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of an environment; each property's description is its field's docstring."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "gpucloud environment",
        **EnvironmentSpec.model_json_schema(mode="validation"),
    }
