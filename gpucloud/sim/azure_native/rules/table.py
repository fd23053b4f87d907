"""Which rules hold for which type."""

from collections.abc import Callable, Iterable

from gpucloud.sim.azure_native import tokens
from gpucloud.sim.errors import Refusal
from gpucloud.sim.model import Draft
from gpucloud.sim.values import Inputs

InputRule = Callable[[Inputs], Iterable[Refusal]]
AccountRule = Callable[[Draft], None]

INPUT_RULES: dict[str, tuple[InputRule, ...]] = {}
ACCOUNT_RULES: dict[str, tuple[AccountRule, ...]] = {}


def input_rules_of(token: str) -> tuple[InputRule, ...]:
    """Return a type's rules over inputs alone, without those of the table of limits."""
    return INPUT_RULES.get(token, ())
