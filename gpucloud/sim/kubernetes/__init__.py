"""The Kubernetes API as the local cloud plays it: objects are held against the SDK's schema and stored."""
