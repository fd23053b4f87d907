"""What a case of a rule about kubelet configurations is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """A whole file, and whether a rule finds something in it.

    Attributes:
        rule: The rule's name, with dashes.
        found: Whether the rule has a finding in this file; other rules may have theirs.
        text: A KubeletConfiguration in YAML, as a person would write it; its first line may be `# machine: {...}`.
        kubernetes: The kubelet's version.
    """

    rule: str
    found: bool
    text: str
    kubernetes: str = "1.36"

    @property
    def minor(self) -> int:
        """The minor of the kubelet's version."""
        return int(self.kubernetes.partition(".")[2])


HEAD = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n"


def configuration(fields: str, *, machine: str = "") -> str:
    """A whole file: `fields` after the two lines that every one begins with, `machine` as JSON before them."""
    comment = f"# machine: {machine}\n" if machine else ""
    return f"{comment}{HEAD}{fields}"
