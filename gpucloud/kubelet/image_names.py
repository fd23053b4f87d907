"""What an entry of the kubelet's list of preloaded images may be.

Source: k8s.io/kubernetes v1.36.3 pkg/kubelet/images/pullmanager/image_pull_policies.go and the grammar of
github.com/distribution/reference v0.6.0 (regexp.go, reference.go).
"""

import re
from functools import lru_cache

_HOST_PART = r"(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
_HOST = rf"(?:{_HOST_PART}(?:\.{_HOST_PART})*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?"
_PATH_PART = r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
_NAME = re.compile(rf"(?:{_HOST}/)?(?P<path>{_PATH_PART}(?:/{_PATH_PART})*)")
_LONGEST_PATH = 255
_GO_SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))


@lru_cache(maxsize=1024)
def image_pattern_fault(pattern: str) -> str:
    """What is wrong with an image name or `prefix/*`, as the end of a sentence; empty where nothing is."""
    if pattern != pattern.strip(_GO_SPACE):
        return "begins or ends with a space"
    head = pattern.removesuffix("*") if pattern.endswith("/*") else pattern
    if not head:
        return "names nothing"
    if "*" in head:
        return "has a * elsewhere than in a last /*"
    if head is not pattern:
        return "has no registry before /*" if head == "/" else ""
    match = _NAME.fullmatch(head)
    if match is None:
        return "is no image without tag and digest"
    return "is longer than 255 characters" if len(match["path"]) > _LONGEST_PATH else ""
