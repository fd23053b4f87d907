"""Loads the SDKs before anything that uses them does."""

import tests.sdk_import  # noqa: F401 - see there
