"""The components that people put into their Pulumi programs; each is imported with its own vendor's SDK only."""
