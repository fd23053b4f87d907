"""A node group with its cluster, its subnets and its launch template.

Sources: Amazon EKS User Guide, "Launch templates" (prohibited settings, instance types, user data) and "Create a
managed node group with Capacity Blocks for ML"; Amazon EC2 User Guide, "Placement groups" (a cluster group is in one
zone) and
"Capacity Reservations" (attributes must match).
"""

from gpucloud.sim.aws.launch import find_launch, find_subnets, find_template
from gpucloud.sim.aws.machines import find_machine
from gpucloud.sim.aws.rules.interfaces import find_card_problems
from gpucloud.sim.aws.rules.user_data import decode_user_data, is_mime, is_toml
from gpucloud.sim.errors import CloudError
from gpucloud.sim.model import Draft
from gpucloud.sim.values import Inputs

_CODE = "InvalidParameterException"
_REQUEST = "InvalidRequestException"


def _template(draft: Draft) -> Inputs:
    found = find_template(draft)
    return found.inputs if found is not None else {}


def refuse_missing_template(draft: Draft) -> None:
    """Refuse a launch template or a version of it that does not exist."""
    wanted = draft.inputs.get("launchTemplate")
    if not wanted:
        return
    found = find_template(draft)
    name = wanted.get("id") or wanted.get("name")
    if found is None:
        raise CloudError(
            _REQUEST,
            f"InvalidLaunchTemplateId.NotFound: The specified launch template, with template ID "
            f"{name}, does not exist.",
        )
    version = str(wanted.get("version"))
    latest = int(found.outputs["latestVersion"])
    if version not in {"$Latest", "$Default"} and not (version.isdigit() and 1 <= int(version) <= latest):
        raise CloudError(
            _REQUEST, f"InvalidLaunchTemplateId.VersionNotFound: Could not find version {version} of {found.id}"
        )


def refuse_prohibited_template_settings(draft: Draft) -> None:
    """Refuse a template with what EKS sets itself: subnets, instance profile, shutdown and hibernation."""
    template = _template(draft)
    if any(item.get("subnetId") for item in template.get("networkInterfaces") or []):
        raise CloudError(_CODE, "Launch template should not specify a subnet in its network interfaces.")
    if template.get("iamInstanceProfile"):
        raise CloudError(_CODE, "Launch template should not specify an instance profile.")
    if template.get("instanceInitiatedShutdownBehavior"):
        raise CloudError(_CODE, "Launch template should not specify a shutdown behavior.")
    if (template.get("hibernationOptions") or {}).get("configured"):
        raise CloudError(_CODE, "Launch template should not specify a hibernation behavior.")
    if template.get("instanceRequirements"):
        raise CloudError(_CODE, "Launch template should not specify instance requirements.")


def refuse_types_in_both(draft: Draft) -> None:
    """Refuse machine types in the node group when the template has one."""
    if _template(draft).get("instanceType") and draft.inputs.get("instanceTypes"):
        raise CloudError(
            _REQUEST, "You cannot specify an instance type in both the launch template and the API request."
        )


def refuse_ami_in_both(draft: Draft) -> None:
    """Refuse an AMI type, a version or a release version when the template has an image of its own."""
    if not _template(draft).get("imageId"):
        return
    for name in ("amiType", "version", "releaseVersion"):
        value = draft.inputs.get(name)
        if value is not None and value != "CUSTOM":
            raise CloudError(_CODE, f"You cannot specify the field {name} when using custom AMIs.")


def refuse_market_of_template(draft: Draft) -> None:
    """Refuse a spot market in the template: a managed node group says SPOT itself (EKS User Guide)."""
    if (_template(draft).get("instanceMarketOptions") or {}).get("marketType") == "spot":
        raise CloudError(_CODE, "Launch template should not specify a spot market: use capacityType SPOT.")


def refuse_incomplete_capacity_block(draft: Draft) -> None:
    """Refuse a capacity block group whose template lacks market type, reservation or machine type, and the reverse."""
    template = _template(draft)
    market = (template.get("instanceMarketOptions") or {}).get("marketType")
    if draft.inputs.get("capacityType") != "CAPACITY_BLOCK":
        if market == "capacity-block":
            raise CloudError(_CODE, "Launch template has market type capacity-block: use capacityType CAPACITY_BLOCK.")
        return
    target = (template.get("capacityReservationSpecification") or {}).get("capacityReservationTarget") or {}
    missing = [
        name
        for name, value in (
            ("InstanceMarketOptions.MarketType=capacity-block", market == "capacity-block"),
            ("CapacityReservationTarget.CapacityReservationId", target.get("capacityReservationId")),
            ("InstanceType", template.get("instanceType")),
        )
        if not value
    ]
    if missing:
        raise CloudError(_REQUEST, f"Launch template of a capacity block node group misses {', '.join(missing)}.")


