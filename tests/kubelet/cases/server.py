"""Cases of the rules about the kubelet's servers."""

from tests.kubelet.case import Case, configuration

CASES: tuple[Case, ...] = (
    Case("ports-are-ports", True, configuration("port: -1\n")),
    Case("ports-are-ports", True, configuration("healthzPort: 65536\n")),
    Case("ports-are-ports", True, configuration("readOnlyPort: -1\n")),
    Case("ports-are-ports", False, configuration("port: 0\nhealthzPort: 0\nreadOnlyPort: 65535\n")),
    Case(
        "serving-certificate-rotation-has-its-gate",
        True,
        configuration("serverTLSBootstrap: true\nfeatureGates: {RotateKubeletServerCertificate: false}\n"),
    ),
    Case("serving-certificate-rotation-has-its-gate", False, configuration("serverTLSBootstrap: true\n")),
    Case("tls-version-is-known", True, configuration("tlsMinVersion: TLS1.2\n")),
    Case("tls-version-is-known", False, configuration("tlsMinVersion: VersionTLS13\n")),
    Case("tls-ciphers-are-known", True, configuration("tlsCipherSuites: [TLS_RSA_WITH_NULL_SHA]\n")),
    Case(
        "tls-ciphers-are-known",
        False,
        configuration(
            "tlsCipherSuites: [TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305]\n"
        ),
    ),
    Case(
        "tls-ciphers-are-below-version-1-3",
        True,
        configuration("tlsCipherSuites: [TLS_AES_128_GCM_SHA256]\ntlsMinVersion: VersionTLS13\n"),
    ),
    Case(
        "tls-ciphers-are-below-version-1-3",
        False,
        configuration("tlsCipherSuites: [TLS_AES_128_GCM_SHA256]\ntlsMinVersion: VersionTLS12\n"),
    ),
    Case("tls-curves-are-known", True, configuration("tlsCurvePreferences: [28]\n")),
    Case("tls-curves-are-known", True, configuration("tlsCurvePreferences: [29, 29]\n")),
    Case("tls-curves-are-known", False, configuration("tlsCurvePreferences: [4588, 29, 23]\n")),
    Case("authorization-mode-is-known", True, configuration("authorization: {mode: RBAC}\n")),
    Case("authorization-mode-is-known", False, configuration("authorization: {mode: Webhook}\n")),
    Case("authorization-mode-is-known", False, configuration("authorization: {}\n")),
)
