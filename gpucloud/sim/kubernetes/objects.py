"""Kubernetes objects: their ids, their server-set fields, and what the API server would refuse."""

from gpucloud.sim.errors import CloudError
from gpucloud.sim.model import Draft
from gpucloud.sim.values import Inputs

# Kinds without a namespace, of those that a GPU stack uses (`kubectl api-resources --namespaced=false`).
_CLUSTER_KINDS = frozenset(
    {
        "APIService",
        "ClusterPolicy",
        "ClusterRole",
        "ClusterRoleBinding",
        "CSIDriver",
        "CustomResourceDefinition",
        "DeviceClass",
        "MutatingWebhookConfiguration",
        "Namespace",
        "NicClusterPolicy",
        "Node",
        "PersistentVolume",
        "PriorityClass",
        "ResourceSlice",
        "RuntimeClass",
        "StorageClass",
        "ValidatingAdmissionPolicy",
        "ValidatingAdmissionPolicyBinding",
        "ValidatingWebhookConfiguration",
        "NodeFeatureRule",
        "NVIDIADriver",
        "GPUCluster",
        "GKENetworkParamSet",
        "Network",
        "ClusterQueue",
        "ResourceFlavor",
        "Topology",
        "WorkloadPriorityClass",
    }
)
_NAMESPACE_TOKEN = "kubernetes:core/v1:Namespace"  # noqa: S105 - a type token
_BUILT_IN_NAMESPACES = frozenset({"default", "kube-node-lease", "kube-public", "kube-system"})


def _metadata(inputs: Inputs) -> Inputs:
    metadata = inputs.get("metadata")
    return metadata if isinstance(metadata, dict) else {}


def kind_of(token: str) -> str:
    """Return the kind that a type token names; `NodeList` and such are kinds of their own."""
    return token.rpartition(":")[2]


def namespace_of(token: str, inputs: Inputs) -> str:
    """Return an object's namespace, or nothing for a kind that has none."""
    return "" if kind_of(token) in _CLUSTER_KINDS else str(_metadata(inputs).get("namespace", "default"))


def object_name(draft: Draft) -> str:
    """Return the object's name; what is unnamed is called after its logical name, as the real provider does."""
    given = _metadata(draft.inputs).get("name")
    if given:
        return str(given)
    if draft.previous is not None:
        return str(_metadata(draft.previous.outputs)["name"])
    prefix = _metadata(draft.inputs).get("generateName", f"{draft.urn.rpartition('::')[2]}-")
    return f"{prefix}{draft.digits(8, 'name')}"


def identify(draft: Draft) -> str:
    """Return `namespace/name`, or the name alone where there is no namespace."""
    namespace = namespace_of(draft.type, draft.inputs)
    name = object_name(draft)
    return f"{namespace}/{name}" if namespace else name


def name_of(_inputs: Inputs) -> str:
    """Return nothing: the id says it."""
    return ""


def object_outputs(draft: Draft) -> Inputs:
    """Return apiVersion, kind and the metadata that the API server sets."""
    _, version, kind = draft.type.split(":")
    namespace, _, name = draft.id.rpartition("/")
    digits = draft.digits(32, "uid")
    metadata = {
        "name": name,
        "uid": f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}",
        "resourceVersion": str(1 + int(_metadata(draft.previous.outputs)["resourceVersion"]) if draft.previous else 1),
    }
    if namespace:
        metadata["namespace"] = namespace
    group_version = version.removeprefix("core/")
    return {"apiVersion": group_version, "kind": kind, "metadata": metadata}


def object_body(token: str, id_: str, inputs: Inputs) -> Inputs:
    """Return the object that a client sends: the inputs under the name and namespace that the id says."""
    _, version, kind = token.split(":")
    namespace, _, name = id_.rpartition("/")
    metadata = {key: value for key, value in _metadata(inputs).items() if key != "generateName"}
    metadata = {**metadata, "name": name, **({"namespace": namespace} if namespace else {})}
    return {**inputs, "apiVersion": version.removeprefix("core/"), "kind": kind, "metadata": metadata}


def refuse_missing_namespace(draft: Draft) -> None:
    """Refuse an object whose namespace does not exist, as the API server does."""
    namespace = namespace_of(draft.type, draft.inputs)
    if not namespace or namespace in _BUILT_IN_NAMESPACES:
        return
    if draft.store.find_one(_NAMESPACE_TOKEN, draft.scope, namespace) is None:
        raise CloudError("NotFound", f'namespaces "{namespace}" not found')


def refuse_taken_name(draft: Draft) -> None:
    """Refuse a new object under a name that its kind already has in this namespace."""
    if draft.previous is None and draft.store.find_one(draft.type, draft.scope, identify(draft)) is not None:
        raise CloudError("AlreadyExists", f'{kind_of(draft.type)} "{identify(draft)}" already exists')


SERVER_SET = {"metadata": ("name", "namespace", "resourceVersion", "uid")}
OBJECT_CHECKS = (refuse_missing_namespace, refuse_taken_name)
