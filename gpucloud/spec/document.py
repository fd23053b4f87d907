"""How every document of the specification behaves: frozen once built, unknown keys refused."""

from pydantic import BaseModel, ConfigDict


class Document(BaseModel):
    """A plain value that a person wrote: immutable, comparable, dumped to JSON; holds no Pulumi output."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", str_strip_whitespace=True, validate_default=False, use_attribute_docstrings=True
    )
