"""Mirrors that the stack makes: their addresses are known to the plan, and images are named by them."""

import re
from typing import Any

import pytest

from gpucloud.errors import InvalidInputError
from gpucloud.plan import plan_document, plan_environment
from gpucloud.plan.gpu_stack import plan_releases
from gpucloud.plan.images import pulled_images
from gpucloud.plan.impact import impact
from gpucloud.plan.model import ClusterPlan
from gpucloud.spec import GpuStackSpec, MirrorSpec
from tests.plan.pools import cluster, cluster_on, environment, plan_of, pool_on
from tests.plan.test_values_paths import CLAIMED

ACCOUNT = "123456789012"
SECRET = f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:ecr-pullthroughcache/hub-AbCdEf"
K8S = {"registry": "registry.k8s.io", "managed": True}
HUB = {"registry": "docker.io", "managed": True, "credentials": {"secret": SECRET}}


def _on_aws(*mirrors: dict[str, Any], **fields: Any) -> ClusterPlan:
    return plan_of(account=ACCOUNT, mirrors=mirrors, **fields).clusters[0]


def test_an_ecr_rule_is_below_a_prefix_of_its_cluster() -> None:
    hub, k8s = _on_aws(K8S, HUB).managed_mirrors
    assert (k8s.registry, k8s.upstream, k8s.name, k8s.secret) == (
        "registry.k8s.io",
        "registry.k8s.io",
        "prod-train/k8s",
        None,
    )
    assert k8s.endpoint == f"https://{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/prod-train/k8s"
    assert (hub.upstream, hub.name, hub.secret) == ("registry-1.docker.io", "prod-train/docker-hub", SECRET)


def test_artifact_registry_has_a_repository_for_each_mirror() -> None:
    credentials = {"secret": "projects/project-1/secrets/nvcr/versions/1", "username": "$oauthtoken"}
    mirrors = (
        {"registry": "nvcr.io", "managed": True, "credentials": credentials},
        {"registry": "docker.io", "managed": True},
    )
    nodes = pool_on("gcp", driver_owner="operator", image={"family": "ubuntu"})
    plan = plan_environment(environment(cluster_on("gcp", nodes, account="project-1", mirrors=mirrors))).clusters[0]
    hub, nvcr = plan.managed_mirrors
    assert (hub.upstream, hub.name) == ("https://registry-1.docker.io", "prod-train-docker-io")
    assert (nvcr.upstream, nvcr.name) == ("https://nvcr.io", "prod-train-nvcr-io")
    assert (nvcr.secret, nvcr.username) == (credentials["secret"], "$oauthtoken")
    assert nvcr.endpoint == "https://us-central1-docker.pkg.dev/project-1/prod-train-nvcr-io"
    found = {entry.component: entry.reference for entry in pulled_images(plan)}
    assert found["operator"].startswith("us-central1-docker.pkg.dev/project-1/prod-train-nvcr-io/nvidia/gpu-operator:")


def test_registries_that_read_alike_have_mirrors_of_their_own() -> None:
    mirrors = tuple({"registry": name, "managed": True} for name in ("a.b.io", "a-b.io", "a.b.io:5000", "a.b:5000"))
    plan = plan_environment(environment(cluster_on("gcp", account="project-1", mirrors=mirrors))).clusters[0]
    names = {mirror.name for mirror in plan.managed_mirrors}
    assert len(names) == len(mirrors)
    assert all(re.fullmatch(r"[a-z][a-z0-9-]{0,61}[a-z0-9]", name) for name in names)


def test_clusters_whose_names_run_into_a_registrys_have_mirrors_of_their_own() -> None:
    pairs = (("a", "quay.own.io"), ("a-quay", "own.io"))
    made = [
        cluster_on("gcp", name=name, account="project-1", mirrors=({"registry": registry, "managed": True},))
        for name, registry in pairs
    ]
    plans = plan_environment(environment(*made)).clusters
    assert len({plan.managed_mirrors[0].name for plan in plans}) == len(pairs)


def test_a_mirror_that_comes_leaves_the_nodes_alone() -> None:
    before, after = plan_of(), plan_of(account=ACCOUNT, mirrors=(K8S,))
    found = impact(before, after)
    assert found.effect == "in-place"
    assert "managed_mirrors[registry.k8s.io]" in {change.field for change in found.changes}


