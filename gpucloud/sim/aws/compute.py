"""Launch templates, placement groups and capacity reservations."""

from gpucloud.sim.aws.identifiers import ACCOUNT, arn, by_property, find_name, prefixed
from gpucloud.sim.aws.launching import reserve_nodes
from gpucloud.sim.model import Autoname, Draft, ResourceType
from gpucloud.sim.values import Inputs

# What EC2 makes a new version of; the rest (tags, name) is changed without one.
_VERSIONLESS = frozenset(
    {"tags", "name", "namePrefix", "region", "updateDefaultVersion", "defaultVersion", "__defaults"}
)


def _name(inputs: Inputs) -> str:
    return str(inputs.get("name", ""))


def _launch_template(draft: Draft) -> Inputs:
    latest, default = 1, 1
    if draft.previous is not None:
        before = draft.previous
        latest, default = int(before.outputs["latestVersion"]), int(before.outputs["defaultVersion"])
        if _content(before.inputs) != _content(draft.inputs):
            latest += 1
        default = latest if draft.inputs.get("updateDefaultVersion") else default
    return {
        "arn": arn(draft, "ec2", f"launch-template/{draft.id}"),
        "defaultVersion": default,
        "latestVersion": latest,
        "metadataOptions": {},
        "name": find_name(draft),
        "namePrefix": draft.inputs.get("namePrefix", ""),
    }


def _content(inputs: Inputs) -> Inputs:
    return {key: value for key, value in inputs.items() if key not in _VERSIONLESS}


def _placement_group(draft: Draft) -> Inputs:
    strategy = draft.inputs.get("strategy")
    return {
        "arn": arn(draft, "ec2", f"placement-group/{find_name(draft)}"),
        "name": find_name(draft),
        "partitionCount": 2 if strategy == "partition" else 0,
        "placementGroupId": f"pg-0{draft.digits(16, 'pg')}",
        "spreadLevel": "rack" if strategy == "spread" else "",
    }


def _capacity_reservation(draft: Draft) -> Inputs:
    return {"arn": arn(draft, "ec2", f"capacity-reservation/{draft.id}"), "ownerId": ACCOUNT}


LAUNCH_TEMPLATE = ResourceType(
    "aws:ec2/launchTemplate:LaunchTemplate",
    "ec2",
    "CreateLaunchTemplate",
    "CreateLaunchTemplateVersion",
    "DeleteLaunchTemplate",
    prefixed("lt"),
    _launch_template,
    autoname=Autoname(max_length=128),
    name_of=_name,
    volatile=frozenset({"latestVersion", "defaultVersion"}),
)
PLACEMENT_GROUP = ResourceType(
    "aws:ec2/placementGroup:PlacementGroup",
    "ec2",
    "CreatePlacementGroup",
    "CreateTags",
    "DeletePlacementGroup",
    by_property("name"),
    _placement_group,
    autoname=Autoname(),
    name_of=_name,
)
CAPACITY_RESERVATION = ResourceType(
    "aws:ec2/capacityReservation:CapacityReservation",
    "ec2",
    "CreateCapacityReservation",
    "ModifyCapacityReservation",
    "CancelCapacityReservation",
    prefixed("cr"),
    _capacity_reservation,
    defaults={
        "ebsOptimized": False,
        "endDateType": "unlimited",
        "ephemeralStorage": False,
        "instanceMatchCriteria": "open",
        "tenancy": "default",
    },
    settle=reserve_nodes,
)

TYPES = (LAUNCH_TEMPLATE, PLACEMENT_GROUP, CAPACITY_RESERVATION)
