"""A cluster as a person asks for it: one Kubernetes control plane in one region, its network, its node pools."""

from ipaddress import IPv4Network
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, JsonValue, WithJsonSchema, field_validator
from pydantic_core import PydanticCustomError

from gpucloud.facts.vendor_machines import Cloud
from gpucloud.spec.capacity import SizeSpec
from gpucloud.spec.document import Document
from gpucloud.spec.gate import GateField
from gpucloud.spec.mirrors import MirrorSpec
from gpucloud.spec.monitoring import MonitoringSpec, NoMonitoring
from gpucloud.spec.names import KubernetesVersion, Name, Zone
from gpucloud.spec.node_pool import MachineTypeName, NodePoolSpec

# AWS takes /16 to /28 for a VPC; below /18 a zone's private part would have fewer than 500 addresses.
_LARGEST, _SMALLEST = 16, 18

SERVICE_CIDR = "172.20.0.0/16"
"""Range of the cluster's services (one of the two that EKS itself takes: botocore, EKS serviceIpv4Cidr). AKS refuses
parts of 172.30.0.0/16 and 172.31.0.0/16 here (azure-aks-docs, concepts-network-cni-overview), GKE no private range."""
# RFC 1918, and RFC 6598's shared addresses, which AWS networks use as private ones.
_PRIVATE = tuple(IPv4Network(part) for part in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"))
# Loopback (RFC 1122) and link-local (RFC 3927).
_NEVER_ROUTED = (IPv4Network("127.0.0.0/8"), IPv4Network("169.254.0.0/16"))

Cidr = Annotated[str, Field(max_length=43)]


def _network(value: str, follows: str) -> IPv4Network:
    try:
        return IPv4Network(value)
    except ValueError as error:
        raise PydanticCustomError("cidr", "{reason}, {follows}", {"reason": str(error), "follows": follows}) from None


def _comes_over_the_internet(value: str) -> str:
    network = _network(value, "the cloud would refuse the range")
    if any(network.subnet_of(part) for part in (*_PRIVATE, *_NEVER_ROUTED)):
        raise PydanticCustomError(
            "cidr_not_public",
            "{cidr} is not routed on the internet, nobody would reach the API from there",
            {"cidr": value, "fix": "name public addresses; those inside the network reach the API in any case"},
        )
    return value


PublicCidr = Annotated[Cidr, AfterValidator(_comes_over_the_internet)]
"""An IPv4 range as the internet sees it, such as `203.0.113.0/24`; `0.0.0.0/0` is everyone."""


class NetworkSpec(Document):
    """The network that the cluster's nodes live in."""

    cidr: Cidr = "10.0.0.0/16"
    """Private IPv4 range of the network, /16 to /18; every zone gets a private and a public part of it."""
    zones: tuple[Zone, ...] = ()
    """Zones of the control plane and, on AWS, of the subnets. Left out: the region's first three, and the pools'."""
    nat: Literal["per-zone", "single"] = "per-zone"
    """A NAT gateway in every zone, or one for all: cheaper, and a lost zone cuts the others off."""

    @field_validator("cidr")
    @classmethod
    def _is_a_network(cls, value: str) -> str:
        network = _network(value, "no network can be laid out")
        if not _LARGEST <= network.prefixlen <= _SMALLEST:
            raise PydanticCustomError(
                "cidr_size",
                "a /{prefix} cannot be cut into subnets for every zone",
                {"prefix": network.prefixlen, "fix": f"take a range from /{_LARGEST} to /{_SMALLEST}"},
            )
        if not any(network.subnet_of(part) for part in _PRIVATE):
            raise PydanticCustomError(
                "cidr_not_private",
                "{cidr} is not private, nodes could not reach the hosts that own these addresses",
                {"cidr": value, "fix": f"take a part of {', '.join(str(part) for part in _PRIVATE)}"},
            )
        if network.overlaps(IPv4Network(SERVICE_CIDR)):
            raise PydanticCustomError(
                "cidr_of_services",
                "{cidr} overlaps {services}, the range of the cluster's services, the cloud refuses the cluster",
                {"cidr": value, "services": SERVICE_CIDR, "fix": f"take a range outside {SERVICE_CIDR}"},
            )
        return value


# An ARN, a GUID, or a principal of Google's IAM; which of them is a rule of the cluster's cloud.
_PRINCIPAL = (
    r"^(arn:[a-z-]+:iam::\d{12}:(role|user)/.+"
    r"|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    r"|(user|group|serviceAccount):[^@\s]+@[^@\s]+)$"
)


class AccessSpec(Document):
    """Who reaches the cluster's API, and from where."""

    admins: tuple[Annotated[str, Field(pattern=_PRINCIPAL, max_length=2048)], ...] = ()
    """Who administers the cluster, beside the one that creates it: on AWS the ARNs of IAM roles or users, on Azure the
    object IDs of Entra ID groups, on Google Cloud `user:`, `group:` or `serviceAccount:` with an address.

    AWS: do not list the role that runs Pulumi: it is an administrator already, and EKS refuses a second entry for it
    (ResourceInUseException, terraform-aws-modules/terraform-aws-eks#2969).
    """
    public_from: tuple[PublicCidr, ...] = ()
    """Ranges that reach the API over the internet; none: it is private to the network."""


