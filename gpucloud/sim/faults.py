"""Faults that somebody set: errors, throttling and delays, kept in the database so that they hold across processes."""

import fnmatch
from dataclasses import dataclass

from gpucloud.sim.errors import CloudError
from gpucloud.sim.store import Store

_AWS = {"ec2": "RequestLimitExceeded", "iam": "Throttling"}


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


@dataclass(frozen=True, slots=True)
class Throttling:
    """How often a provider tries a throttled call, and what it says when it gives up."""

    attempts: int
    code: str
    text: str


def throttling_of(service: str) -> Throttling:
    """Return how the provider of an API bears throttling.

    AWS: terraform-provider-aws, `max_retries` 25. Azure: azcore policy.RetryOptions, three retries; azure-aks-docs
    quotas-skus-regions.md, code Throttled. Google: terraform-provider-google retries 429 rateLimitExceeded for as long
    as the operation may take; the local cloud gives up after ten.
    """
    if service.startswith("Microsoft."):
        code = "Throttled" if service == "Microsoft.ContainerService" else "TooManyRequests"
        return Throttling(4, code, "The request is throttled. Retry after some seconds.")
    if service.endswith(".googleapis.com"):
        return Throttling(10, "rateLimitExceeded", "Rate Limit Exceeded")
    text = "exceeded maximum number of attempts, 25; Rate exceeded"
    return Throttling(25, _AWS.get(service, "ThrottlingException"), text)


def meet_faults(store: Store, call: Call) -> float:
    """Return the seconds that the call is to wait; CloudError where a fault refuses it.

    Throttling uses up one answer per attempt, and the provider tries as often as the real one does: fewer throttled
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
                throttling = throttling_of(call.service)
                used = throttling.attempts if remaining < 0 else min(remaining, throttling.attempts)
                _use_up(store, seq, remaining, used)
                seconds += 0.002 * used
                store.log("throttled", call.urn, "", f"{used} times at {call.operation}")
                if used == throttling.attempts:
                    refusal = CloudError(throttling.code, throttling.text)
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
