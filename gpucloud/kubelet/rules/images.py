"""Pulling images and collecting them: thresholds, ages, pulls at a time, whose credentials are asked for."""

from collections.abc import Iterator

from gpucloud.errors import Problem
from gpucloud.kubelet.configuration import Configuration
from gpucloud.kubelet.duration import parse_duration
from gpucloud.kubelet.image_names import image_pattern_fault
from gpucloud.kubelet.rule import Rule, rule
from gpucloud.kubelet.rules.consequences import NO_START, STARTS

_VALIDATION = "k8s.io/kubernetes v1.36.3 pkg/kubelet/apis/config/validation/validation.go"
_PATTERNS = "k8s.io/kubernetes v1.36.3 pkg/kubelet/images/pullmanager/image_pull_policies.go"
_POLICIES = ("NeverVerify", "NeverVerifyPreloadedImages", "NeverVerifyAllowlistedImages", "AlwaysVerify")
_THRESHOLDS = ("imageGCHighThresholdPercent", "imageGCLowThresholdPercent")
_PERCENTAGES = range(101)
_MANY_PULLS = 10
_FIRST_MINOR_WITH_MINIMUM_AGE = 36


@rule("kubelet", _THRESHOLDS, _VALIDATION)
def image_thresholds_are_percentages(configuration: Configuration) -> Iterator[Problem]:
    """Image collection starts and stops at shares of the disk, 0 to 100 percent."""
    for field in _THRESHOLDS:
        if configuration.values[field] not in _PERCENTAGES:
            yield Problem(field, f"{configuration.values[field]} is not a percentage, {NO_START}", "write 0 to 100")


@rule("kubelet", _THRESHOLDS, _VALIDATION)
def image_collection_stops_below_its_start(configuration: Configuration) -> Iterator[Problem]:
    """The low threshold is below the high one; the one that is not written is 80 or 85."""
    high, low = (configuration.values[field] for field in _THRESHOLDS)
    if low >= high:
        path = _THRESHOLDS[1] if _THRESHOLDS[1] in configuration.written else _THRESHOLDS[0]
        yield Problem(
            path,
            f"image collection would start at {high} % and stop at {low} %, {NO_START}",
            "make imageGCLowThresholdPercent lower than imageGCHighThresholdPercent, such as 80 and 85",
        )


@rule("kubelet", ("imageMinimumGCAge", "imageMaximumGCAge"), _VALIDATION)
def image_ages_are_not_negative(configuration: Configuration) -> Iterator[Problem]:
    """An image cannot be younger than 0s; the minimum is looked at since 1.36."""
    minimum = ("imageMinimumGCAge",) if configuration.minor >= _FIRST_MINOR_WITH_MINIMUM_AGE else ()
    for field in (*minimum, "imageMaximumGCAge"):
        if field in configuration.written and parse_duration(configuration.values[field]) < 0:
            yield Problem(field, f"{configuration.values[field]} is negative, {NO_START}", "write 0s or more")


@rule("kubelet", ("imageMaximumGCAge", "imageMinimumGCAge"), _VALIDATION)
def image_maximum_age_is_above_the_minimum(configuration: Configuration) -> Iterator[Problem]:
    """Images are kept for the minimum age and removed at the maximum; a minimum of 0s means 2m, a maximum 0s never."""
    if "imageMaximumGCAge" not in configuration.written:
        return
    maximum, minimum = configuration.values["imageMaximumGCAge"], configuration.values["imageMinimumGCAge"]
    if 0 < parse_duration(maximum) <= parse_duration(minimum):
        yield Problem(
            "imageMaximumGCAge",
            f"{maximum} is not above imageMinimumGCAge {minimum}, {NO_START}",
            "raise imageMaximumGCAge, or 0s to keep images however old they are",
        )


@rule("kubelet", ("imageMaximumGCAge", "featureGates"), _VALIDATION)
def image_maximum_age_has_its_gate(configuration: Configuration) -> Iterator[Problem]:
    """A maximum age needs the gate ImageMaximumGCAge, on by default since 1.30 and for good since 1.35."""
    age = configuration.written.get("imageMaximumGCAge")
    if age is not None and not configuration.gates.get("ImageMaximumGCAge", False) and parse_duration(age) != 0:
        yield Problem(
            "imageMaximumGCAge",
            f"set while the gate ImageMaximumGCAge is off, {NO_START}",
            "leave featureGates.ImageMaximumGCAge out, or imageMaximumGCAge",
        )


@rule("kubelet", ("maxParallelImagePulls",), _VALIDATION)
def parallel_pulls_are_positive(configuration: Configuration) -> Iterator[Problem]:
    """At least one image is pulled at a time; no bound is to leave the field out."""
    pulls = configuration.written.get("maxParallelImagePulls")
    if pulls is not None and pulls < 1:
        yield Problem("maxParallelImagePulls", f"{pulls} is below 1, {NO_START}", "write 1 or more, or leave it out")


