"""Times of the local cloud: they count its events, not a clock, so that two runs of one program agree."""

import datetime as dt

from gpucloud.sim.model import Draft

_EPOCH = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def now(draft: Draft) -> str:
    """Return when the resource was made: one second an event of the local cloud."""
    if draft.previous is not None:
        for name in ("createdAt", "createDate", "associatedAt"):
            if name in draft.previous.outputs:
                return str(draft.previous.outputs[name])
    return moment(draft)


def moment(draft: Draft) -> str:
    """Return the time of this very event."""
    count = draft.store.db.execute("SELECT COALESCE(MAX(seq), 0) FROM event").fetchone()[0]
    return (_EPOCH + dt.timedelta(seconds=int(count))).isoformat().replace("+00:00", "Z")
