"""Cases of the rules about what the kubelet itself logs."""

from tests.kubelet.case import Case, configuration

CASES: tuple[Case, ...] = (
    Case("log-format-is-known", True, configuration("logging: {format: xml}\n")),
    Case("log-format-is-known", False, configuration("logging: {format: json}\n")),
    Case("log-format-is-known", False, configuration('logging: {format: ""}\n')),
    Case(
        "json-logs-have-their-gate",
        True,
        configuration("logging: {format: json}\nfeatureGates: {LoggingBetaOptions: false}\n"),
    ),
    Case(
        "json-logs-have-their-gate",
        False,
        configuration("logging: {format: text}\nfeatureGates: {LoggingBetaOptions: false}\n"),
    ),
    Case("logs-are-flushed", True, configuration("logging: {flushFrequency: -5s}\n")),
    Case("logs-are-flushed", True, configuration("logging: {flushFrequency: -5}\n")),
    Case("logs-are-flushed", False, configuration("logging: {flushFrequency: 0}\n")),
    Case("logs-are-flushed", False, configuration("logging: {flushFrequency: 5000000000}\n")),
    Case("log-verbosity-fits", True, configuration("logging: {verbosity: 2147483648}\n")),
    Case(
        "log-verbosity-fits", True, configuration("logging: {vmodule: [{filePattern: cpu_*, verbosity: 2147483648}]}\n")
    ),
    Case("log-verbosity-fits", False, configuration("logging: {verbosity: 2147483647}\n")),
    Case(
        "file-verbosity-is-for-text",
        True,
        configuration("logging: {format: json, vmodule: [{filePattern: cpu_*, verbosity: 5}]}\n"),
    ),
    Case(
        "file-verbosity-is-for-text", False, configuration("logging: {vmodule: [{filePattern: cpu_*, verbosity: 5}]}\n")
    ),
    Case("file-patterns-are-plain", True, configuration("logging: {vmodule: [{filePattern: 'a=b', verbosity: 5}]}\n")),
    Case("file-patterns-are-plain", True, configuration("logging: {vmodule: [{verbosity: 5}]}\n")),
    Case("file-patterns-are-plain", False, configuration("logging: {vmodule: [{filePattern: cpu_*, verbosity: 5}]}\n")),
    Case("split-logs-have-their-gate", True, configuration("logging: {options: {text: {splitStream: true}}}\n")),
    Case("split-logs-have-their-gate", True, configuration("logging: {options: {json: {infoBufferSize: 64Ki}}}\n")),
    Case("split-logs-have-their-gate", False, configuration("logging: {options: {json: {infoBufferSize: 1e30}}}\n")),
    Case(
        "split-logs-have-their-gate",
        False,
        configuration("logging: {options: {text: {splitStream: true}}}\nfeatureGates: {LoggingAlphaOptions: true}\n"),
    ),
    Case(
        "split-logs-have-their-gate",
        False,
        configuration("logging: {options: {json: {infoBufferSize: '0'}, text: {splitStream: false}}}\n"),
    ),
)