@rule("kubelet", ("maxParallelImagePulls", "serializeImagePulls"), _VALIDATION)
def parallel_pulls_are_not_serialized(configuration: Configuration) -> Iterator[Problem]:
    """More than one pull at a time and one after the other exclude each other."""
    pulls = configuration.written.get("maxParallelImagePulls")
    if pulls is not None and pulls > 1 and configuration.values["serializeImagePulls"]:
        yield Problem(
            "maxParallelImagePulls",
            f"{pulls} pulls at a time while serializeImagePulls is true, {NO_START}",
            "write serializeImagePulls: false",
        )


@rule("library", ("maxParallelImagePulls",), "gpucloud; root disks of 600 MiB/s and images of 20 GB")
def parallel_pulls_leave_the_disk_room(configuration: Configuration) -> Iterator[Problem]:
    """More than 10 unpackings of 20 GB images saturate a root disk of less than 600 MiB/s for every pod on it."""
    pulls = configuration.written.get("maxParallelImagePulls")
    if pulls is not None and pulls > _MANY_PULLS:
        yield Problem(
            "maxParallelImagePulls",
            f"{pulls} pulls at a time saturate the node's disk, {STARTS}",
            "write 10 or less; 3 to 5 is usual for images of 20 GB",
        )


@rule("kubelet", ("imagePullCredentialsVerificationPolicy",), _VALIDATION)
def image_credentials_policy_is_known(configuration: Configuration) -> Iterator[Problem]:
    """The policy is one of four words, in their own spelling."""
    policy = configuration.written.get("imagePullCredentialsVerificationPolicy")
    if policy and policy not in _POLICIES and configuration.gates.get("KubeletEnsureSecretPulledImages", False):
        yield Problem(
            "imagePullCredentialsVerificationPolicy",
            f"{policy!r} is no policy, {NO_START}",
            f"write one of {', '.join(_POLICIES)}",
        )


@rule(
    "kubelet",
    ("imagePullCredentialsVerificationPolicy", "preloadedImagesVerificationAllowlist", "featureGates"),
    _VALIDATION,
)
def image_credentials_have_their_gate(configuration: Configuration) -> Iterator[Problem]:
    """With the gate KubeletEnsureSecretPulledImages off, neither the policy nor its allow list may be set."""
    if configuration.gates.get("KubeletEnsureSecretPulledImages", False):
        return
    for field in ("imagePullCredentialsVerificationPolicy", "preloadedImagesVerificationAllowlist"):
        if configuration.written.get(field):
            yield Problem(
                field,
                f"set while the gate KubeletEnsureSecretPulledImages is off, {NO_START}",
                f"leave featureGates.KubeletEnsureSecretPulledImages out, or {field}",
            )


@rule("kubelet", ("preloadedImagesVerificationAllowlist", "imagePullCredentialsVerificationPolicy"), _VALIDATION)
def image_allowlist_goes_with_its_policy(configuration: Configuration) -> Iterator[Problem]:
    """An allow list means something to the policy NeverVerifyAllowlistedImages alone."""
    if not configuration.gates.get("KubeletEnsureSecretPulledImages", False):
        return
    if not configuration.written.get("preloadedImagesVerificationAllowlist"):
        return
    policy = configuration.values.get("imagePullCredentialsVerificationPolicy")
    if policy != "NeverVerifyAllowlistedImages":
        yield Problem(
            "preloadedImagesVerificationAllowlist",
            f"set while imagePullCredentialsVerificationPolicy is {policy}, {NO_START}",
            "write imagePullCredentialsVerificationPolicy: NeverVerifyAllowlistedImages",
        )


@rule("kubelet", ("preloadedImagesVerificationAllowlist",), _PATTERNS)
def image_allowlist_names_images(configuration: Configuration) -> Iterator[Problem]:
    """Each entry is an image without tag and digest, or ends with `/*`."""
    images = configuration.written.get("preloadedImagesVerificationAllowlist")
    if not images or not configuration.gates.get("KubeletEnsureSecretPulledImages", False):
        return
    if configuration.values.get("imagePullCredentialsVerificationPolicy") != "NeverVerifyAllowlistedImages":
        return
    for index, image in enumerate(images):
        if fault := image_pattern_fault(image):
            yield Problem(
                f"preloadedImagesVerificationAllowlist[{index}]",
                f"{image!r} {fault}, {NO_START}",
                "write an image as registry/name, or a prefix as registry/path/*",
            )


RULES: tuple[Rule, ...] = (
    image_thresholds_are_percentages,
    image_collection_stops_below_its_start,
    image_ages_are_not_negative,
    image_maximum_age_is_above_the_minimum,
    image_maximum_age_has_its_gate,
    parallel_pulls_are_positive,
    parallel_pulls_are_not_serialized,
    parallel_pulls_leave_the_disk_room,
    image_credentials_policy_is_known,
    image_credentials_have_their_gate,
    image_allowlist_goes_with_its_policy,
    image_allowlist_names_images,
)
