"""What the local cloud answers instead of a result, in the clouds' own codes."""

from dataclasses import dataclass


class CloudError(Exception):
    """Raise when the local cloud refuses a call: the API's error code and its text."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(f"{code}: {message}")


@dataclass(frozen=True, slots=True)
class Refusal:
    """One input that the API would refuse: its path in wire names ('' for the whole resource), code and text."""

    path: str
    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.code}: {self.message}" if self.code else self.message
