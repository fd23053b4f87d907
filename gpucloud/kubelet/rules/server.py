"""The kubelet's own servers: ports, TLS, who may ask."""

from collections.abc import Iterator

from gpucloud.errors import Problem
from gpucloud.kubelet.configuration import Configuration
from gpucloud.kubelet.rule import Rule, rule
from gpucloud.kubelet.rules.consequences import NO_START, STARTS

_VALIDATION = "k8s.io/kubernetes v1.36.3 pkg/kubelet/apis/config/validation/validation.go"
_AUTH = "k8s.io/kubernetes v1.36.3 cmd/kubelet/app/auth.go"
_CIPHERS = "k8s.io/component-base v0.36.3 cli/flag/ciphersuites_flag.go; Go 1.26 crypto/tls/cipher_suites.go"
_CURVES = "k8s.io/component-base v0.36.3 cli/flag/curves_flag.go; Go 1.26 crypto/tls/common.go"
_PORTS = range(1, 65536)
_MODES = ("Webhook", "AlwaysAllow")
_VERSIONS = ("VersionTLS10", "VersionTLS11", "VersionTLS12", "VersionTLS13")
_CURVE_IDS = (23, 24, 25, 29, 4587, 4588, 4589)
_AES = ("AES_128_CBC_SHA", "AES_256_CBC_SHA", "AES_128_GCM_SHA256", "AES_256_GCM_SHA384", "AES_128_CBC_SHA256")
_SUITES = frozenset(
    (
        "TLS_AES_128_GCM_SHA256",
        "TLS_AES_256_GCM_SHA384",
        "TLS_CHACHA20_POLY1305_SHA256",
        *(f"TLS_{exchange}_WITH_{cipher}" for exchange in ("RSA", "ECDHE_RSA", "ECDHE_ECDSA") for cipher in _AES),
        *(f"TLS_{exchange}_WITH_RC4_128_SHA" for exchange in ("RSA", "ECDHE_RSA", "ECDHE_ECDSA")),
        *(f"TLS_{exchange}_WITH_3DES_EDE_CBC_SHA" for exchange in ("RSA", "ECDHE_RSA")),
        *(f"TLS_ECDHE_{key}_WITH_CHACHA20_POLY1305{end}" for key in ("RSA", "ECDSA") for end in ("", "_SHA256")),
    )
)


@rule("kubelet", ("port", "healthzPort", "readOnlyPort"), _VALIDATION)
def ports_are_ports(configuration: Configuration) -> Iterator[Problem]:
    """Ports are 1 to 65535; 0 is the default 10250 for the first and turns the two others off."""
    for field in ("port", "healthzPort", "readOnlyPort"):
        port = configuration.written.get(field)
        if port and port not in _PORTS:
            yield Problem(field, f"{port} is no port, {NO_START}", "write 1 to 65535, or leave it out")


@rule("kubelet", ("serverTLSBootstrap", "featureGates"), _VALIDATION)
def serving_certificate_rotation_has_its_gate(configuration: Configuration) -> Iterator[Problem]:
    """A serving certificate from the cluster needs the gate RotateKubeletServerCertificate, on by default."""
    if not configuration.written.get("serverTLSBootstrap"):
        return
    if not configuration.gates.get("RotateKubeletServerCertificate", False):
        yield Problem(
            "serverTLSBootstrap",
            f"true while the gate RotateKubeletServerCertificate is off, {NO_START}",
            "leave featureGates.RotateKubeletServerCertificate out, or write false",
        )


@rule("kubelet", ("tlsMinVersion",), _CIPHERS)
def tls_version_is_known(configuration: Configuration) -> Iterator[Problem]:
    """A version has Go's name."""
    version = configuration.written.get("tlsMinVersion")
    if version and version not in _VERSIONS:
        yield Problem("tlsMinVersion", f"{version!r} is no version, {NO_START}", "write VersionTLS12 or VersionTLS13")


@rule("kubelet", ("tlsCipherSuites",), _CIPHERS)
def tls_ciphers_are_known(configuration: Configuration) -> Iterator[Problem]:
    """A cipher suite has Go's name, which is IANA's."""
    for index, suite in enumerate(configuration.written.get("tlsCipherSuites") or ()):
        if suite not in _SUITES:
            yield Problem(
                f"tlsCipherSuites[{index}]",
                f"{suite!r} is no cipher suite of the kubelet, {NO_START}",
                "write such as TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            )


@rule("ignored", ("tlsCipherSuites", "tlsMinVersion"), "k8s.io/kubernetes v1.36.3 cmd/kubelet/app/server.go")
def tls_ciphers_are_below_version_1_3(configuration: Configuration) -> Iterator[Problem]:
    """From TLS 1.3 on cipher suites cannot be chosen."""
    if configuration.written.get("tlsCipherSuites") and configuration.written.get("tlsMinVersion") == "VersionTLS13":
        yield Problem("tlsCipherSuites", f"unused with VersionTLS13, {STARTS}", "leave it out, or write VersionTLS12")


@rule("kubelet", ("tlsCurvePreferences",), _CURVES)
def tls_curves_are_known(configuration: Configuration) -> Iterator[Problem]:
    """A curve is one of the numbers that the kubelet's Go knows, each once."""
    seen: set[int] = set()
    for index, curve in enumerate(configuration.written.get("tlsCurvePreferences") or ()):
        if curve not in _CURVE_IDS or curve in seen:
            fault = "is there twice" if curve in seen else "is no curve of the kubelet"
            fix = f"write each once of {', '.join(map(str, _CURVE_IDS))}"
            yield Problem(f"tlsCurvePreferences[{index}]", f"{curve} {fault}, {NO_START}", fix)
        seen.add(curve)


@rule("kubelet", ("authorization",), _AUTH)
def authorization_mode_is_known(configuration: Configuration) -> Iterator[Problem]:
    """Requests are allowed by the API server or always."""
    mode = (configuration.written.get("authorization") or {}).get("mode")
    if mode and mode not in _MODES:
        yield Problem("authorization.mode", f"{mode!r} is no mode, {NO_START}", "write Webhook")


RULES: tuple[Rule, ...] = (
    ports_are_ports,
    serving_certificate_rotation_has_its_gate,
    tls_version_is_known,
    tls_ciphers_are_known,
    tls_ciphers_are_below_version_1_3,
    tls_curves_are_known,
    authorization_mode_is_known,
)
