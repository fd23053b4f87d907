"""What a kubelet makes of its configuration: how it reads the file, what it defaults, and why it would not start.

Pure functions over plain values and a described machine. The kubelet meant is that of `SUPPORTED_MINORS`; where
folklore and the kubelet's code differ, its code (k8s.io/kubernetes v1.36.3) is right, and `toolchain/kubelet-check`
asks that code itself.
"""
