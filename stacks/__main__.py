"""What `pulumi up` runs: the environment of the stack, planned and declared."""

import os
import sys

import pulumi
from settings import read_settings
from target import check_target

from gpucloud import GpuCloudError, GpuEnvironment, plan_document, read_document

# By this exit code Pulumi's hosts of Python programs know that the error has been shown, and add no line of their own.
SHOWN = 32

try:
    settings = read_settings()
    check_target(settings, os.environ)
    plan = plan_document(read_document(settings.environment), settings.unavailable)
except GpuCloudError as error:
    pulumi.log.error(str(error))
    sys.exit(SHOWN)

environment = GpuEnvironment(plan.name, plan, pull_secret=settings.pull_secret)

pulumi.export("target", settings.target)
pulumi.export("pools", environment.pools)
pulumi.export("kubeconfig_commands", environment.kubeconfig_commands)
