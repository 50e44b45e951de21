"""Failed assertions of the contract are explained like those of a test module."""

import pytest

pytest.register_assert_rewrite("tests.indexer.engine_contract")
