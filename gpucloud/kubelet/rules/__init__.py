"""Every rule about kubelet configurations, one small function each, in modules by what they are about."""
