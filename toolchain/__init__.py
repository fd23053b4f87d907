"""What builds and runs the project: the Pulumi command line, its Python language host, the lock files."""
