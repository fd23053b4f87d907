"""The package `gcp` of the local cloud: Compute Engine networks and reservations, GKE, service accounts."""
