"""What a kubelet does with a pod that the scheduler sent it: admitted on which NUMA nodes, or refused with what."""