@pytest.mark.parametrize("name", ["t", "t" * 30, "tr--ain", "t" * 4 + "-" + "t" * 20])
def test_a_prefix_is_one_that_ecr_and_its_provider_take(name: str) -> None:
    (made,) = _on_aws({**HUB, "registry": f"{'r' * 50}.azurecr.io"}, name=name).managed_mirrors
    assert len(made.name) <= 30
    assert re.fullmatch(r"(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*", made.name)


def test_two_clusters_never_share_a_mirror() -> None:
    names = [f"{'t' * 26}-{last}" for last in ("a", "b")] + ["a-b", "a--b"]
    plans = [plan_of(name=name, account=ACCOUNT, mirrors=(K8S,)).clusters[0] for name in names]
    assert len({plan.managed_mirrors[0].name for plan in plans}) == len(names)


def test_every_image_of_the_stack_is_named_by_it() -> None:
    def planned(**fields: Any) -> list[str]:
        clusters = [{**entry, **fields} for entry in CLAIMED["clusters"]]
        found = plan_document({**CLAIMED, "clusters": clusters}).clusters[0]
        return [entry.reference for entry in pulled_images(found)]

    before, after = planned(), planned(account=ACCOUNT, mirrors=[K8S])
    region = CLAIMED["clusters"][0]["region"]
    name = f"{CLAIMED['name']}-{CLAIMED['clusters'][0]['name']}/k8s"
    host = f"{ACCOUNT}.dkr.ecr.{region}.amazonaws.com/{name}"
    assert any(entry.startswith("registry.k8s.io/") for entry in before)
    assert [entry.replace("registry.k8s.io/", f"{host}/") for entry in before] == after


def test_a_mirror_is_managed_beside_one_of_somebody_else() -> None:
    plan = _on_aws(K8S, {"registry": "nvcr.io", "endpoint": "https://m.example.com/nvcr"})
    hosts = {entry.reference.partition("/")[0] for entry in pulled_images(plan)}
    assert hosts == {f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com", "m.example.com"}


def test_a_stack_without_its_cluster_knows_no_address() -> None:
    pools = plan_of().clusters[0].node_pools
    with pytest.raises(InvalidInputError, match=r"mirrors\[nvcr.io\].managed"):
        plan_releases(GpuStackSpec(), pools, mirrors=(MirrorSpec(registry="nvcr.io", managed=True),))


@pytest.mark.parametrize("names", [("prod", "train"), ("p", "t"), ("prod", "t" * 30)])
def test_a_container_registry_has_a_name_of_its_own_in_all_of_azure(names: tuple[str, str]) -> None:
    def host(subscription: str) -> str:
        mirrors = ({"registry": "quay.io", "managed": True}, {"registry": "registry.k8s.io", "managed": True})
        named = cluster_on("azure", name=names[1], account=subscription, mirrors=mirrors)
        quay, k8s = plan_environment(environment(named, name=names[0])).clusters[0].managed_mirrors
        assert (quay.name, k8s.name) == ("quay", "k8s")
        found = quay.endpoint.removesuffix("/quay")
        assert k8s.endpoint == f"{found}/k8s"
        return found

    one, other = (host(f"00000000-0000-0000-0000-00000000000{digit}") for digit in "12")
    assert one != other
    assert re.fullmatch(r"https://[a-z][a-z0-9]{4,49}\.azurecr\.io", one)


def test_a_number_without_quotes_is_one_problem() -> None:
    document = environment(cluster()).model_dump(mode="json", exclude_unset=True)
    document["clusters"][0] |= {"account": int(ACCOUNT), "mirrors": [HUB]}
    with pytest.raises(InvalidInputError) as caught:
        plan_document(document)
    assert [(problem.path, problem.fix) for problem in caught.value.problems] == [
        ("clusters[train].account", "write it as text (YAML: in quotes)")
    ]


def test_problems_of_form_hide_no_account() -> None:
    """A mirror that was cut out of the document is no reason to call the account useless."""
    document = environment(cluster()).model_dump(mode="json", exclude_unset=True)
    document["clusters"][0] |= {"account": ACCOUNT, "mirrors": [{"registry": "quay.io", "managed": "perhaps"}]}
    with pytest.raises(InvalidInputError) as caught:
        plan_document(document)
    assert [problem.path for problem in caught.value.problems] == ["clusters[train].mirrors[0].managed"]
