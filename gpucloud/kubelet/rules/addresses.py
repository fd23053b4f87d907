"""Addresses that the kubelet connects to or listens on."""

import re
from collections.abc import Iterator
from functools import lru_cache
from ipaddress import ip_address

from gpucloud.errors import Problem
from gpucloud.kubelet.configuration import Configuration
from gpucloud.kubelet.rule import Rule, rule
from gpucloud.kubelet.rules.consequences import NO_START, STARTS
from gpucloud.kubelet.urls import Url, parse_url

_RUNTIME = "k8s.io/cri-client v0.36.3 pkg/util/util_unix.go"
_TRACING = "k8s.io/component-base v0.36.3 tracing/api/v1/config.go"
_LISTENING = "k8s.io/kubernetes v1.36.3 pkg/kubelet/server/server.go"
_ENDPOINTS = ("containerRuntimeEndpoint", "imageServiceEndpoint")
_TRACING_SCHEMES = ("dns", "unix", "unix-abstract")
_RATES = range(1_000_001)
_LAST_MINOR_WITH_TRACING_GATE = 33
_LEADING_ZEROS = re.compile(r"\b0+(?=[0-9])")


@rule("kubelet", _ENDPOINTS, _RUNTIME)
def container_runtime_is_a_unix_socket(configuration: Configuration) -> Iterator[Problem]:
    """The container runtime is asked through a Unix socket, as a URL or a path."""
    for field in _ENDPOINTS:
        endpoint = configuration.written.get(field)
        if not endpoint:
            continue
        try:
            scheme = _endpoint(endpoint).scheme
        except ValueError as error:
            fault = f"{endpoint!r} is no URL: {error}"
        else:
            if scheme == "unix":
                continue
            fault = f"{endpoint!r} is no Unix socket"
        yield Problem(field, f"{fault}, {NO_START}", "write unix:///run/containerd/containerd.sock")


@rule("library", _ENDPOINTS, _RUNTIME)
def container_runtime_socket_has_a_whole_path(configuration: Configuration) -> Iterator[Problem]:
    """After `unix:` come three slashes: with two, the first part of the path is a host, which is left out."""
    for field in _ENDPOINTS:
        try:
            endpoint = _endpoint(configuration.written.get(field) or "/")
        except ValueError:
            continue
        if endpoint.scheme == "unix" and endpoint.host:
            fault = f"{endpoint.host!r} is taken for a host and left out of the path"
            yield Problem(field, fault, "write unix:/// and then the path")


@rule("kubelet", ("tracing",), _TRACING)
def traces_are_sampled_by_the_million(configuration: Configuration) -> Iterator[Problem]:
    """Of a million spans, 0 to a million are sampled."""
    rate = (configuration.written.get("tracing") or {}).get("samplingRatePerMillion")
    if rate is not None and rate not in _RATES:
        yield Problem(
            "tracing.samplingRatePerMillion", f"{rate} is not within 0 and 1000000, {NO_START}", "write such as 100"
        )


@rule("kubelet", ("tracing",), _TRACING)
def traces_have_an_endpoint(configuration: Configuration) -> Iterator[Problem]:
    """The collector is a gRPC target: host:port, or one of the schemes dns, unix and unix-abstract."""
    endpoint = (configuration.written.get("tracing") or {}).get("endpoint")
    if endpoint is None:
        return
    try:
        scheme = parse_url(endpoint if "//" in endpoint else f"dns://{endpoint}").scheme
    except ValueError as error:
        fault = f"{endpoint!r} is no target: {error}"
    else:
        if scheme in _TRACING_SCHEMES:
            return
        fault = f"{endpoint!r} has a scheme that gRPC has not"
    yield Problem("tracing.endpoint", f"{fault}, {NO_START}", "write such as localhost:4317")


@rule("kubelet", ("tracing", "featureGates"), "k8s.io/kubernetes v1.33.13 pkg/kubelet/apis/config/validation")
def tracing_has_its_gate(configuration: Configuration) -> Iterator[Problem]:
    """Until 1.33 tracing may be written only while the gate KubeletTracing, on by default, is on."""
    if configuration.minor > _LAST_MINOR_WITH_TRACING_GATE or configuration.written.get("tracing") is None:
        return
    if not configuration.gates.get("KubeletTracing", True):
        yield Problem(
            "tracing", f"set while the gate KubeletTracing is off, {NO_START}", "leave featureGates.KubeletTracing out"
        )


@rule("library", ("address", "healthzBindAddress"), _LISTENING)
def servers_listen_on_addresses(configuration: Configuration) -> Iterator[Problem]:
    """Servers listen on an IP address; no validation looks, and the kubelet ends when its server cannot listen."""
    for field in ("address", "healthzBindAddress"):
        address = configuration.written.get(field)
        if address and not _is_ip(address):
            yield Problem(field, f"{address!r} is no IP address, its server cannot listen", "write such as 0.0.0.0")


@rule("ignored", ("clusterDNS",), "k8s.io/kubernetes v1.36.3 pkg/kubelet/kubelet.go")
def cluster_dns_has_addresses(configuration: Configuration) -> Iterator[Problem]:
    """What is no IP address is left out of pods' name servers."""
    for index, address in enumerate(configuration.written.get("clusterDNS") or ()):
        if not _is_ip(address):
            yield Problem(
                f"clusterDNS[{index}]",
                f"{address!r} is no IP address and is left out, {STARTS}",
                "write such as 10.0.0.10",
            )


@lru_cache(maxsize=256)
def _endpoint(text: str) -> Url:
    try:
        url = parse_url(text)
    except ValueError:
        return parse_url(f"unix://{text}")
    return url if url.scheme else parse_url(f"unix://{text}")


def _is_ip(text: str) -> bool:
    try:
        ip_address(_LEADING_ZEROS.sub("", text) if ":" not in text else text)
    except ValueError:
        return False
    return "%" not in text


RULES: tuple[Rule, ...] = (
    container_runtime_is_a_unix_socket,
    container_runtime_socket_has_a_whole_path,
    traces_are_sampled_by_the_million,
    traces_have_an_endpoint,
    tracing_has_its_gate,
    servers_listen_on_addresses,
    cluster_dns_has_addresses,
)
