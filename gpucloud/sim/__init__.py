"""The local cloud: the clouds' APIs as Pulumi sees them, played by one process on this machine. It is a simulation.

The real Pulumi engine and the real SDKs talk to providers of our own, one a package: `server.packages()`. They hold
each resource against the schema of the installed SDK and against the APIs' own rules, keep it in a database, and fail
as clouds do. `session` starts it and runs a command against it, `control` sets what goes wrong, `status` says
what is there.

Modelled
    AWS types   `gpucloud.sim.aws.package.types()`; any other type is refused by name.
    Azure types `gpucloud.sim.azure_native.package.types()`: AKS and what it needs, in the SDK's default API versions.
    Functions   `aws.functions.FUNCTIONS`, `azure_native.functions.FUNCTIONS`.
    Kubernetes  every resource of the SDK is held against its schema and stored; custom resources of any kind; Helm
                releases (helm.v3.Release) are recorded with chart, version and values. With `--kubernetes real` each
                cluster has a control plane of its own on this machine (`kubernetes/control_plane/`): objects are
                applied to it by server-side apply, waited for, and deleted until they are gone; nodes have the labels,
                taints and devices of their node groups, and the real scheduler binds pods to them.
    Rules       `aws/rules/`, `aws/limits.csv` (Amazon's service models), `aws/properties.csv` (what replaces);
                `azure_native/rules/`, `limits.csv` (the SDK's enumerations, Azure's ranges), `properties.csv` (what
                azure-native replaces, and what it sends as an update that AKS refuses).
    Capacity    per machine type, zone and capacity type, 16 nodes each unless set; reservations; vCPU quotas, 10,000
                unless set.
    Failures    late stock-outs, throttling, delays, errors, lost zones; a server killed in the middle. A node group of
                EKS that failed is replaced; an agent pool of AKS stays, failed, until an update or its removal.
    Google Cloud
        Types   `gpucloud.sim.gcp.package.types()`; functions `gcp.functions.FUNCTIONS`.
        Rules   `gcp/rules/`, `gcp/limits.csv` and `gcp/properties.csv` (the schemas that pulumi-gcp
                bridges).
        Quotas  GPUs by kind and region (NVIDIA_H100_GPUS), GPUS_ALL_REGIONS, NETWORKS; 10,000 unless set.
        Pools   one that finds no machines stays in an error state, in the engine's state too. The next update passes,
                as pulumi-gcp asks nothing of the state, and takes the machines that there are by then.

Not modelled
    Nothing runs: no node boots, no container starts, no chart is rendered (helm.v4.Chart, yaml and kustomize are
    refused); without real Kubernetes no pod is scheduled. With it: of a chart its custom resource definitions are
    there, open to any field, and Helm's record, no operator; devices are advertised without any plugin, as often as
    labels and the operator's values divide them; where the DRA driver is installed, devices have of their attributes
    those that facts know, no bus addresses; MIG instances are at places on the GPU that are only counted. Ingress,
    Service and PersistentVolumeClaim are not waited for; every cluster is 1.36, whatever it asks for; a refresh does
    not look at the server. No permissions, no prices, no limits on how many resources an account may have, but for
    vCPUs. A node group launches the latest version of its launch template, whichever version it names; it does not
    roll nodes.
    Reservations that are `open` are used only where a launch template targets them by id; groups of them are not.
    Capacity blocks neither begin nor end. Spot nodes are never taken back. Time counts events, not seconds. Which
    Kubernetes and add-on versions EKS offers today, for how long after an upgrade it goes back one, and the
    configuration schemas of add-ons. A change of an object that Kubernetes calls immutable, other than its name and
    namespace. Drift made outside Pulumi. Security group rules inside `aws.ec2.SecurityGroup`, route lists inside
    `aws.ec2.RouteTable` and IPv6 are stored, not judged. `pulumi import` takes resources over and writes no code for
    them: there is no package schema. Registries that cache others hold no images, and no secret of theirs is read.
    Azure: an interrupted create is taken over by the next one, where azure-native would ask for an import. vCPU quotas
    per family of sizes; how long a role takes to hold; temporary disks and caches of sizes; upgrades node by node; the
    fabric of an InfiniBand pool, with the feature registered or without; which Kubernetes versions and which sizes a
    subscription may use today. Autoscalers scale nothing: a pool has the nodes of `count`. Which code answers which
    shortage is our own choice among Azure's. Virtual networks know of no peering, subnets of no delegation, security
    group or route table.
    Google Cloud: shared VPCs and reservations of other projects, future reservations, automatic use of reservations
    (ANY_RESERVATION), blocks of a reservation, the default node pool's machines, Autopilot, GKE's version lists (any
    version is taken; one without a build number gets a build of our own), ranges of Pods that are used up, IPv6,
    firewall rules of RDMA networks, sole tenancy, TPUs, the deletion policy ABANDON. A queued or flex-start pool begins
    without nodes and gets none. What a program names stands in the outputs as it named it, not as a self link.
"""
