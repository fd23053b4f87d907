"""Fixtures of the local cloud's tests."""

import pytest

from gpucloud.sim.schema_cache import SchemaCache
from tests.sim.servicer import make_estate, open_cloud


@pytest.fixture(scope="session")
def schemas(tmp_path_factory):
    return SchemaCache(tmp_path_factory.mktemp("schemas"))


@pytest.fixture
def cloud(tmp_path, schemas):
    cloud = open_cloud(tmp_path, schemas)
    yield cloud
    cloud.store.close()


@pytest.fixture
def estate(cloud):
    return make_estate(cloud)
