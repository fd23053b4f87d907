"""Times of the local cloud: they count its events, not a clock, so that two runs of one program agree."""

import datetime as dt

from gpucloud.sim.azure_native.identifiers import CLIENT
from gpucloud.sim.model import Draft
from gpucloud.sim.values import Inputs

_EPOCH = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def moment(draft: Draft) -> str:
    """Return the time of this very event: one second an event of the local cloud."""
    count = draft.store.db.execute("SELECT COALESCE(MAX(seq), 0) FROM event").fetchone()[0]
    return (_EPOCH + dt.timedelta(seconds=int(count))).isoformat().replace("+00:00", "Z")


def system_data(draft: Draft) -> Inputs:
    """Return who made a resource and who changed it last, and when."""
    before = draft.previous.outputs.get("systemData", {}) if draft.previous is not None else {}
    return {
        "createdAt": before.get("createdAt") or moment(draft),
        "createdBy": CLIENT,
        "createdByType": "Application",
        "lastModifiedAt": moment(draft),
        "lastModifiedBy": CLIENT,
        "lastModifiedByType": "Application",
    }
