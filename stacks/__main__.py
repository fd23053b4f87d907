"""What `pulumi up` runs: the environment of the stack, planned and declared."""

import os

import pulumi
from settings import read_settings
from target import check_target

from gpucloud import GpuCloudError, GpuEnvironment, plan_document, read_document

try:
    settings = read_settings()
    check_target(settings, os.environ)
    plan = plan_document(read_document(settings.environment), settings.unavailable)
except GpuCloudError as error:
    raise pulumi.RunError(str(error)) from None

environment = GpuEnvironment(plan.name, plan)

pulumi.export("target", settings.target)
pulumi.export("pools", environment.pools)
pulumi.export("kubeconfig_commands", environment.kubeconfig_commands)
