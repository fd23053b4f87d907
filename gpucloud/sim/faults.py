"""Faults that somebody set: errors, throttling and delays, kept in the database so that they hold across processes."""

import fnmatch
from dataclasses import dataclass

from gpucloud.sim.errors import CloudError
from gpucloud.sim.store import Store

# terraform-provider-aws: `max_retries` defaults to 25, and the AWS SDK retries throttling errors.
_ATTEMPTS = 25
_THROTTLING = {"ec2": "RequestLimitExceeded", "iam": "Throttling"}


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a cloud API on behalf of a resource."""

    service: str
    operation: str
    type: str
    urn: str

    def matches(self, pattern: str) -> bool:
        """Return whether a shell pattern names this call by operation, by type token or by URN."""
        names = (self.operation, f"{self.service}:{self.operation}", self.type, self.urn, self.urn.rpartition("::")[2])
        return any(fnmatch.fnmatchcase(name, pattern) for name in names)


def meet_faults(store: Store, call: Call) -> float:
    """Return the seconds that the call is to wait; CloudError where a fault refuses it.

    Throttling uses up one answer per attempt, and the provider tries 25 times, as the real one does: fewer throttled
    answers than that are only slow, more surface.
    """
    rows = store.db.execute("SELECT seq, kind, pattern, code, message, seconds, remaining FROM fault ORDER BY seq")
    seconds = 0.0
    refusal: CloudError | None = None
    for seq, kind, pattern, code, message, wait, remaining in rows.fetchall():
        if refusal is not None or remaining == 0 or not call.matches(pattern):
            continue
        match kind:
            case "delay":
                seconds += wait
                _use_up(store, seq, remaining, 1)
            case "throttle":
                used = _ATTEMPTS if remaining < 0 else min(remaining, _ATTEMPTS)
                _use_up(store, seq, remaining, used)
                seconds += 0.002 * used
                store.log("throttled", call.urn, "", f"{used} times at {call.operation}")
                if used == _ATTEMPTS:
                    name = _THROTTLING.get(call.service, "ThrottlingException")
                    refusal = CloudError(name, f"exceeded maximum number of attempts, {_ATTEMPTS}; Rate exceeded")
            case _:
                _use_up(store, seq, remaining, 1)
                refusal = CloudError(code, message)
    if refusal is not None:
        store.log("refused", call.urn, "", str(refusal))
        raise refusal
    return seconds


def _use_up(store: Store, seq: int, remaining: int, used: int) -> None:
    if remaining > 0:
        store.db.execute("UPDATE fault SET remaining = remaining - ? WHERE seq = ?", (used, seq))
        store.db.execute("DELETE FROM fault WHERE seq = ? AND remaining <= 0", (seq,))
