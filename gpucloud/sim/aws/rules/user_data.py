"""What nodes boot with.

Sources: Amazon EC2 User Guide, "Run commands at launch" (16 KB, before it is base64-encoded); Amazon EKS User Guide,
"Launch templates" (MIME multi-part archive for Amazon Linux, TOML for Bottlerocket);
amazon-eks-ami nodeadm/api/v1alpha1/nodeconfig_types.go (NodeConfig).
"""

import base64
import binascii
import email
import tomllib
from collections.abc import Iterator

import yaml

from gpucloud.sim.errors import Refusal
from gpucloud.sim.values import Inputs

_LIMIT = 16 * 1024
_NODE_CONFIG = "application/node.eks.aws"
_API_VERSION = "node.eks.aws/v1alpha1"


def refuse_bad_user_data(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse user data that is not base64, is over 16 KB, or carries a NodeConfig that nodeadm would not read."""
    encoded = inputs.get("userData")
    if not isinstance(encoded, str) or not encoded:
        return
    try:
        data = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        yield Refusal("userData", "InvalidUserData.Malformed", "Invalid BASE64 encoding of user data.")
        return
    if len(data) > _LIMIT:
        yield Refusal("userData", "InvalidParameterValue", f"User data is limited to {_LIMIT} bytes, got {len(data)}")
    for problem in find_node_config_problems(data):
        yield Refusal("userData", "InvalidUserData.Malformed", problem)


def decode_user_data(encoded: object) -> bytes:
    """Return user data as bytes, nothing where there is none."""
    return base64.b64decode(str(encoded)) if isinstance(encoded, str) and encoded else b""


def is_mime(data: bytes) -> bool:
    """Return whether the data is a MIME multi-part archive with at least one part."""
    return email.message_from_bytes(data).is_multipart()


def is_toml(data: bytes) -> bool:
    """Return whether the data is TOML."""
    try:
        tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return False
    return True


def find_node_config_problems(data: bytes) -> Iterator[str]:
    """Yield what nodeadm would refuse in the NodeConfig parts of a MIME archive."""
    message = email.message_from_bytes(data)
    if not message.is_multipart():
        if message.get_content_maintype() == "multipart":
            yield "a MIME multi-part archive without a part: check the boundary"
        return
    for number, part in enumerate(message.get_payload(), 1):
        if isinstance(part, str) or part.get_content_type() != _NODE_CONFIG:
            continue
        content = part.get_payload(decode=True)
        try:
            document = yaml.safe_load(content if isinstance(content, bytes) else b"")
        except yaml.YAMLError as error:
            yield f"part {number}, {_NODE_CONFIG}: not YAML: {str(error).splitlines()[0]}"
            continue
        if not isinstance(document, dict):
            yield f"part {number}, {_NODE_CONFIG}: not an object"
        elif document.get("apiVersion") != _API_VERSION or document.get("kind") != "NodeConfig":
            yield f"part {number}, {_NODE_CONFIG}: apiVersion must be {_API_VERSION} and kind NodeConfig"
