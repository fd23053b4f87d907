"""The kubelet block: a profile, an intent about NUMA, and KubeletConfiguration keys in Kubernetes' own spelling."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    SkipValidation,
    model_serializer,
    model_validator,
)
from pydantic_core import PydanticCustomError

from gpucloud.facts.kubelet_fields import kubelet_field, kubelet_fields
from gpucloud.facts.kubelet_profiles import KubeletProfile
from gpucloud.facts.tables import nearest_names
from gpucloud.spec.document import Document

# Values are judged by the plan, together and with all their problems at once; the types here are for editors and type
# checkers, so pydantic does not look at them.
Quantity = Annotated[SkipValidation[str], Field(description="A quantity: `500m`, `10Gi`.")]
Duration = Annotated[SkipValidation[str], Field(description="A duration: `10s`, `1m30s`.")]
Switch = SkipValidation[bool]
Count = SkipValidation[int]
Text = SkipValidation[str]
Percentage = Annotated[SkipValidation[int], Field(json_schema_extra={"minimum": 0, "maximum": 100})]
Quantities = SkipValidation[dict[str, str]]
Thresholds = Annotated[
    SkipValidation[dict[str, str]], Field(description="By signal: a quantity, or a percentage such as `10%`.")
]
Options = Annotated[SkipValidation[dict[str, str]], Field(description='Values are text: `"true"`.')]
Objects = SkipValidation[Sequence[dict[str, Any]]]

LIBRARY_KEYS = frozenset({"profile", "numa"})


def _with_every_key(schema: dict[str, Any]) -> None:
    """Name the keys that have no field of their own here, too: an editor then marks a slip of the pen."""
    for field in kubelet_fields():
        schema["properties"].setdefault(field.name, {"description": f"Takes {field.kind}."})
    schema["additionalProperties"] = False


class NumaSpec(Document):
    """How close together the CPUs, memory and GPUs of one pod shall be; resolves into the kubelet's managers."""

    align: Literal["single-numa-node", "restricted", "best-effort"]
    """`single-numa-node` refuses a pod that needs more than one node, `restricted` one that got more nodes than it
    needs, `best-effort` none."""
    scope: Literal["pod", "container"] = "pod"
    """What is kept together: all containers of a pod, or each by itself."""
    gpusPerNuma: Annotated[int, Field(ge=1, le=16)] | None = None
    """GPUs of one NUMA node, where the catalogue does not know the machine type's layout."""
    memory: bool = False
    """Keep memory together, too: the Static memory manager, with `reservedMemory` computed to the byte. A host whose
    memory differs between boots then does not start its kubelet (kubernetes#131253)."""


