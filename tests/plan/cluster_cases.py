"""One case that passes and one that fails for every rule about clusters, on each cloud where it differs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, get_args

from gpucloud.facts.vendor_machines import Cloud
from gpucloud.spec import ClusterSpec, GpuStackSpec, MirrorSpec, NetworkSpec, NodeImageSpec
from gpucloud.spec.held_back import HeldByKueue, HeldByQuota
from tests.plan.pools import EAST, cluster, cluster_on, pool, pool_on


@dataclass(frozen=True)
class ClusterCase:
    """One rule about a cluster: one that passes, one that fails, and the fields that the failure names."""

    passes: Callable[[], ClusterSpec]
    fails: Callable[[], ClusterSpec]
    names: tuple[str, ...]
    cloud: Cloud = "aws"


_GUIDS = tuple(f"00000000-0000-0000-0000-00000000000{index}" for index in range(2))


def _admins(*roles: str) -> tuple[str, ...]:
    return tuple(f"arn:aws:iam::123456789012:role/{role}" for role in roles)


def _with_values(values: dict[str, Any]) -> ClusterSpec:
    return cluster(gpu_stack=GpuStackSpec(values=values))


def _queued(batch_scheduling: Literal["kueue", "volcano"]) -> ClusterSpec:
    nodes = pool(held_back=HeldByKueue(share=0.5, queue="others"))
    return cluster(nodes, gpu_stack=GpuStackSpec(batch_scheduling=batch_scheduling))


def _by_quota(*namespaces: str, **stack: Any) -> ClusterSpec:
    nodes = pool(size={"desired": 2, "max": 2}, held_back=HeldByQuota(share=0.5, namespaces=namespaces))
    return cluster(nodes, gpu_stack=GpuStackSpec(**stack))


def _claimed(*namespaces: str, allocation: str = "dra") -> ClusterSpec:
    stack = GpuStackSpec(allocation=allocation, claims={"namespaces": namespaces})
    return cluster(pool(size={"min": 1, "desired": 1}), gpu_stack=stack)


def _cut() -> Any:
    return pool(machine_type="p5.48xlarge", sharing={"type": "mig", "layout": {"1g.10gb": 2, "3g.40gb": 1}})


_MIRROR = "https://mirror.example.com/cache"
_ECR = "https://123456789012.dkr.ecr.us-east-1.amazonaws.com/nvcr"


def _mirrored(*registries: str) -> ClusterSpec:
    return cluster(mirrors=tuple(MirrorSpec(registry=name, endpoint=_MIRROR) for name in registries))


_ACCOUNT = "123456789012"
_SECRET = f"arn:aws:secretsmanager:us-east-1:{_ACCOUNT}:secret:ecr-pullthroughcache/hub-AbCdEf"


def _managed(registry: str = "quay.io", account: str | None = _ACCOUNT, **fields: Any) -> ClusterSpec:
    return cluster(account=account, mirrors=({"registry": registry, "managed": True, **fields},))


def _on_gke(account: str | None = "project-1", **fields: Any) -> ClusterSpec:
    return cluster_on("gcp", account=account, mirrors=({"registry": "nvcr.io", "managed": True, **fields},))


_VERSION = {"secret": "projects/project-1/secrets/nvcr/versions/1", "username": "$oauthtoken"}


def _on_aks(registry: str = "quay.io", account: str | None = _GUIDS[0], **fields: Any) -> ClusterSpec:
    return cluster_on("azure", account=account, mirrors=({"registry": registry, "managed": True, **fields},))


_VAULT = f"/subscriptions/{_GUIDS[1]}/resourceGroups/secrets/providers/Microsoft.KeyVault/vaults/ours"
_IN_VAULT = {"secret": f"{_VAULT}/secrets/password", "username": f"{_VAULT}/secrets/name"}


def _bottlerocket(endpoint: str) -> ClusterSpec:
    nodes = pool(image=NodeImageSpec(family="bottlerocket"))
    return cluster(nodes, mirrors=(MirrorSpec(registry="nvcr.io", endpoint=endpoint, on_nodes=True),))


def _gated(cloud: Cloud, *sizes: dict[str, int], **gate: bool) -> ClusterSpec:
    pools = [pool_on(cloud, name=f"p{index}", size=size) for index, size in enumerate(sizes)]
    return cluster_on(cloud, *pools, gpu_stack=GpuStackSpec(gate=gate))


def _gke(version: str, **fields: object) -> ClusterSpec:
    return cluster_on("gcp", pool_on("gcp", **fields), kubernetes_version=version)


CLUSTER_CASES: tuple[tuple[str, ClusterCase], ...] = (
    ("region_exists", ClusterCase(cluster, lambda: cluster(region="us-east-7"), ("region",))),
    (
        "region_exists",
        ClusterCase(
            lambda: cluster_on("azure"), lambda: cluster_on("azure", region="us-central1"), ("region",), cloud="azure"
        ),
    ),
    (
        "region_exists",
        ClusterCase(lambda: cluster_on("gcp"), lambda: cluster_on("gcp", region="eastus"), ("region",), cloud="gcp"),
    ),
    (
        "problems_are_reported_once",
        ClusterCase(
            lambda: cluster_on("gcp", gpu_stack=GpuStackSpec(node_problem_detector=True)),
            lambda: cluster_on("azure", gpu_stack=GpuStackSpec(node_problem_detector=True)),
            ("gpu_stack.node_problem_detector",),
            cloud="azure",
        ),
    ),
    (
        "quotas_are_on_teams_namespaces",
        ClusterCase(
            lambda: _by_quota("team-a", "default"),
            lambda: _by_quota("team-a", "gpucloud-gate", "monitoring", "kube-system"),
            tuple(f"node_pools[gpu].held_back.namespaces[{index}]" for index in (1, 2, 3)),
        ),
    ),
    (
        "runtimes_can_run_where_quotas_are",
        ClusterCase(
            lambda: _by_quota("team-a"), lambda: _by_quota("team-a", trainer=True), ("node_pools[gpu].held_back.by",)
        ),
    ),
    (
        "queues_have_their_controller",
        ClusterCase(
            lambda: _queued("kueue"),
            lambda: _queued("volcano"),
            ("gpu_stack.batch_scheduling",),
        ),
    ),
    (
        "operator_has_no_known_hole",
        ClusterCase(
            lambda: cluster(gpu_stack=GpuStackSpec(operator_version="25.3.2")),
            lambda: cluster(gpu_stack=GpuStackSpec(operator_version="v25.3.1")),
            ("gpu_stack.operator_version",),
        ),
    ),
    (
        "claims_need_a_newer_kubernetes",
        ClusterCase(
            lambda: cluster(
                pool(size={"min": 1, "desired": 1}), gpu_stack=GpuStackSpec(allocation="dra"), kubernetes_version="1.34"
            ),
            lambda: cluster(
                pool(size={"min": 1, "desired": 1}), gpu_stack=GpuStackSpec(allocation="dra"), kubernetes_version="1.33"
            ),
            ("kubernetes_version",),
        ),
    ),
    *(
        (
            "gate_sees_every_pool",
            ClusterCase(
                lambda cloud=cloud: _gated(cloud, {"desired": 1}, {"desired": 2, "max": 2}),
                lambda cloud=cloud: _gated(cloud, {"desired": 1}, {}),
                ("gpu_stack.gate",),
                cloud=cloud,
            ),
        )
        for cloud in get_args(Cloud)
    ),
    (
        "gate_sees_every_pool",
        ClusterCase(
            lambda: _gated("aws", {"desired": 1}, {}, allow_skipped=True),
            lambda: _gated("aws", {}, {}, allow_skipped=True),
            ("gpu_stack.gate",),
        ),
    ),
    (
        "templates_need_claims",
        ClusterCase(
            lambda: _claimed("team-a"), lambda: _claimed("team-a", allocation="device-plugin"), ("gpu_stack.claims",)
        ),
    ),
    (
        "template_namespaces_are_of_teams",
        ClusterCase(
            lambda: _claimed("team-a", "team-b", "default"),
            lambda: _claimed("team-a", "gpu-operator", "team-a", "kube-system", "dra-driver-nvidia-gpu"),
            tuple(f"gpu_stack.claims.namespaces[{index}]" for index in (1, 2, 3, 4)),
        ),
    ),
    (
        "values_are_the_charts_and_nobody_elses",
        ClusterCase(
            lambda: _with_values({"gpu-operator": {"dcgmExporter": {"serviceMonitor": {"enabled": False}}}}),
            lambda: _with_values(
                {
                    "gpu-operator": {
                        "driver": {"enabled": False},
                        "drivers": {"enabled": False},
                        "gpuCluster": {"deployCR": True},
                        "nfd": {"enabled": True},
                    },
                    "gpu-operators": {},
                }
            ),
            (
                "gpu_stack.values[gpu-operator].driver.enabled",
                "gpu_stack.values[gpu-operator].drivers.enabled",
                "gpu_stack.values[gpu-operator].gpuCluster.deployCR",
                "gpu_stack.values[gpu-operator].nfd.enabled",
                "gpu_stack.values[gpu-operators]",
            ),
        ),
    ),
    (
        "network_zones_are_in_the_region",
        ClusterCase(
            lambda: cluster(network=NetworkSpec(zones=EAST[:3])),
            lambda: cluster(network=NetworkSpec(zones=("us-east-1a", "us-west-2a"))),
            ("network.zones[1]", "network.zones"),
        ),
    ),
    # Elsewhere subnets lie in the region: a pool may stand in a zone that the control plane is not in.
    (
        "network_zones_are_in_the_region",
        ClusterCase(
            lambda: cluster_on("azure", network=NetworkSpec(zones=("2",))),
            lambda: cluster_on("azure", network=NetworkSpec(zones=("1", "regional"))),
            ("network.zones[1]",),
            cloud="azure",
        ),
    ),
    (
        "network_zones_are_in_the_region",
        ClusterCase(
            lambda: cluster_on("gcp", network=NetworkSpec(zones=("us-central1-f",))),
            lambda: cluster_on("gcp", network=NetworkSpec(zones=("us-central1-e",))),
            ("network.zones[0]",),
            cloud="gcp",
        ),
    ),
    (
        "network_has_two_zones",
        ClusterCase(
            lambda: cluster(network=NetworkSpec(zones=EAST[:2])),
            lambda: cluster(pool(zones=EAST[:1]), network=NetworkSpec(zones=EAST[:1])),
            ("network.zones",),
        ),
    ),
    (
        "admins_are_named_once",
        ClusterCase(
            lambda: cluster(access={"admins": _admins("a", "b")}),
            lambda: cluster(access={"admins": _admins("a", "b", "a", "b")}),
            ("access.admins[2]", "access.admins[3]"),
        ),
    ),
    (
        "admins_are_the_clouds",
        ClusterCase(
            lambda: cluster(access={"admins": _admins("a")}),
            lambda: cluster(access={"admins": (*_admins("a"), "user:a@example.com", _GUIDS[0])}),
            ("access.admins[1]", "access.admins[2]"),
        ),
    ),
    (
        "admins_are_the_clouds",
        ClusterCase(
            lambda: cluster_on("azure", access={"admins": _GUIDS}),
            lambda: cluster_on("azure", access={"admins": (*_admins("a"), _GUIDS[0], "group:a@example.com")}),
            ("access.admins[0]", "access.admins[2]"),
            cloud="azure",
        ),
    ),
    (
        "admins_are_the_clouds",
        ClusterCase(
            lambda: cluster_on("gcp", access={"admins": ("user:a@example.com", "group:b@example.com")}),
            lambda: cluster_on("gcp", access={"admins": ("serviceAccount:c@p.iam.gserviceaccount.com", *_GUIDS)}),
            ("access.admins[1]", "access.admins[2]"),
            cloud="gcp",
        ),
    ),
    (
        "system_machine_type_exists",
        ClusterCase(
            lambda: cluster(system_pool={"machine_type": "m7g.large"}),
            lambda: cluster(system_pool={"machine_type": "g5.xlarge"}),
            ("system_pool.machine_type",),
        ),
    ),
    (
        "system_machine_type_exists",
        ClusterCase(
            lambda: cluster_on("azure", system_pool={"machine_type": "Standard_D8s_v5"}),
            lambda: cluster_on("azure", system_pool={"machine_type": "m7i.large"}),
            ("system_pool.machine_type",),
            cloud="azure",
        ),
    ),
    (
        "system_machine_type_exists",
        ClusterCase(
            lambda: cluster_on("gcp", system_pool={"machine_type": "n2-standard-8"}),
            lambda: cluster_on("gcp", system_pool={"machine_type": "g2-standard-4"}),
            ("system_pool.machine_type",),
            cloud="gcp",
        ),
    ),
    (
        "tag_keys_are_free",
        ClusterCase(
            lambda: cluster(tags={"awsome": "x", "name": "x", "Names": "x"}),
            lambda: cluster(tags={"AWS:owner": "x", "Name": "x"}),
            ("tags[AWS:owner]", "tags[Name]"),
        ),
    ),
    (
        "tags_have_characters_that_aws_takes",
        ClusterCase(
            lambda: cluster(tags={"Größe 2 +-=._:/@": "a b +-=._:/@", "empty": ""}),
            lambda: cluster(tags={"r&d": "x", "team": "ml*", "both#": "{}", "lines": "a\nb", "fine": "x"}),
            ("tags[r&d]", "tags[team]", "tags[both#]", "tags[lines]"),
        ),
    ),
    (
        "tags_are_what_azure_takes",
        ClusterCase(
            lambda: cluster_on("azure", tags={"Cost Center": "a/b", "my-azure": "x", "Größe": "ü"}),
            lambda: cluster_on("azure", tags={"a/b": "x", "Azure-team": "x", "windows": "x", "fine": "<%>"}),
            ("tags[a/b]", "tags[Azure-team]", "tags[windows]"),
            cloud="azure",
        ),
    ),
    (
        "agent_pools_differ",
        ClusterCase(
            lambda: cluster_on("azure", pool_on("azure", name="a-b"), pool_on("azure", name="a-c")),
            lambda: cluster_on("azure", pool_on("azure", name="a-bc"), pool_on("azure", name="ab-c")),
            ("node_pools[ab-c].name",),
            cloud="azure",
        ),
    ),
    (
        "tags_are_labels",
        ClusterCase(
            lambda: cluster_on("gcp", tags={"cost-center": "ml_1", "empty": "", "k" * 63: "1" * 63}),
            lambda: cluster_on("gcp", tags={"Team": "x", "team": "ML", "1st": "x", "k" * 64: "x", "v": "1" * 64}),
            ("tags[Team]", "tags[team]", "tags[1st]", f"tags[{'k' * 64}]", "tags[v]"),
            cloud="gcp",
        ),
    ),
    (
        "network_leaves_room_for_gpu_networks",
        ClusterCase(
            lambda: cluster_on("gcp", pool_on("gcp"), network=NetworkSpec(cidr="192.168.0.0/17")),
            lambda: cluster_on("gcp", pool_on("gcp", fabric="tcpxo"), network=NetworkSpec(cidr="192.168.0.0/17")),
            ("network.cidr",),
            cloud="gcp",
        ),
    ),
    (
        "gke_is_new_enough",
        ClusterCase(
            lambda: _gke("1.32", capacity=("flex-start",)),
            lambda: _gke("1.31", capacity=("flex-start",)),
            ("kubernetes_version",),
            cloud="gcp",
        ),
    ),
    (
        "gke_is_new_enough",
        ClusterCase(
            lambda: _gke("1.28", fabric="tcpxo"),
            lambda: _gke("1.27", fabric="tcpxo"),
            ("kubernetes_version",),
            cloud="gcp",
        ),
    ),
    (
        "gke_is_new_enough",
        ClusterCase(
            lambda: _gke("1.35", machine_type="g4-standard-12"),
            lambda: _gke("1.34", machine_type="g4-standard-12"),
            ("kubernetes_version",),
            cloud="gcp",
        ),
    ),
    (
        "registries_have_one_mirror",
        ClusterCase(
            lambda: _mirrored("nvcr.io", "docker.io"),
            lambda: _mirrored("nvcr.io", "nvcr.io"),
            ("mirrors[1].registry",),
        ),
    ),
    (
        "node_mirrors_can_be_set",
        ClusterCase(
            lambda: cluster_on("azure", mirrors=(MirrorSpec(registry="nvcr.io", endpoint=_MIRROR),)),
            lambda: cluster_on("azure", mirrors=(MirrorSpec(registry="nvcr.io", endpoint=_MIRROR, on_nodes=True),)),
            ("mirrors[0].on_nodes",),
            cloud="azure",
        ),
    ),
    (
        "node_mirrors_can_be_set",
        ClusterCase(
            lambda: cluster(mirrors=(MirrorSpec(registry="nvcr.io", endpoint=_MIRROR, on_nodes=True),)),
            lambda: cluster(mirrors=(MirrorSpec(registry="nvcr.io", endpoint=_ECR, on_nodes=True),)),
            ("mirrors[0].on_nodes",),
        ),
    ),
    (
        "node_mirrors_can_be_set",
        ClusterCase(
            lambda: _bottlerocket("https://mirror.example.com"),
            lambda: _bottlerocket(_MIRROR),
            ("mirrors[0].on_nodes",),
        ),
    ),
    (
        "layouts_have_a_gpu_stack",
        ClusterCase(
            lambda: cluster(_cut(), gpu_stack={}),
            lambda: cluster(_cut(), gpu_stack=None),
            ("node_pools[gpu].sharing.layout",),
        ),
    ),
    (
        "node_mirrors_can_be_set",
        ClusterCase(_managed, lambda: _managed(on_nodes=True), ("mirrors[0].on_nodes",)),
    ),
    ("managed_mirrors_have_an_account", ClusterCase(_managed, lambda: _managed(account=None), ("account",))),
    (
        "managed_mirrors_have_an_account",
        ClusterCase(_managed, lambda: _managed(account="1234-5678-9012"), ("account",)),
    ),
    ("managed_mirrors_have_an_account", ClusterCase(cluster, lambda: cluster(account=_ACCOUNT), ("account",))),
    (
        "managed_mirrors_have_a_source",
        ClusterCase(lambda: _managed("registry.k8s.io"), lambda: _managed("nvcr.io"), ("mirrors[0].registry",)),
    ),
    (
        "managed_mirrors_have_a_source",
        ClusterCase(
            _managed,
            lambda: cluster(
                pool(zones=("us-gov-west-1a",), machine_type="g4dn.xlarge"),
                region="us-gov-west-1",
                account=_ACCOUNT,
                mirrors=({"registry": "quay.io", "managed": True},),
            ),
            ("mirrors[0].managed",),
        ),
    ),
    (
        "managed_mirrors_have_their_credentials",
        ClusterCase(
            lambda: _managed("docker.io", credentials={"secret": _SECRET}),
            lambda: _managed("docker.io"),
            ("mirrors[0].credentials",),
        ),
    ),
    (
        "managed_mirrors_name_secrets_of_their_cloud",
        ClusterCase(
            lambda: _managed(credentials={"secret": _SECRET}),
            lambda: _managed(credentials={"secret": _SECRET.replace("us-east-1", "us-east-2"), "username": "me"}),
            ("mirrors[0].credentials.secret", "mirrors[0].credentials.username"),
        ),
    ),
    (
        "managed_mirrors_name_secrets_of_their_cloud",
        ClusterCase(
            lambda: _managed(credentials={"secret": _SECRET}),
            lambda: _managed(credentials={"secret": _SECRET.replace("ecr-pullthroughcache/", "")}),
            ("mirrors[0].credentials.secret",),
        ),
    ),
    ("managed_mirrors_have_an_account", ClusterCase(_on_gke, lambda: _on_gke("p-"), ("account",), cloud="gcp")),
    (
        "managed_mirrors_name_secrets_of_their_cloud",
        ClusterCase(
            lambda: _on_gke(credentials=_VERSION),
            lambda: _on_gke(credentials={"secret": "projects/project-1/secrets/nvcr"}),
            ("mirrors[0].credentials.secret", "mirrors[0].credentials.username"),
            cloud="gcp",
        ),
    ),
    (
        "managed_mirrors_have_an_account",
        ClusterCase(_on_aks, lambda: _on_aks(account="mine"), ("account",), cloud="azure"),
    ),
    (
        "managed_mirrors_have_a_source",
        ClusterCase(_on_aks, lambda: _on_aks("nvcr.io"), ("mirrors[0].registry",), cloud="azure"),
    ),
    (
        "managed_mirrors_have_their_credentials",
        ClusterCase(
            lambda: _on_aks("docker.io", credentials=_IN_VAULT),
            lambda: _on_aks("docker.io"),
            ("mirrors[0].credentials",),
            cloud="azure",
        ),
    ),
    (
        "managed_mirrors_have_their_credentials",
        ClusterCase(
            lambda: _on_aks("public.ecr.aws"),
            lambda: _on_aks("public.ecr.aws", credentials=_IN_VAULT),
            ("mirrors[0].credentials",),
            cloud="azure",
        ),
    ),
    (
        "managed_mirrors_name_secrets_of_their_cloud",
        ClusterCase(
            lambda: _on_aks(credentials=_IN_VAULT),
            lambda: _on_aks(credentials={"secret": "https://ours.vault.azure.net/secrets/password", "username": "me"}),
            ("mirrors[0].credentials.secret", "mirrors[0].credentials.username"),
            cloud="azure",
        ),
    ),
    (
        "managed_mirrors_name_secrets_of_their_cloud",
        ClusterCase(
            lambda: _on_aks(credentials=_IN_VAULT),
            lambda: _on_aks(credentials={"secret": _IN_VAULT["secret"]}),
            ("mirrors[0].credentials.username",),
            cloud="azure",
        ),
    ),
)
