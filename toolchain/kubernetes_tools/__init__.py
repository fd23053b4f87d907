"""What is built of Kubernetes itself: the program that asks the kubelet's own code, and a control plane."""
