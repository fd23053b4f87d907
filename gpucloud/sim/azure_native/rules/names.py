"""Names that must be free, as azure-native asks before it makes anything.

Texts: pulumi-azure-native d4b462f provider/pkg/azure/client_azcore.go, CanCreate; Azure Resource Manager,
"InvalidResourceLocation".
"""

from collections.abc import Callable

from gpucloud.sim.azure_native.identifiers import find_by_id, name_in
from gpucloud.sim.errors import CloudError
from gpucloud.sim.model import Draft, ResourceType


def refuse_existing(kind: ResourceType) -> Callable[[Draft], None]:
    """Return the rule that a new resource's id is free, and that a resource that there is stays where it is."""

    def check(draft: Draft) -> None:
        if draft.previous is None:
            id_ = kind.identify(draft)
            if find_by_id(draft.store, id_, draft.type) is not None:
                raise CloudError("", f"cannot create already existing resource '{id_}'")
            return
        before, after = draft.previous.inputs.get("location"), draft.inputs.get("location")
        if _plain(before) != _plain(after):
            name = name_in(draft.previous.id)
            raise CloudError(
                "InvalidResourceLocation",
                f"The resource '{name}' already exists in location '{_plain(before)}' in resource group "
                f"'{draft.inputs.get('resourceGroupName')}'. A resource with the same name cannot be created in "
                f"location '{_plain(after)}'. Please select a new resource name.",
            )

    return check


def _plain(location: object) -> str:
    return str(location or "").replace(" ", "").lower()
