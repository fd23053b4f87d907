"""Service accounts, and members of a project's policy.

Forms: terraform-provider-google-beta 93c65b2 resourcemanager/resource_google_service_account.go, tpgiamresource.
"""

from gpucloud.sim.gcp.identifiers import find_name
from gpucloud.sim.gcp.places import find_project
from gpucloud.sim.model import Autoname, Draft, ResourceType
from gpucloud.sim.values import Inputs

ACCOUNT, MEMBER = "gcp:serviceaccount/account:Account", "gcp:projects/iAMMember:IAMMember"


def _email(draft: Draft) -> str:
    return f"{draft.inputs.get('accountId') or find_name(draft)}@{find_project(draft)}.iam.gserviceaccount.com"


def _account_id(draft: Draft) -> str:
    return f"projects/{find_project(draft)}/serviceAccounts/{_email(draft)}"


def _account(draft: Draft) -> Inputs:
    email = _email(draft)
    return {
        "email": email,
        "member": f"serviceAccount:{email}",
        "name": draft.id,
        "project": find_project(draft),
        "uniqueId": draft.decimals(21, "account"),
    }


def _member_id(draft: Draft) -> str:
    condition = draft.inputs.get("condition") or {}
    title = f"/{condition['title']}" if condition.get("title") else ""
    return f"{draft.inputs['project']}/{draft.inputs['role']}/{draft.inputs['member']}{title}"


def _member(draft: Draft) -> Inputs:
    return {"etag": draft.digits(12, "etag")}


TYPES = (
    ResourceType(
        ACCOUNT,
        "iam.googleapis.com",
        "CreateServiceAccount",
        "PatchServiceAccount",
        "DeleteServiceAccount",
        _account_id,
        _account,
        {"deletionPolicy": "DELETE", "disabled": False},
        Autoname("accountId", 30),  # pulumi-gcp ed6078a provider/resources.go: AutoName("", 30, "-")
    ),
    ResourceType(
        MEMBER,
        "cloudresourcemanager.googleapis.com",
        "SetIamPolicy",
        "SetIamPolicy",
        "SetIamPolicy",
        _member_id,
        _member,
        delete_before_replace=True,  # pulumi-gcp ed6078a provider/resources.go
    ),
)
