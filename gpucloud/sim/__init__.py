"""The local cloud: the clouds' APIs as Pulumi sees them, played by one process on this machine.

Work in progress; see the modules.
"""
