"""Clusters and add-ons.

Sources: EKS service model; Amazon EKS User Guide, "VPC and subnet requirements"; terraform-provider-aws
internal/service/eks.
"""

import json
from collections.abc import Iterator

from gpucloud.sim.errors import CloudError, Refusal
from gpucloud.sim.model import Draft
from gpucloud.sim.values import Inputs

_CODE = "InvalidParameterException"
_SUBNET = "aws:ec2/subnet:Subnet"
_LEAST_ZONES = 2


def refuse_closed_endpoint(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse a cluster with neither a public nor a private endpoint (EKS API, VpcConfigRequest)."""
    config = inputs.get("vpcConfig")
    if (
        isinstance(config, dict)
        and config.get("endpointPublicAccess") is False
        and not config.get("endpointPrivateAccess")
    ):
        yield Refusal("vpcConfig", _CODE, "Private and public endpoint access cannot be false")


def refuse_bad_version(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse a Kubernetes version that is not `1.NN`; which of them EKS offers today is not modelled."""
    version = inputs.get("version")
    if isinstance(version, str):
        major, _, minor = version.partition(".")
        if major != "1" or not minor.isdigit():
            yield Refusal("version", _CODE, f"unsupported Kubernetes version {version}")


def refuse_subnets_in_one_zone(draft: Draft) -> None:
    """Refuse a cluster whose subnets are not in two zones at least, or not all in one VPC."""
    ids = draft.inputs.get("vpcConfig", {}).get("subnetIds", [])
    rows = [row for row in (draft.store.find_one(_SUBNET, draft.scope, str(id_)) for id_ in ids) if row is not None]
    if len({row.outputs["availabilityZone"] for row in rows}) < _LEAST_ZONES:
        raise CloudError(_CODE, "Subnets specified must be in at least two different AZs")
    if len({row.outputs["vpcId"] for row in rows}) > 1:
        raise CloudError(_CODE, "Subnets specified must belong to the same VPC")


def refuse_bad_configuration_values(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse an add-on's configuration that is not JSON; the add-on's own schema is not modelled."""
    values = inputs.get("configurationValues")
    if isinstance(values, str) and values:
        try:
            json.loads(values)
        except ValueError:
            yield Refusal("configurationValues", _CODE, "ConfigurationValue is not in supported format: not JSON")


def refuse_preserve_on_create(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse PRESERVE when an add-on is created (terraform-provider-aws addon.go)."""
    if inputs.get("resolveConflictsOnCreate") == "PRESERVE":
        yield Refusal("resolveConflictsOnCreate", _CODE, "PRESERVE is not supported on create; NONE or OVERWRITE")


def refuse_version_jump(draft: Draft) -> None:
    """Refuse a Kubernetes version that is more than one minor version away from the cluster's.

    Source: Amazon EKS User Guide, "Update existing cluster to new Kubernetes version" and "Rollback cluster to previous
    Kubernetes version". Not judged: EKS goes back only within seven days of an upgrade in place.
    """
    if draft.previous is None or draft.inputs.get("version") is None:
        return
    old = int(str(draft.previous.outputs["version"]).partition(".")[2])
    new = int(str(draft.inputs["version"]).partition(".")[2])
    if abs(new - old) > 1:
        raise CloudError(_CODE, f"Unsupported Kubernetes minor version update from 1.{old} to 1.{new}")
