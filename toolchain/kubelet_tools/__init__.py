"""The program that asks the kubelet's own code: found, or built from its Go module."""
