"""Rules about the tags (labels on Google Cloud) that a cluster's resources get."""

import re
import unicodedata
from collections.abc import Iterator

from gpucloud.errors import Problem
from gpucloud.spec.cluster import ClusterSpec

NAME_TAG = "Name"
# Letters, separators and numbers of any script, and these: what all of AWS's services take in a tag (EKS and ECS API,
# Tag; their pattern is EFS's: https://docs.aws.amazon.com/efs/latest/ug/API_Tag.html).
TAG_PUNCTUATION = "+-=._:/@"
# Azure Resource Manager, "Use tags to organize your Azure resources": limitations.
_AZURE_WRONG = frozenset("<>%&\\?/")
# Google Cloud, "Requirements for labels".
_LABEL_KEY = re.compile(r"^[a-z][a-z0-9_-]{0,62}$")
_LABEL_VALUE = re.compile(r"^[a-z0-9_-]{0,63}$")


def tag_keys_are_free(cluster: ClusterSpec, path: str) -> Iterator[Problem]:
    """Keys that begin with `aws:`, in any case, are AWS's own (EC2 User Guide, tag restrictions); `Name` is ours."""
    for key in cluster.tags:
        if key.lower().startswith("aws:"):
            yield Problem(f"{path}.tags[{key}]", "begins with `aws:`, AWS refuses every resource with it", "rename it")
        if key == NAME_TAG:
            yield Problem(
                f"{path}.tags[{key}]", "the library sets this tag itself, the value would be lost", "choose another key"
            )


def tags_have_characters_that_aws_takes(cluster: ClusterSpec, path: str) -> Iterator[Problem]:
    """Services differ in the characters that they take, and a tag goes to all of them."""
    for key, value in cluster.tags.items():
        wrong = sorted({character for character in key + value if not _is_taken(character)})
        if wrong:
            yield Problem(
                f"{path}.tags[{key}]",
                f"has {' '.join(map(ascii, wrong))}, which not every service takes in a tag's key or value",
                f"use letters, numbers, spaces and {' '.join(TAG_PUNCTUATION)}",
            )


def _is_taken(character: str) -> bool:
    return character in TAG_PUNCTUATION or unicodedata.category(character)[0] in "LNZ"


def tags_are_what_azure_takes(cluster: ClusterSpec, path: str) -> Iterator[Problem]:
    r"""Azure takes no `<>%&\?/` in a tag's name, nor names that begin with microsoft, azure or windows."""
    for key in cluster.tags:
        wrong = sorted(set(key) & _AZURE_WRONG)
        if wrong:
            yield Problem(f"{path}.tags[{key}]", f"has {' '.join(wrong)}, which Azure refuses in a name", "rename it")
        if key.lower().startswith(("microsoft", "azure", "windows")):
            yield Problem(f"{path}.tags[{key}]", "begins with a word that Azure keeps for itself", "rename it")


def tags_are_labels(cluster: ClusterSpec, path: str) -> Iterator[Problem]:
    """Google Cloud has labels: lower-case letters, digits, dashes and underscores, 63 characters at most."""
    for key, value in cluster.tags.items():
        if not _LABEL_KEY.match(key) or not _LABEL_VALUE.match(value):
            yield Problem(
                f"{path}.tags[{key}]",
                "is no label of Google Cloud, it would refuse every resource with it",
                "use lower-case letters, digits, dashes and underscores, 63 at most; a key begins with a letter",
            )
