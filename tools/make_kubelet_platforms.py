"""Complete kubelet_platforms.csv: Bottlerocket, ACK and TKE by their lists, and the platforms that take a whole file.

The rows of AKS and GKE are kept as they stand; the others are made here from a list of names a platform, each with the
source of that list. Run: `python tools/make_kubelet_platforms.py`.
"""

import csv
import sys
from pathlib import Path

from fact_tables import Row, csv_text, write_or_check

DATA = Path(__file__).resolve().parents[1] / "gpucloud/facts/data"
BOTTLEROCKET_NAMES = Path(__file__).resolve().parent / "data/kubelet_bottlerocket.csv"
COLUMNS = ("platform", "field", "support", "setting", "kind", "minimum", "maximum", "values", "source", "note")

ACK = "pulumi_alicloud 4.0.0 cs.NodePoolKubeletConfigurationArgs"
ACK_LIMITS = f"{ACK} (ranges in its texts)"
ACK_FIELDS = {
    "allowedUnsafeSysctls": ("allowedUnsafeSysctls", "any", "", ""),
    "clusterDNS": ("clusterDns", "any", "", ""),
    "containerLogMaxFiles": ("containerLogMaxFiles", "number-text", "2", "10"),
    "containerLogMaxSize": ("containerLogMaxSize", "quantity", "", ""),
    "containerLogMaxWorkers": ("containerLogMaxWorkers", "number-text", "1", ""),
    "containerLogMonitorInterval": ("containerLogMonitorInterval", "duration", "3s", ""),
    "cpuCFSQuota": ("cpuCfsQuota", "truth-text", "", ""),
    "cpuCFSQuotaPeriod": ("cpuCfsQuotaPeriod", "duration", "1ms", "1s"),
    "cpuManagerPolicy": ("cpuManagerPolicy", "same", "", ""),
    "eventBurst": ("eventBurst", "number-text", "0", "100"),
    "eventRecordQPS": ("eventRecordQps", "number-text", "0", "50"),
    "evictionHard": ("evictionHard", "any", "", ""),
    "evictionSoft": ("evictionSoft", "any", "", ""),
    "evictionSoftGracePeriod": ("evictionSoftGracePeriod", "any", "", ""),
    "featureGates": ("featureGates", "any", "", ""),
    "imageGCHighThresholdPercent": ("imageGcHighThresholdPercent", "number-text", "0", "100"),
    "imageGCLowThresholdPercent": ("imageGcLowThresholdPercent", "number-text", "0", "100"),
    "kubeAPIBurst": ("kubeApiBurst", "number-text", "0", "100"),
    "kubeAPIQPS": ("kubeApiQps", "number-text", "0", "50"),
    "kubeReserved": ("kubeReserved", "any", "", ""),
    "maxPods": ("maxPods", "number-text", "", ""),
    "memoryManagerPolicy": ("memoryManagerPolicy", "same", "", ""),
    "podPidsLimit": ("podPidsLimit", "number-text", "", ""),
    "readOnlyPort": ("readOnlyPort", "number-text", "0", "65535"),
    "registryBurst": ("registryBurst", "number-text", "0", "100"),
    "registryPullQPS": ("registryPullQps", "number-text", "0", "50"),
    "reservedMemory": ("reservedMemories", "any", "", ""),
    "serializeImagePulls": ("serializeImagePulls", "truth-text", "", ""),
    "serverTLSBootstrap": ("serverTlsBootstrap", "bool", "", ""),
    "systemReserved": ("systemReserved", "any", "", ""),
    "topologyManagerPolicy": ("topologyManagerPolicy", "same", "", ""),
    "tracing": ("tracing", "tracing", "", ""),
}
CHOICES = {
    "cpuManagerPolicy": "none|static",
    "memoryManagerPolicy": "None|Static",
    "topologyManagerPolicy": "none|best-effort|restricted|single-numa-node",
}

TKE = (
    "terraform-provider-tencentcloud website/docs/r/kubernetes_node_pool.html.markdown: extra_args takes flags; "
    "k8s.io/kubernetes v1.36.3 cmd/kubelet/app/options: the flags"
)
TKE_NOTE = "which flags TKE lets through is not published"
TKE_FLAGS = {
    "allowedUnsafeSysctls": ("allowed-unsafe-sysctls", "flag-list"),
    "containerLogMaxFiles": ("container-log-max-files", "flag"),
    "containerLogMaxSize": ("container-log-max-size", "flag"),
    "cpuManagerPolicy": ("cpu-manager-policy", "flag"),
    "evictionHard": ("eviction-hard", "flag-thresholds"),
    "evictionSoft": ("eviction-soft", "flag-thresholds"),
    "evictionSoftGracePeriod": ("eviction-soft-grace-period", "flag-map"),
    "featureGates": ("feature-gates", "flag-map"),
    "imageGCHighThresholdPercent": ("image-gc-high-threshold", "flag"),
    "imageGCLowThresholdPercent": ("image-gc-low-threshold", "flag"),
    "kubeReserved": ("kube-reserved", "flag-map"),
    "memoryManagerPolicy": ("memory-manager-policy", "flag"),
    "podPidsLimit": ("pod-max-pids", "flag"),
    "reservedMemory": ("reserved-memory", "flag-numa"),
    "systemReserved": ("system-reserved", "flag-map"),
    "topologyManagerPolicy": ("topology-manager-policy", "flag"),
    "topologyManagerPolicyOptions": ("topology-manager-policy-options", "flag-map"),
    "topologyManagerScope": ("topology-manager-scope", "flag"),
}

