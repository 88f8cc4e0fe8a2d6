import shutil
import sys

import pytest

sys.path.insert(0, __file__.rpartition("/")[0])

from cli_support import GOLDEN  # noqa: E402


@pytest.fixture
def folder(tmp_path):
    """A folder with the files of tests/golden, each with a time that does not change."""
    for path in [*(GOLDEN / "good").glob("*.heapy"), *(GOLDEN / "bad").glob("*.heapy")]:
        shutil.copy(path, tmp_path / path.name)
    return tmp_path
