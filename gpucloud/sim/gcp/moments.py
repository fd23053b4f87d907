"""When a resource was made: the local cloud counts its events, not a clock, so that two runs of one program agree."""

import datetime as dt

from gpucloud.sim.model import Draft

_EPOCH = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def made_at(draft: Draft) -> str:
    """Return the creation time of a resource: one second an event of the local cloud."""
    if draft.previous is not None and "creationTimestamp" in draft.previous.outputs:
        return str(draft.previous.outputs["creationTimestamp"])
    count = draft.store.db.execute("SELECT COALESCE(MAX(seq), 0) FROM event").fetchone()[0]
    return (_EPOCH + dt.timedelta(seconds=int(count))).isoformat(timespec="milliseconds")
