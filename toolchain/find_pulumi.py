"""Find or make the Pulumi command line: progress on stderr, its directory on stdout.

.venv/bin/python toolchain/find_pulumi.py
"""

import sys
from pathlib import Path

# In place of this folder: `toolchain/pulumi` must never stand in for the package `pulumi`.
sys.path[0] = str(Path(__file__).resolve().parents[1])

from toolchain.pulumi_cli.command import main  # noqa: E402 - the path above comes first

if __name__ == "__main__":
    sys.exit(main())
