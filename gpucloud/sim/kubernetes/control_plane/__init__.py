"""A real Kubernetes control plane, on this machine, whose nodes are played."""
