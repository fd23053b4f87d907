"""Capacity errors: what a cloud's refusal means, so that a failover knows whether another zone can help."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from gpucloud.facts.machine_types import known_cloud
from gpucloud.facts.tables import read_table

Meaning = Literal["no-capacity", "quota", "terminal"]
Scope = Literal["account", "region", "request", "reservation", "subnet", "zone"]

_TOKEN = re.compile(r"[A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*")


@dataclass(frozen=True, slots=True)
class CapacityError:
    """One error code of one cloud.

    Attributes:
        cloud: `aws`, `azure` or `gcp`.
        code: The code as the API spells it.
        meaning: `no-capacity`: try elsewhere; `quota`: the account's limit, so another zone of the region does not
            help; `terminal`: nothing but a changed request helps.
        scope: What the refusal holds for: trying again outside of it can work.
        advice: What a person can do.
        source: Where the row comes from.
        origins: How many independent origins list the code.
    """

    cloud: str
    code: str
    meaning: Meaning
    scope: Scope
    advice: str
    source: str
    origins: int


def capacity_errors(cloud: str) -> tuple[CapacityError, ...]:
    """Return the error codes of a cloud, sorted by code; raise UnknownNameError for a cloud without a table."""
    return tuple(_by_code(cloud).values())


def classify(cloud: str, message: str) -> CapacityError | None:
    """Return the error whose code stands in a text as a whole token, or None.

    A code inside a longer word is another code (`InvalidParameterValue` is not `InvalidParameter`) and a code in a
    dotted name stands only where the whole name does. Of several codes the longest wins: it says most.
    """
    codes = _by_code(cloud)
    # Services put the guilty side before a code: `Server.InsufficientInstanceCapacity`.
    tokens = {token.removeprefix("Client.").removeprefix("Server.") for token in _TOKEN.findall(message)}
    return max(
        (codes[token] for token in tokens & codes.keys()), key=lambda error: (len(error.code), error.code), default=None
    )


@cache
def _by_code(cloud: str) -> dict[str, CapacityError]:
    known = known_cloud(cloud)
    return {
        row["code"]: CapacityError(
            cloud=cloud,
            code=row["code"],
            meaning=cast("Meaning", row["meaning"]),
            scope=cast("Scope", row["scope"]),
            advice=row["advice"],
            source=row["source"],
            origins=int(row["origins"]),
        )
        for row in read_table(f"{known}_capacity_errors")
    }
