"""What the kubelet itself logs: format, verbosity, buffers."""

from collections.abc import Iterator, Mapping
from typing import Any

from gpucloud.errors import Problem
from gpucloud.kubelet.configuration import Configuration
from gpucloud.kubelet.duration import parse_duration
from gpucloud.kubelet.quantity import parse_quantity
from gpucloud.kubelet.rule import Rule, rule
from gpucloud.kubelet.rules.consequences import NO_START

_OPTIONS = "k8s.io/component-base v0.36.3 logs/api/v1/options.go"
_HIGHEST_VERBOSITY = 2**31 - 1
_FORMATS = ("text", "json")
_LARGEST_SIZE = 2**63


def _logging(configuration: Configuration) -> Mapping[str, Any]:
    return configuration.written.get("logging") or {}


@rule("kubelet", ("logging",), _OPTIONS)
def log_format_is_known(configuration: Configuration) -> Iterator[Problem]:
    """The kubelet's program has the formats text and json."""
    form = _logging(configuration).get("format")
    if form and form not in _FORMATS:
        yield Problem("logging.format", f"{form!r} is no format, {NO_START}", "write text or json")


@rule("kubelet", ("logging", "featureGates"), _OPTIONS)
def json_logs_have_their_gate(configuration: Configuration) -> Iterator[Problem]:
    """The format json needs the gate LoggingBetaOptions, on by default."""
    if _logging(configuration).get("format") == "json" and not configuration.gates.get("LoggingBetaOptions", False):
        yield Problem(
            "logging.format", f"json while the gate LoggingBetaOptions is off, {NO_START}", "write text or set the gate"
        )


@rule("kubelet", ("logging",), _OPTIONS)
def logs_are_flushed(configuration: Configuration) -> Iterator[Problem]:
    """The time between two flushes is positive; 0 means 5s, and a number is nanoseconds."""
    frequency = _logging(configuration).get("flushFrequency")
    if frequency is None:
        return
    if (parse_duration(frequency) if isinstance(frequency, str) else frequency) < 0:
        yield Problem("logging.flushFrequency", f"{frequency} is negative, {NO_START}", "write a duration such as 5s")


@rule("kubelet", ("logging",), _OPTIONS)
def log_verbosity_fits(configuration: Configuration) -> Iterator[Problem]:
    """A verbosity, also that of a file, is at most 2147483647."""
    logging = _logging(configuration)
    written = {"logging.verbosity": logging.get("verbosity")}
    for index, item in enumerate(logging.get("vmodule") or ()):
        written[f"logging.vmodule[{index}].verbosity"] = item.get("verbosity")
    for path, verbosity in written.items():
        if verbosity is not None and verbosity > _HIGHEST_VERBOSITY:
            yield Problem(path, f"{verbosity} is above {_HIGHEST_VERBOSITY}, {NO_START}", "write 0 to 10")


@rule("kubelet", ("logging",), _OPTIONS)
def file_verbosity_is_for_text(configuration: Configuration) -> Iterator[Problem]:
    """Verbosity of single files exists in the format text alone."""
    logging = _logging(configuration)
    if logging.get("vmodule") and (logging.get("format") or "text") != "text":
        yield Problem(
            "logging.vmodule",
            f"set with the format {logging['format']}, {NO_START}",
            "write the format text, or no vmodule",
        )


@rule("kubelet", ("logging",), _OPTIONS)
def file_patterns_are_plain(configuration: Configuration) -> Iterator[Problem]:
    """A file pattern is not empty and has neither `=` nor a comma, which part the entries of the flag."""
    for index, item in enumerate(_logging(configuration).get("vmodule") or ()):
        pattern = item.get("filePattern") or ""
        if not pattern or "=" in pattern or "," in pattern:
            yield Problem(
                f"logging.vmodule[{index}].filePattern",
                f"{pattern!r} is no pattern, {NO_START}",
                "write a file's name without .go, or a pattern such as cpu_*",
            )


@rule("kubelet", ("logging", "featureGates"), _OPTIONS)
def split_logs_have_their_gate(configuration: Configuration) -> Iterator[Problem]:
    """Splitting and buffering of streams need the gate LoggingAlphaOptions, for both formats, used or not."""
    if configuration.gates.get("LoggingAlphaOptions", False):
        return
    for form in _FORMATS:
        options = (_logging(configuration).get("options") or {}).get(form) or {}
        for field in ("splitStream", "infoBufferSize"):
            if _is_set(options.get(field)):
                yield Problem(
                    f"logging.options.{form}.{field}",
                    f"set while the gate LoggingAlphaOptions is off, {NO_START}",
                    "set featureGates.LoggingAlphaOptions: true, or leave it out",
                )


def _is_set(value: Any) -> bool:
    """Whether a switch is on or a size is not zero; a size beyond 64 bits is zero to the kubelet."""
    if value is None or isinstance(value, bool):
        return value is True
    return 0 < abs(parse_quantity(str(value))) <= _LARGEST_SIZE


RULES: tuple[Rule, ...] = (
    log_format_is_known,
    json_logs_have_their_gate,
    logs_are_flushed,
    log_verbosity_fits,
    file_verbosity_is_for_text,
    file_patterns_are_plain,
    split_logs_have_their_gate,
)