class KubeletSpec(BaseModel):
    """Keys of KubeletConfiguration v1beta1 (`kubelet.config.k8s.io/v1beta1`), as the kubelet's own file takes them.

    The keys below are those that matter for GPU nodes; every other key of the type is taken as well. Refused: a key
    that the type does not have (with the nearest names) and a value of another kind than the field's. What the values
    mean, alone and together, is judged by the plan.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="allow",
        validate_default=False,
        use_attribute_docstrings=True,
        json_schema_extra=_with_every_key,
    )

    profile: KubeletProfile | None = None
    """Defaults for a purpose: `training` (whole nodes), `inference` (shared nodes) or `interactive`. A key written
    beside it replaces the profile's; what the platform has no field for is left out of a profile, never of a key."""
    numa: NumaSpec | None = None

    cpuManagerPolicy: SkipValidation[Literal["none", "static"]] | None = None
    cpuManagerPolicyOptions: Options | None = None
    cpuManagerReconcilePeriod: Duration | None = None
    reservedSystemCPUs: Text | None = None
    """CPUs kept for the system, as a list: `0-1,96-97`."""
    topologyManagerPolicy: SkipValidation[Literal["none", "best-effort", "restricted", "single-numa-node"]] | None = (
        None
    )
    topologyManagerScope: SkipValidation[Literal["container", "pod"]] | None = None
    topologyManagerPolicyOptions: Options | None = None
    memoryManagerPolicy: SkipValidation[Literal["None", "Static"]] | None = None
    reservedMemory: Objects | None = None
    """Memory kept for the system, by NUMA node: `[{numaNode: 0, limits: {memory: 2Gi}}]`."""
    kubeReserved: Quantities | None = None
    systemReserved: Quantities | None = None
    kubeReservedCgroup: Text | None = None
    systemReservedCgroup: Text | None = None
    enforceNodeAllocatable: SkipValidation[Sequence[str]] | None = None
    evictionHard: Thresholds | None = None
    evictionSoft: Thresholds | None = None
    evictionSoftGracePeriod: SkipValidation[dict[str, str]] | None = None
    evictionMinimumReclaim: Thresholds | None = None
    evictionMaxPodGracePeriod: Count | None = None
    """Seconds."""
    evictionPressureTransitionPeriod: Duration | None = None
    mergeDefaultEvictionSettings: Switch | None = None
    maxPods: Count | None = None
    podsPerCore: Count | None = None
    podPidsLimit: Count | None = None
    imageGCHighThresholdPercent: Percentage | None = None
    imageGCLowThresholdPercent: Percentage | None = None
    imageMinimumGCAge: Duration | None = None
    imageMaximumGCAge: Duration | None = None
    serializeImagePulls: Switch | None = None
    maxParallelImagePulls: Count | None = None
    registryPullQPS: Count | None = None
    registryBurst: Count | None = None
    containerLogMaxSize: Quantity | None = None
    containerLogMaxFiles: Count | None = None
    containerLogMaxWorkers: Count | None = None
    containerLogMonitorInterval: Duration | None = None
    shutdownGracePeriod: Duration | None = None
    shutdownGracePeriodCriticalPods: Duration | None = None
    shutdownGracePeriodByPodPriority: Objects | None = None
    crashLoopBackOff: SkipValidation[dict[str, Any]] | None = None
    failSwapOn: Switch | None = None
    memorySwap: SkipValidation[dict[str, Any]] | None = None
    singleProcessOOMKill: Switch | None = None
    seccompDefault: Switch | None = None
    protectKernelDefaults: Switch | None = None
    allowedUnsafeSysctls: SkipValidation[Sequence[str]] | None = None
    cpuCFSQuota: Switch | None = None
    cpuCFSQuotaPeriod: Duration | None = None
    nodeStatusUpdateFrequency: Duration | None = None
    nodeLeaseDurationSeconds: Count | None = None
    featureGates: SkipValidation[dict[str, bool]] | None = None

    @model_validator(mode="before")
    @classmethod
    def _known_keys(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        entries = {
            str(key): entry for key, entry in value.items() if entry is not None and str(key) not in LIBRARY_KEYS
        }
        wrong = {key: problem for key, entry in sorted(entries.items()) if (problem := _problem_of(key, entry))}
        if wrong:
            raise PydanticCustomError(
                "kubelet_keys",
                "{text}",
                {
                    "text": "; ".join(wrong.values()),
                    "keys": wrong,
                    "fix": "use the keys of KubeletConfiguration v1beta1",
                },
            )
        return value

    @model_serializer(mode="wrap")
    def _what_is_there(self, whole: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {key: value for key, value in whole(self).items() if value is not None}

    @property
    def written(self) -> dict[str, Any]:
        """The keys of KubeletConfiguration that a person wrote, with their values."""
        return {
            key: value
            for key in sorted({*self.model_fields_set, *(self.model_extra or {})} - LIBRARY_KEYS)
            if (value := getattr(self, key)) is not None
        }

    def __bool__(self) -> bool:
        return self.profile is not None or self.numa is not None or bool(self.written)


def _problem_of(key: str, value: Any) -> str | None:
    field = kubelet_field(key)
    if field is None:
        near = nearest_names(key, (*LIBRARY_KEYS, *(known.name for known in kubelet_fields())))
        hint = f" (nearest: {', '.join(near)})" if near else ""
        return f"KubeletConfiguration has no key {key!r}{hint}, the kubelet would ignore it"
    if not field.takes(value):
        return f"{key} takes {field.kind}, not {value!r}, the kubelet would not start"
    return None
