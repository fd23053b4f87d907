"""The one version of Kubernetes that is built, and how a program is made to say it."""

VERSION = "1.36.3"
COMPONENT_BASE = "k8s.io/component-base/version"
CLIENT = "k8s.io/client-go/pkg/version"


def stamped(*packages: str) -> str:
    """Linker flags by which these packages know the version; without them they say v0.0.0."""
    major, minor, _ = VERSION.split(".")
    parts = {"gitVersion": f"v{VERSION}", "gitMajor": major, "gitMinor": minor}
    flags = [f"-X {package}.{name}={value}" for package in packages for name, value in parts.items()]
    return " ".join(["-s -w", *flags])
