"""Start the language host: run by the launcher `pulumi-language-python` as a file, with no PYTHON* variable applied."""

import sys
from pathlib import Path

if not __package__:
    # Started by path and isolated (-I), so that the program's own PYTHONPATH cannot shadow what the host needs.
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from toolchain.language_host.serve import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
