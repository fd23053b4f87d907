"""Azure Resource Manager as the local cloud plays it, as the package `azure-native` sees it."""