def refuse_wrong_reservation(draft: Draft) -> None:
    """Refuse a reservation that does not exist, or is of another machine type, zone or kind."""
    launch = find_launch(draft)
    if not launch.reservation_id:
        return
    found = launch.reservation
    if found is None:
        raise CloudError(
            _REQUEST,
            f"InvalidCapacityReservationId.NotFound: The capacity reservation '{launch.reservation_id}' does not exist",
        )
    if launch.machine_types != (found.machine_type,):
        raise CloudError(
            _REQUEST,
            f"The capacity reservation '{found.id}' is for {found.machine_type}, not "
            f"{', '.join(launch.machine_types)}.",
        )
    if launch.zones != (found.zone,):
        raise CloudError(
            _REQUEST,
            f"The capacity reservation '{found.id}' is in {found.zone}; subnets are in {', '.join(launch.zones)}.",
        )
    if (found.kind == "capacity-block") != (launch.capacity_type == "capacity-block"):
        raise CloudError(
            _REQUEST,
            f"The capacity reservation '{found.id}' is of kind {found.kind}, capacity type {launch.capacity_type}.",
        )


def refuse_wide_placement_group(draft: Draft) -> None:
    """Refuse a placement group that does not exist, and a cluster one with subnets of several zones."""
    placement = _template(draft).get("placement") or {}
    name, group_id = placement.get("groupName"), placement.get("groupId")
    if not name and not group_id:
        return
    found = next(
        (
            row
            for row in draft.store.find("type = 'aws:ec2/placementGroup:PlacementGroup' AND scope = ?", draft.scope)
            if row.id == name or row.outputs.get("placementGroupId") == group_id
        ),
        None,
    )
    if found is None:
        raise CloudError(
            _REQUEST, f"InvalidPlacementGroup.Unknown: The Placement Group '{name or group_id}' is unknown."
        )
    zones = find_launch(draft).zones
    if found.inputs.get("strategy") == "cluster" and len(zones) > 1:
        raise CloudError(
            _REQUEST,
            f"The cluster placement group '{found.id}' is in one Availability Zone; subnets are in {', '.join(zones)}.",
        )


def refuse_cards_beyond_machines(draft: Draft) -> None:
    """Refuse interfaces that the node group's own machine types do not have."""
    template = _template(draft)
    for name in find_launch(draft).machine_types:
        machine = find_machine(name)
        for problem in find_card_problems(template, machine) if machine else ():
            raise CloudError(_REQUEST, f"{problem.code}: {problem.message}")


def refuse_user_data_of_other_kind(draft: Draft) -> None:
    """Refuse user data that is not in the AMI type's form; with a custom image EKS does not merge, so all goes."""
    template = _template(draft)
    data = decode_user_data(template.get("userData"))
    ami = str(draft.inputs.get("amiType", "AL2023_x86_64_STANDARD"))
    if not data or template.get("imageId") or ami == "CUSTOM":
        return
    if ami.startswith("BOTTLEROCKET"):
        if not is_toml(data):
            raise CloudError(_REQUEST, "Ec2LaunchTemplateInvalidConfiguration: User data was not in the TOML format.")
    elif ami.startswith("AL2") and not is_mime(data):
        raise CloudError(
            _REQUEST, "Ec2LaunchTemplateInvalidConfiguration: User data was not in the MIME multipart format."
        )


def refuse_subnets_of_other_vpc(draft: Draft) -> None:
    """Refuse subnets that are not in the cluster's VPC (EKS User Guide, "Create a managed node group")."""
    cluster = draft.store.find_one("aws:eks/cluster:Cluster", draft.scope, str(draft.inputs.get("clusterName")))
    vpc = cluster.outputs.get("vpcConfig", {}).get("vpcId") if cluster is not None else ""
    for subnet in find_subnets(draft):
        if vpc and subnet.outputs.get("vpcId") != vpc:
            raise CloudError(_CODE, f"Subnet {subnet.id} is not in the VPC of the cluster, {vpc}.")


ACCOUNT_RULES = (
    refuse_subnets_of_other_vpc,
    refuse_missing_template,
    refuse_prohibited_template_settings,
    refuse_types_in_both,
    refuse_ami_in_both,
    refuse_market_of_template,
    refuse_incomplete_capacity_block,
    refuse_wrong_reservation,
    refuse_wide_placement_group,
    refuse_cards_beyond_machines,
    refuse_user_data_of_other_kind,
)
