"""What makes an update fail while the accelerators of a pool cannot be used."""

import re
from collections.abc import Mapping, Sequence

import pulumi
import pulumi_kubernetes as k8s

from gpucloud.components.refusal import refused_plainly
from gpucloud.kubernetes.gate import gate_claim_metadata_args, gate_job_args
from gpucloud.kubernetes.manifests import pull_secret_args
from gpucloud.kubernetes.releases import namespace_args
from gpucloud.plan.gate import plan_gate
from gpucloud.plan.gate_model import GateCheckPlan, GatePlan
from gpucloud.plan.model import NodePoolPlan
from gpucloud.plan.stack_model import ReleasePlan
from gpucloud.spec.gate import GateSpec
from gpucloud.spec.mirrors import MirrorSpec

# The Job's own deadline comes first, and says more than Pulumi's timeout would.
_SPARE_SECONDS = 120
_SAID = re.compile(r"gate: (pool \S+: [^\n]+)")


class StackGate(pulumi.ComponentResource):
    """Jobs that ask for the accelerators of one node of each pool, and look at what they were given.

    Declares: a namespace, and in it for every pool that keeps a node a Job, which Pulumi awaits: number, product,
    memory and driver of the devices are the plan's, or the update fails with one line that names the pool. What is
    to come after the gate is given `wait_for=[*gate.jobs.values()]`, or `depends_on` these. Another version of an
    operator or of Kubernetes, another machine, driver or sharing is another Job; a Job that failed is made anew by
    the next update. A Job waits for a node with all its devices free, so on a pool that is busy it waits until its
    deadline.

    Pools at zero nodes, and those that there is no check for, are skipped, and skipped is not passed: the component
    refuses them before anything is declared, unless `spec.allow_skipped`. Where nothing could be looked at it refuses
    in any case. It does not replace `gpucloud stack verify`, which looks at every node.

    Give the cluster's Kubernetes provider in `opts`, and in `wait_for` what brings drivers and device plugins
    (`GpuStack.resources`) and the nodes. Of a `GatePlan` everything has been decided already. `pull_secrets` are Docker
    configurations by the name of their Secret, as for `GpuStack`.

    Attributes:
        plan: What was decided.
        jobs: The Jobs by pool.
        passed: True, once every Job has completed; there is no other value, since a Job that fails ends the update.
        skipped: By pool, why nobody looked at it.
    """

    plan: GatePlan
    jobs: dict[str, k8s.batch.v1.Job]
    passed: pulumi.Output[bool]
    skipped: dict[str, str]

    def __init__(  # noqa: PLR0913  # everything that other resources give
        self,
        name: str,
        pools: Sequence[NodePoolPlan] | GatePlan,
        spec: GateSpec | None = None,
        *,
        releases: Sequence[ReleasePlan] = (),
        mirrors: Sequence[MirrorSpec] = (),
        pull_secret: str | None = None,
        pull_secrets: Mapping[str, pulumi.Input[str]] | None = None,
        wait_for: Sequence[pulumi.Resource] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("gpucloud:index:StackGate", name, None, opts)
        with refused_plainly(name):
            if isinstance(pools, GatePlan):
                self.plan = pools
            else:
                self.plan = plan_gate(
                    spec or GateSpec(), pools, releases=releases, mirrors=mirrors, pull_secret=pull_secret
                )
        self.skipped = dict(self.plan.skipped)
        for pool, reason in self.plan.skipped:
            pulumi.log.warn(f"{name}: pool {pool} is not looked at: {reason}", self)
        after_all = pulumi.ResourceOptions(parent=self, depends_on=list(wait_for))
        namespace = k8s.core.v1.Namespace(
            f"{name}-{self.plan.namespace}", namespace_args(self.plan.namespace, self.plan.pod_security), opts=after_all
        )
        after_namespace = pulumi.ResourceOptions(parent=self, depends_on=[namespace])
        secrets = [
            k8s.core.v1.Secret(
                f"{name}-{secret}", pull_secret_args(secret, self.plan.namespace, given), opts=after_namespace
            )
            for secret, given in sorted((pull_secrets or {}).items())
        ]
        hook = _explaining(name, {f"{name}-{check.pool}": check for check in self.plan.checks}, self.plan)
        needs = [namespace, *secrets, *wait_for]
        self.jobs = {check.pool: self._job(name, check, needs, hook) for check in self.plan.checks}
        self.passed = pulumi.Output.all(*(job.id for job in self.jobs.values())).apply(bool)
        self.register_outputs({"passed": self.passed, "skipped": self.skipped, "checked": sorted(self.jobs)})

    def _job(
        self, name: str, check: GateCheckPlan, needs: Sequence[pulumi.Resource], hook: pulumi.ErrorHook
    ) -> k8s.batch.v1.Job:
        logical, needed = f"{name}-{check.pool}", list(needs)
        if check.claim is not None:
            template = k8s.apiextensions.CustomResource(
                logical,
                api_version="resource.k8s.io/v1",
                kind="ResourceClaimTemplate",
                metadata=gate_claim_metadata_args(check, self.plan.namespace),
                spec=dict(check.claim),
                opts=pulumi.ResourceOptions(parent=self, depends_on=list(needs)),
            )
            needed.append(template)
        seconds = self.plan.deadline_seconds + _SPARE_SECONDS
        options = pulumi.ResourceOptions(
            parent=self,
            depends_on=needed,
            custom_timeouts=pulumi.CustomTimeouts(create=f"{seconds}s", update=f"{seconds}s"),
            hooks=pulumi.ResourceHookBinding(on_error=[hook]),
        )
        return k8s.batch.v1.Job(logical, gate_job_args(check, self.plan.namespace), opts=options)


def _explaining(name: str, checks: Mapping[str, GateCheckPlan], plan: GatePlan) -> pulumi.ErrorHook:
    """A hook that says in one line which pool's Job failed, and why; it never asks for a retry."""

    def explain(failed: pulumi.ErrorHookArgs) -> bool:
        check = checks.get(failed.name)
        if check is not None:
            pulumi.log.error(explanation(check, plan, failed.errors))
        return False

    return pulumi.ErrorHook(f"{name}-gate", explain)


def explanation(check: GateCheckPlan, plan: GatePlan, errors: Sequence[str]) -> str:
    """One line: the pool, what the Job said, or that its deadline passed, and what to do."""
    said = next((found[1] for text in errors if (found := _SAID.search(text))), None)
    if said is not None:
        return f"the gate is closed: {said}"
    where = f"kubectl -n {plan.namespace} describe job,pods -l job-name={check.name}"
    if any("deadline" in text.lower() or "timed out" in text for text in errors):
        return (
            f"the gate is closed: pool {check.pool}: no node gave a pod all that it asks for within "
            f"{plan.deadline_seconds} s; look at `{where}` and `gpucloud stack verify --pool {check.pool}`"
        )
    return f"the gate is closed: pool {check.pool}: its Job did not complete; look at `{where}`"
