"""The command line of a language host."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class HostFlags:
    """What the engine and the launcher said: where the engine listens, which executor runs programs."""

    engine_address: str
    executor: Path
    tracing: str


def parse_flags(arguments: Sequence[str]) -> HostFlags:
    """Return the flags; the engine's address may be missing when an engine attaches later (Handshake).

    Flags that this host has no use for (`--logtostderr`, `-v=9`, `-root=…`, and any that a later engine adds) are
    ignored: an engine that logs more must not stop programs from running.
    """
    parser = argparse.ArgumentParser(prog="pulumi-language-python", allow_abbrev=False, add_help=False)
    for name in ("use-executor", "tracing", "root"):
        parser.add_argument(f"--{name}", f"-{name}", default="")
    known, rest = parser.parse_known_args(list(arguments))
    positional = [argument for argument in rest if not argument.startswith("-")]
    return HostFlags(
        engine_address=positional[-1] if positional else "",
        executor=Path(known.use_executor) if known.use_executor else Path(__file__).with_name("missing-executor"),
        tracing=known.tracing,
    )