class SystemPoolSpec(Document):
    """Nodes without accelerators for what runs the cluster itself, over the control plane's zones."""

    machine_type: MachineTypeName | None = None
    """Left out: four vCPUs and 16 GiB of the cloud's own, `m7i.xlarge`, `Standard_D4s_v5`, `n2-standard-4`."""
    size: SizeSpec = SizeSpec(min=2, desired=2, max=6)


ImageRepository = Annotated[str, Field(pattern=r"^[a-z0-9.-]+(:\d+)?(/[a-z0-9._-]+)+$", max_length=255)]


ChartValues = Annotated[dict[str, JsonValue], WithJsonSchema({"type": "object"})]
"""Values as a chart's `values.yaml` has them."""


class ClaimsSpec(Document):
    """Who finds ResourceClaimTemplates for the cluster's GPUs in their namespace."""

    namespaces: Annotated[tuple[Name, ...], Field(min_length=1, max_length=64)]
    """The namespaces whose pods name a template: one GPU of a kind, or all of a node."""
    make_namespaces: bool = True
    """Make them, with Pod Security `restricted`, and leave them when the stack goes. `false` where they are made by
    somebody else: they have to be there before the stack is."""


class GpuStackSpec(Document):
    """The operators that make accelerators usable by pods."""

    operator_version: Annotated[str, Field(pattern=r"^v?\d+\.\d+\.\d+$")] | None = None
    """Version of the NVIDIA GPU Operator chart; left out: the one that the project pins."""
    values: dict[Annotated[str, Field(max_length=63)], ChartValues] = Field(default_factory=dict, max_length=20)
    """Helm values by chart, laid over those of the plan: `{gpu-operator: {dcgmExporter: {serviceMonitor: …}}}`. What
    follows from the pools cannot be set, and what the chart has not is refused."""
    allocation: Literal["device-plugin", "dra"] = "device-plugin"
    """How pods get NVIDIA GPUs: by counting `nvidia.com/gpu`, or by ResourceClaims (Dynamic Resource Allocation)."""
    claims: ClaimsSpec | None = None
    """Ready-made ResourceClaimTemplates, with allocation `dra`."""
    device_guard: Literal["deny", "warn", "off"] = "deny"
    """What becomes of pods that mount `/dev/nvidia…` from the node, outside of the operators' namespaces: they would
    use GPUs that the scheduler gives to others. Kubernetes 1.30 and newer."""
    monitoring: MonitoringSpec = NoMonitoring()
    """`kube-prometheus-stack` brings Prometheus, Alertmanager and Grafana; `existing` tells the one that is there."""
    batch_scheduling: Literal["none", "kueue", "kai", "volcano"] = "none"
    """Who starts jobs of many pods: Kueue admits them, KAI and Volcano are schedulers that start a gang whole or not
    at all."""
    trainer: bool = False
    """Kubeflow Trainer with JobSet, and a ClusterTrainingRuntime for each pool with whole NVIDIA GPUs, which
    asks for all that a node has: GPUs, EFA or InfiniBand, locked memory. Its pods run as the image's user and lock
    memory, which Pod Security `restricted` and `baseline` refuse."""
    node_problem_detector: bool = False
    """Report the GPU driver's Xid errors as conditions and events of nodes. For GKE: EKS and AKS do it themselves."""
    gate: GateField = None
    """Make an update fail while the accelerators of a pool cannot be used: `true`, or a mapping. Off by default."""
    pull_secret: Name | None = None
    """A Secret of type `kubernetes.io/dockerconfigjson` in each of the operators' namespaces: how images are pulled."""
    amd_driver_image: ImageRepository | None = None
    """A repository that the cluster may write, without a tag: AMD's operator builds its driver images into it."""


class ClusterSpec(Document):
    """One Kubernetes cluster on one cloud and region, with its node pools."""

    name: Name
    cloud: Cloud
    region: Annotated[str, Field(pattern=r"^[a-z0-9-]+$", max_length=32)]
    kubernetes_version: KubernetesVersion = "1.34"
    network: NetworkSpec = NetworkSpec()
    access: AccessSpec = AccessSpec()
    system_pool: SystemPoolSpec = SystemPoolSpec()
    node_pools: Annotated[tuple[NodePoolSpec, ...], Field(min_length=1)]
    gpu_stack: GpuStackSpec | None = GpuStackSpec()
    """`null` leaves the operators to somebody else."""
    account: Annotated[str, Field(pattern=r"^[a-z0-9-]+$", max_length=36)] | None = None
    """Of the cloud, for managed mirrors: it is in their addresses, and images are named before the cloud says it. AWS:
    the account's number, in quotes; Azure: the subscription's ID; Google Cloud: the project's. The stack refuses to run
    in another."""
    mirrors: Annotated[tuple[MirrorSpec, ...], Field(max_length=20)] = ()
    """Where images of registries are pulled from instead; the images of the GPU stack are named accordingly."""
    tags: dict[
        Annotated[str, Field(min_length=1, max_length=128)],
        Annotated[str, Field(max_length=256)],
    ] = Field(default_factory=dict, max_length=40)
    """Tags (labels on Google Cloud) on every resource that takes them; at most 40, since the library adds its own."""


class EnvironmentSpec(Document):
    """Everything that one stack builds: clusters with their node pools."""

    name: Name
    clusters: Annotated[tuple[ClusterSpec, ...], Field(min_length=1)]