BOTTLEROCKET = "bottlerocket-os/bottlerocket-project-website@6102096 data/settings/*/kubernetes.toml"
BOTTLEROCKET_MORE = {
    "cpuManagerPolicyOptions": ("cpu-manager-policy-options", "enabled-options", "full-pcpus-only", ""),
    "reservedMemory": (
        "memory-manager-reserved-memory",
        "numa-tables",
        "",
        "aws/karpenter-provider-aws tests of its Bottlerocket bootstrap: a table a NUMA node with `enabled`",
    ),
}

WHOLE = {
    "nodeadm": "awslabs/amazon-eks-ami v20260724 nodeadm/api/v1alpha1/nodeconfig_types.go spec.kubelet.config",
    "kubeadm": "k8s.io/kubernetes v1.36.3 cmd/kubeadm: patch target kubeletconfiguration; cmd/kubelet --config-dir",
    "karpenter": "karpenter-provider-aws 1d927085 EC2NodeClass spec.kubelet: an open map on AL2023, decoded strictly",
}
REFUSED = [
    (
        "nodeadm",
        "reservedSystemCPUs",
        "awslabs/amazon-eks-ami#2794",
        "excludes the reserved cgroups that nodeadm sets, the kubelet would not start",
    ),
    (
        "karpenter",
        "reservedSystemCPUs",
        "awslabs/amazon-eks-ami#2794",
        "excludes the reserved cgroups that nodeadm sets, the kubelet would not start",
    ),
    (
        "karpenter",
        "registerWithTaints",
        "karpenter-provider-aws 1d927085 pkg/apis/v1/kubeletconfiguration_validation.go",
        "Karpenter refuses it",
    ),
]
AKS_PREVIEW = [
    (
        field,
        "MicrosoftDocs/azure-aks-docs fb060ab; pulumi_azure_native 3.29.0 has no such input",
        "a preview that the SDK has no input for",
    )
    for field in ("evictionHard", "kubeReserved")
]


def row(platform: str, field: str, support: str, *form: str, **more: str) -> Row:
    """One row; `form` is setting and kind, what is left out is empty."""
    found = dict.fromkeys(COLUMNS, "") | {"platform": platform, "field": field, "support": support}
    return found | dict(zip(("setting", "kind"), form, strict=False)) | more


def rows() -> list[Row]:
    """Every row, sorted by platform and field."""
    found = []
    with (DATA / "kubelet_platforms.csv").open(encoding="utf-8", newline="") as file:
        for kept in csv.DictReader(file):
            if kept["platform"] in {"aks", "gke"} and kept.get("support", "yes") != "preview":
                support = "pool" if kept["setting"].startswith("pool:") else "yes"
                found.append({column: kept.get(column, "") for column in COLUMNS} | {"support": support})
    found += [row("aks", field, "preview", source=source, note=note) for field, source, note in AKS_PREVIEW]
    for field, (setting, kind, least, most) in ACK_FIELDS.items():
        limits = {"minimum": least, "maximum": most, "values": CHOICES.get(field, "")}
        found.append(row("ack", field, "yes", setting, kind, source=ACK_LIMITS if least or most else ACK, **limits))
    found.append(row("tke", "maxPods", "pool", "pool:desiredPodNum", "int", source=TKE.partition(":")[0]))
    found += [
        row("tke", field, "flag", flag, kind, source=TKE, note=TKE_NOTE, values=CHOICES.get(field, ""))
        for field, (flag, kind) in TKE_FLAGS.items()
    ]
    with BOTTLEROCKET_NAMES.open(encoding="utf-8", newline="") as file:
        found += [
            row("bottlerocket", known["field"], "yes", known["setting"], "any", source=known["source"])
            for known in csv.DictReader(file)
        ]
    for field, (setting, kind, values, source) in BOTTLEROCKET_MORE.items():
        found.append(row("bottlerocket", field, "yes", setting, kind, source=source or BOTTLEROCKET, values=values))
    found += [row(platform, "*", "yes", "*", "any", source=source) for platform, source in WHOLE.items()]
    found += [row(platform, field, "no", source=source, note=note) for platform, field, source, note in REFUSED]
    return sorted(found, key=lambda entry: (entry["platform"], entry["field"]))


def main() -> int:
    """Write the table, or with --check say whether it would change."""
    return write_or_check(__doc__ or "", {"kubelet_platforms.csv": csv_text(COLUMNS, rows())})


if __name__ == "__main__":
    sys.exit(main())
