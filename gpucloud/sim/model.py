"""What the local cloud knows about one resource type, as data and functions."""

import hashlib
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from gpucloud.sim.errors import Refusal
from gpucloud.sim.store import Row, Store
from gpucloud.sim.values import Inputs


@dataclass(frozen=True, slots=True)
class Draft:
    """A resource that is about to be created or changed, with the cloud around it."""

    store: Store
    type: str
    urn: str
    scope: str
    inputs: Inputs
    id: str = ""
    previous: Row | None = None  # what it is now; None when it is new
    settings: Inputs = field(default_factory=dict)  # the provider's configuration
    health: tuple[str, ...] = ()  # why it failed late
    timeout: float = 0  # seconds that the program gives the call (`customTimeouts`); 0 where it leaves that to the type

    def digits(self, count: int, salt: str = "") -> str:
        """Return hexadecimal digits that follow from the id, or before there is one from the URN and its generation."""
        origin = self.id or f"{self.urn}|{self.store.generation(self.urn)}"
        return hashlib.sha256(f"{origin}|{salt}".encode()).hexdigest()[:count]

    def decimals(self, count: int, salt: str = "") -> str:
        """Return decimal digits that follow from the same."""
        return str(int(self.digits(40, f"decimal {salt}"), 16))[-count:]


@dataclass(frozen=True, slots=True)
class Autoname:
    """How the provider names what the program left unnamed: see `gpucloud.sim.autoname` for the forms."""

    property: str = "name"
    max_length: int = 255
    prefix: str = ""
    lower: bool = False  # whether the name is put in lower case
    form: Literal["hyphen", "suffix", "copy", "uuid"] = "hyphen"


def _no_text(_: Any) -> str:
    return ""


def _no_outputs(_: Draft) -> Inputs:
    return {}


def _no_health(_draft: Draft, _seq: int) -> list[str]:
    return []


def _as_given(_store: Store, _settings: Inputs, _olds: Inputs, news: Inputs) -> Inputs:
    return news


async def _nowhere_else(_: Any) -> Inputs:
    return {}


def _nothing_else(_store: Store, _row: Row) -> list[Row]:
    return []


def _all(_draft: Draft, health: list[str]) -> list[str]:
    return health


@dataclass(frozen=True, slots=True)
class ResourceType:
    """One modelled resource type: how it is named, numbered, computed, refused, replaced and removed."""

    token: str
    service: str  # botocore's name of the API
    create_call: str
    update_call: str
    delete_call: str
    identify: Callable[[Draft], str]
    compute: Callable[[Draft], Inputs] = _no_outputs
    defaults: Inputs = field(default_factory=dict)
    autoname: Autoname | None = None
    name_of: Callable[[Inputs], str] = _no_text
    parent_of: Callable[[Inputs], str] = _no_text
    is_global: bool = False
    check_inputs: tuple[Callable[[Inputs], Iterable[Refusal]], ...] = ()
    check_account: tuple[Callable[[Draft], None], ...] = ()
    check_removal: tuple[Callable[[Store, Row], None], ...] = ()
    replaces: frozenset[str] = frozenset()
    unordered: frozenset[str] = frozenset()
    computed_members: dict[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # of an input object: what the cloud adds
    volatile: frozenset[str] = frozenset()  # computed outputs that an update may change
    delete_before_replace: bool = False
    settle: Callable[[Draft, int], list[str]] = _no_health  # after the row is there; gives reasons of a late failure
    report: Callable[[Draft, list[str]], list[str]] = _all  # of those reasons, what the provider tells the engine
    failed_is_replaced: bool = True  # what failed late: the next update replaces it, or goes on with it in place
    fill_inputs: Callable[[Store, Inputs, Inputs, Inputs], Inputs] = _as_given  # what the provider adds to the inputs
    goes_along: Callable[[Store, Row], list[Row]] = _nothing_else  # what the cloud removes together with it
    overriding: frozenset[str] = frozenset()  # computed outputs that stand in the place of the input of that name
    realise: Callable[[Draft], Awaitable[Inputs]] = (
        _nowhere_else  # bring it to another server; gives what that computes
    )
    withdraw: Callable[[Row], Awaitable[Any]] = _nowhere_else  # take it away from there
