"""Amazon Web Services as the local cloud plays it."""
