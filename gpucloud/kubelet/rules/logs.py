"""Logs of containers: how large, how many, where; and the system's own logs through the kubelet."""

from collections.abc import Iterator
from posixpath import isabs

from gpucloud.errors import Problem
from gpucloud.kubelet.clean_paths import clean_path
from gpucloud.kubelet.configuration import Configuration
from gpucloud.kubelet.duration import parse_duration
from gpucloud.kubelet.rule import Rule, rule
from gpucloud.kubelet.rules.consequences import NO_START, STARTS
from gpucloud.kubelet.whole_bytes import whole_bytes

_VALIDATION = "k8s.io/kubernetes v1.36.3 pkg/kubelet/apis/config/validation/validation.go"
_LOG_MANAGER = "k8s.io/kubernetes v1.36.3 pkg/kubelet/logs/container_log_manager.go"
_SHORTEST_INTERVAL = 3_000_000_000
_FEWEST_FILES = 2


@rule("kubelet", ("containerLogMaxFiles",), _VALIDATION)
def container_logs_have_two_files(configuration: Configuration) -> Iterator[Problem]:
    """Rotation needs a file to write and one to keep."""
    files = configuration.values["containerLogMaxFiles"]
    if files < _FEWEST_FILES:
        yield Problem("containerLogMaxFiles", f"{files} is below 2, {NO_START}", "write 2 or more, such as 5")


@rule("kubelet", ("containerLogMaxWorkers",), _VALIDATION)
def container_logs_have_a_worker(configuration: Configuration) -> Iterator[Problem]:
    """At least one worker rotates logs."""
    workers = configuration.values["containerLogMaxWorkers"]
    if workers < 1:
        yield Problem("containerLogMaxWorkers", f"{workers} is below 1, {NO_START}", "write 1 or more")


@rule("kubelet", ("containerLogMonitorInterval",), _VALIDATION)
def container_logs_are_watched_at_leisure(configuration: Configuration) -> Iterator[Problem]:
    """The sizes of logs are looked at every 3s at most."""
    interval = configuration.values["containerLogMonitorInterval"]
    if parse_duration(interval) < _SHORTEST_INTERVAL:
        yield Problem("containerLogMonitorInterval", f"{interval} is below 3s, {NO_START}", "write 3s or more")


@rule("kubelet", ("containerLogMaxSize",), _LOG_MANAGER)
def container_log_size_is_whole_bytes(configuration: Configuration) -> Iterator[Problem]:
    """The size is a quantity of whole bytes, such as 50Mi; MB is no suffix, and a negative size turns rotation off."""
    size = configuration.values["containerLogMaxSize"]
    try:
        fault = f"{size!r} is no whole number of bytes as written" if whole_bytes(size) is None else ""
    except ValueError as error:
        fault = f"{size!r} is no quantity ({error})"
    if not fault:
        return
    yield Problem("containerLogMaxSize", f"{fault}, {NO_START}", "write a quantity such as 50Mi")


@rule("library", ("containerLogMaxSize",), _LOG_MANAGER)
def container_logs_are_rotated(configuration: Configuration) -> Iterator[Problem]:
    """A negative size turns rotation off: one talkative container fills the disk of every pod on the node."""
    size = configuration.written.get("containerLogMaxSize")
    try:
        amount = whole_bytes(size) if size else None
    except ValueError:
        return
    if amount is not None and amount < 0:
        yield Problem("containerLogMaxSize", f"{size} turns rotation off, {STARTS}", "write a size such as 50Mi")


@rule("kubelet", ("podLogsDir",), _VALIDATION)
def pod_logs_have_a_clean_absolute_path(configuration: Configuration) -> Iterator[Problem]:
    """The directory is written without `..`, doubled or last slashes; a drop-in has to write it in full.

    A relative one in the main file is taken from that file's directory, and cleaned on the way.
    """
    directory = configuration.written.get("podLogsDir")
    if not directory:
        return
    if not isabs(directory):
        if configuration.drop_in:
            yield Problem("podLogsDir", f"{directory!r} is relative, {NO_START}", "write the whole path")
    elif directory != clean_path(directory):
        yield Problem("podLogsDir", f"{directory!r} is not in its shortest form, {NO_START}", clean_path(directory))


@rule("kubelet", ("podLogsDir",), _VALIDATION)
def pod_logs_path_is_ascii(configuration: Configuration) -> Iterator[Problem]:
    """The path becomes a label of metrics, so it is ASCII."""
    directory = configuration.written.get("podLogsDir")
    if directory and not directory.isascii():
        yield Problem("podLogsDir", f"{directory!r} has characters beyond ASCII, {NO_START}", "write an ASCII path")


@rule("kubelet", ("enableSystemLogQuery", "featureGates"), _VALIDATION)
def system_log_query_has_its_gate(configuration: Configuration) -> Iterator[Problem]:
    """Queries need the gate NodeLogQuery, off by default until 1.35 and on for good since 1.36."""
    if configuration.written.get("enableSystemLogQuery") and not configuration.gates.get("NodeLogQuery", False):
        yield Problem(
            "enableSystemLogQuery",
            f"true while the gate NodeLogQuery is off, {NO_START}",
            "write false or set the gate",
        )


@rule("kubelet", ("enableSystemLogQuery", "enableSystemLogHandler"), _VALIDATION)
def system_log_query_has_its_handler(configuration: Configuration) -> Iterator[Problem]:
    """Queries are answered by the handler for system logs."""
    if configuration.written.get("enableSystemLogQuery") and not configuration.values["enableSystemLogHandler"]:
        yield Problem(
            "enableSystemLogQuery",
            f"true while enableSystemLogHandler is false, {NO_START}",
            "write enableSystemLogHandler: true, or leave both out",
        )


RULES: tuple[Rule, ...] = (
    container_logs_have_two_files,
    container_logs_have_a_worker,
    container_logs_are_watched_at_leisure,
    container_log_size_is_whole_bytes,
    container_logs_are_rotated,
    pod_logs_have_a_clean_absolute_path,
    pod_logs_path_is_ascii,
    system_log_query_has_its_gate,
    system_log_query_has_its_handler,
)
