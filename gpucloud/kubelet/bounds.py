"""How large a file may be that is read at all: more is no configuration, and might be meant to use up memory or time.

The kubelet itself has its own, wider bounds: 10,000 levels, some million values grown by aliases (go.yaml.in/yaml v2
scannerc.go and decode.go).
"""

LARGEST_FILE = 2**20
"""Bytes."""
MOST_VALUES = 100_000
"""Values with every alias of YAML written out."""
DEEPEST = 100
"""Levels of lists and mappings."""


class BeyondBoundsError(ValueError):
    """Raised with a plain reason where a file is beyond one of these bounds; nobody knows what the kubelet would do."""
