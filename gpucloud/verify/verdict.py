"""What a check finds."""

from dataclasses import dataclass
from typing import Literal

Outcome = Literal["pass", "fail", "skipped", "not-applicable"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """One finding of one check.

    `skipped` says that nobody could look, which is no pass; `not-applicable` that there is nothing to look at.
    """

    check: str
    subject: str
    outcome: Outcome
    finding: str
    fix: str = ""
