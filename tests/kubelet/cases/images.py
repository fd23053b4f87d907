"""Cases of the rules about pulling and collecting images."""

from tests.kubelet.case import Case, configuration

CASES: tuple[Case, ...] = (
    Case("image-thresholds-are-percentages", True, configuration("imageGCHighThresholdPercent: 101\n")),
    Case("image-thresholds-are-percentages", True, configuration("imageGCLowThresholdPercent: -1\n")),
    Case(
        "image-thresholds-are-percentages",
        False,
        configuration("imageGCHighThresholdPercent: 100\nimageGCLowThresholdPercent: 0\n"),
    ),
    Case("image-collection-stops-below-its-start", True, configuration("imageGCHighThresholdPercent: 80\n")),
    Case("image-collection-stops-below-its-start", True, configuration("imageGCLowThresholdPercent: 90\n")),
    Case(
        "image-collection-stops-below-its-start",
        False,
        configuration("imageGCHighThresholdPercent: 80\nimageGCLowThresholdPercent: 70\n"),
    ),
    Case("image-ages-are-not-negative", True, configuration("imageMinimumGCAge: -1s\n")),
    Case("image-ages-are-not-negative", True, configuration("imageMaximumGCAge: -1h\n")),
    Case("image-ages-are-not-negative", False, configuration("imageMinimumGCAge: -1s\n"), kubernetes="1.35"),
    Case("image-ages-are-not-negative", False, configuration("imageMinimumGCAge: 5m\nimageMaximumGCAge: 0s\n")),
    Case("image-maximum-age-is-above-the-minimum", True, configuration("imageMaximumGCAge: 1m\n")),
    Case(
        "image-maximum-age-is-above-the-minimum", True, configuration("imageMinimumGCAge: 0s\nimageMaximumGCAge: 2m\n")
    ),
    Case(
        "image-maximum-age-is-above-the-minimum",
        True,
        configuration("imageMinimumGCAge: 10m\nimageMaximumGCAge: 10m\n"),
    ),
    Case(
        "image-maximum-age-is-above-the-minimum",
        False,
        configuration("imageMinimumGCAge: 10m\nimageMaximumGCAge: 10m1ns\n"),
    ),
    Case(
        "image-maximum-age-is-above-the-minimum",
        False,
        configuration("imageMinimumGCAge: 10m\nimageMaximumGCAge: 0s\n"),
    ),
    Case(
        "image-maximum-age-has-its-gate",
        True,
        configuration("imageMaximumGCAge: 72h\nfeatureGates: {ImageMaximumGCAge: false}\n"),
        kubernetes="1.34",
    ),
    Case("image-maximum-age-has-its-gate", False, configuration("imageMaximumGCAge: 72h\n")),
    Case(
        "image-maximum-age-has-its-gate",
        False,
        configuration("imageMaximumGCAge: 0s\nfeatureGates: {ImageMaximumGCAge: false}\n"),
        kubernetes="1.34",
    ),
    Case("parallel-pulls-are-positive", True, configuration("maxParallelImagePulls: 0\n")),
    Case("parallel-pulls-are-positive", True, configuration("maxParallelImagePulls: -3\n")),
    Case("parallel-pulls-are-positive", False, configuration("maxParallelImagePulls: 1\n")),
    Case(
        "parallel-pulls-are-not-serialized",
        True,
        configuration("maxParallelImagePulls: 3\nserializeImagePulls: true\n"),
    ),
    Case("parallel-pulls-are-not-serialized", False, configuration("maxParallelImagePulls: 3\n")),
    Case(
        "parallel-pulls-are-not-serialized",
        False,
        configuration("maxParallelImagePulls: 1\nserializeImagePulls: true\n"),
    ),
    Case("parallel-pulls-leave-the-disk-room", True, configuration("maxParallelImagePulls: 11\n")),
    Case("parallel-pulls-leave-the-disk-room", False, configuration("maxParallelImagePulls: 10\n")),
    Case(
        "image-credentials-policy-is-known",
        True,
        configuration("imagePullCredentialsVerificationPolicy: neververify\n"),
    ),
    Case(
        "image-credentials-policy-is-known",
        False,
        configuration("imagePullCredentialsVerificationPolicy: NeverVerify\n"),
    ),
    Case("image-credentials-policy-is-known", False, configuration('imagePullCredentialsVerificationPolicy: ""\n')),
    Case(
        "image-credentials-have-their-gate",
        True,
        configuration(
            "imagePullCredentialsVerificationPolicy: NeverVerify\n"
            "featureGates: {KubeletEnsureSecretPulledImages: false}\n"
        ),
    ),
    Case(
        "image-credentials-have-their-gate",
        True,
        configuration(
            "preloadedImagesVerificationAllowlist: [registry.example/a]\n"
            "featureGates: {KubeletEnsureSecretPulledImages: false}\n"
        ),
    ),
    Case(
        "image-credentials-have-their-gate",
        False,
        configuration("featureGates: {KubeletEnsureSecretPulledImages: false}\n"),
    ),
    Case(
        "image-allowlist-goes-with-its-policy",
        True,
        configuration("preloadedImagesVerificationAllowlist: [registry.example/a]\n"),
    ),
    Case(
        "image-allowlist-goes-with-its-policy",
        False,
        configuration(
            "imagePullCredentialsVerificationPolicy: NeverVerifyAllowlistedImages\n"
            "preloadedImagesVerificationAllowlist: [registry.example/a]\n"
        ),
    ),
    Case(
        "image-allowlist-names-images",
        True,
        configuration(
            "imagePullCredentialsVerificationPolicy: NeverVerifyAllowlistedImages\n"
            "preloadedImagesVerificationAllowlist: ['registry.example/a:1']\n"
        ),
    ),
    Case(
        "image-allowlist-names-images",
        True,
        configuration(
            "imagePullCredentialsVerificationPolicy: NeverVerifyAllowlistedImages\n"
            "preloadedImagesVerificationAllowlist: ['registry.example/*/a']\n"
        ),
    ),
    Case(
        "image-allowlist-names-images",
        True,
        configuration(
            "imagePullCredentialsVerificationPolicy: NeverVerifyAllowlistedImages\n"
            "preloadedImagesVerificationAllowlist: ['/*']\n"
        ),
    ),
    Case(
        "image-allowlist-names-images",
        True,
        configuration(
            "imagePullCredentialsVerificationPolicy: NeverVerifyAllowlistedImages\n"
            "preloadedImagesVerificationAllowlist: ['']\n"
        ),
    ),
    Case(
        "image-allowlist-names-images",
        True,
        configuration(
            "imagePullCredentialsVerificationPolicy: NeverVerifyAllowlistedImages\n"
            "preloadedImagesVerificationAllowlist: ['Registry.example/A']\n"
        ),
    ),
    Case(
        "image-allowlist-names-images",
        True,
        configuration(
            "imagePullCredentialsVerificationPolicy: NeverVerifyAllowlistedImages\n"
            "preloadedImagesVerificationAllowlist: [' a']\n"
        ),
    ),
    Case(
        "image-allowlist-names-images",
        True,
        configuration(
            "imagePullCredentialsVerificationPolicy: NeverVerifyAllowlistedImages\n"
            "preloadedImagesVerificationAllowlist: ['a@sha256:" + "0" * 64 + "']\n"
        ),
    ),
    Case(
        "image-allowlist-names-images",
        True,
        configuration(
            "imagePullCredentialsVerificationPolicy: NeverVerifyAllowlistedImages\n"
            "preloadedImagesVerificationAllowlist: ['" + "a" * 256 + "']\n"
        ),
    ),
    Case(
        "image-allowlist-names-images",
        False,
        configuration(
            "imagePullCredentialsVerificationPolicy: NeverVerifyAllowlistedImages\n"
            "preloadedImagesVerificationAllowlist: ['registry.example:5000/a/b']\n"
        ),
    ),
    Case(
        "image-allowlist-names-images",
        False,
        configuration(
            "imagePullCredentialsVerificationPolicy: NeverVerifyAllowlistedImages\n"
            "preloadedImagesVerificationAllowlist: ['registry.example/team/*']\n"
        ),
    ),
    Case(
        "image-allowlist-names-images",
        False,
        configuration(
            "imagePullCredentialsVerificationPolicy: NeverVerifyAllowlistedImages\n"
            "preloadedImagesVerificationAllowlist: ['localhost/a']\n"
        ),
    ),
    Case(
        "image-allowlist-names-images",
        False,
        configuration(
            "imagePullCredentialsVerificationPolicy: NeverVerifyAllowlistedImages\n"
            "preloadedImagesVerificationAllowlist: ['[::1]:5000/a']\n"
        ),
    ),
)
