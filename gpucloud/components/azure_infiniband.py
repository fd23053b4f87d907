"""The precondition of InfiniBand on AKS, asked of Azure before a pool is made."""

import asyncio

import pulumi
from pulumi_azure_native import features

from gpucloud.azure.features import FEATURE_NAMESPACE, INFINIBAND_FEATURE, REGISTERED, infiniband_refusal


def require_infiniband(parent: pulumi.Resource, pool: str, cluster_name: pulumi.Input[str]) -> pulumi.Output[str]:
    """`cluster_name`, once the subscription has InfiniBand's feature: what takes it waits for the answer.

    Fails with one plain error, in a preview too, where the feature is not registered or Azure does not answer.
    """
    found = features.get_subscription_feature_registration_output(
        feature_name=INFINIBAND_FEATURE,
        provider_namespace=FEATURE_NAMESPACE,
        opts=pulumi.InvokeOutputOptions(parent=parent),
    )

    answer: asyncio.Future[str | None] = asyncio.Future()
    is_known: asyncio.Future[bool] = asyncio.Future()

    async def ask() -> None:
        try:
            known = await found.is_known()
            state = await found.properties.state.future()
        # Whatever Azure refuses comes as a bare Exception; a feature that nobody ever asked for is not found.
        except Exception as error:  # noqa: BLE001
            is_known.set_result(True)
            answer.set_exception(pulumi.RunError(infiniband_refusal(pool, f"Azure answered: {error}")))
        else:
            is_known.set_result(known)
            answer.set_result(state)

    def check(answers: list[str]) -> str:
        name, registration = answers
        if registration != REGISTERED:
            raise pulumi.RunError(infiniband_refusal(pool, f"it is {registration or 'unknown to Azure'}"))
        return name

    asyncio.ensure_future(ask())  # noqa: RUF006  # what it answers is kept by the Output
    return pulumi.Output.all(cluster_name, pulumi.Output(set(), answer, is_known)).apply(check)
