"""Cases of the rules about addresses that the kubelet connects to or listens on."""

from tests.kubelet.case import Case, configuration

CASES: tuple[Case, ...] = (
    Case("container-runtime-is-a-unix-socket", True, configuration("containerRuntimeEndpoint: tcp://localhost:1234\n")),
    Case(
        "container-runtime-is-a-unix-socket",
        True,
        configuration("imageServiceEndpoint: 'npipe:////./pipe/containerd'\n"),
    ),
    Case("container-runtime-is-a-unix-socket", True, configuration("containerRuntimeEndpoint: 'unix:///run/%zz'\n")),
    Case(
        "container-runtime-is-a-unix-socket",
        False,
        configuration("containerRuntimeEndpoint: unix:///run/containerd/containerd.sock\n"),
    ),
    Case(
        "container-runtime-is-a-unix-socket",
        False,
        configuration("containerRuntimeEndpoint: /run/containerd/containerd.sock\n"),
    ),
    Case("container-runtime-is-a-unix-socket", False, configuration("containerRuntimeEndpoint: ''\n")),
    Case(
        "container-runtime-socket-has-a-whole-path",
        True,
        configuration("containerRuntimeEndpoint: unix://run/containerd/containerd.sock\n"),
    ),
    Case(
        "container-runtime-socket-has-a-whole-path",
        False,
        configuration("containerRuntimeEndpoint: unix:///run/containerd/containerd.sock\n"),
    ),
    Case(
        "container-runtime-socket-has-a-whole-path",
        False,
        configuration("containerRuntimeEndpoint: 'unix:///run/%zz'\n"),
    ),
    Case("traces-are-sampled-by-the-million", True, configuration("tracing: {samplingRatePerMillion: -1}\n")),
    Case("traces-are-sampled-by-the-million", True, configuration("tracing: {samplingRatePerMillion: 1000001}\n")),
    Case("traces-are-sampled-by-the-million", False, configuration("tracing: {samplingRatePerMillion: 1000000}\n")),
    Case("traces-have-an-endpoint", True, configuration("tracing: {endpoint: 'https://collector:4317'}\n")),
    Case("traces-have-an-endpoint", True, configuration("tracing: {endpoint: 'dn%2s://localhost:4317'}\n")),
    Case("traces-have-an-endpoint", True, configuration("tracing: {endpoint: 'localhost:port'}\n")),
    Case("traces-have-an-endpoint", False, configuration("tracing: {endpoint: 'localhost:4317'}\n")),
    Case("traces-have-an-endpoint", False, configuration("tracing: {endpoint: 'dns://10.0.0.10/collector:4317'}\n")),
    Case(
        "tracing-has-its-gate",
        True,
        configuration("tracing: {}\nfeatureGates: {KubeletTracing: false}\n"),
        kubernetes="1.33",
    ),
    Case("tracing-has-its-gate", False, configuration("tracing: {}\n"), kubernetes="1.33"),
    Case("servers-listen-on-addresses", True, configuration("address: localhost\n")),
    Case("servers-listen-on-addresses", True, configuration("healthzBindAddress: 'fe80::1%eth0'\n")),
    Case("servers-listen-on-addresses", False, configuration("address: '::'\nhealthzBindAddress: 127.0.0.01\n")),
    Case("cluster-dns-has-addresses", True, configuration("clusterDNS: [10.0.0.10, dns.example]\n")),
    Case("cluster-dns-has-addresses", False, configuration("clusterDNS: [10.0.0.10, 'fd00::10']\n")),
)
