"""The two Pulumi programs whose previews are compared; each runs as a project of its own."""
