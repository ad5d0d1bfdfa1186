"""Files that whoever runs the tests may only read: root, too, to whom all may be written."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

_NOBODY = 65534


@contextmanager
def only_read(source: Path, folder_mode: int = 0o555, file_mode: int = 0o444) -> Iterator[Path]:
    """A copy of the folder. While inside, its files may only be read, and so may it, if the modes say nothing else."""
    with TemporaryDirectory() as home:  # the folders of pytest are closed to others
        Path(home).chmod(0o755)
        folder = shutil.copytree(source, Path(home) / "here, #1")  # an address would end before it
        for path in (folder, *folder.rglob("*")):
            path.chmod(folder_mode if path.is_dir() else file_mode)
        user = os.geteuid()
        if user == 0:
            os.seteuid(_NOBODY)
        try:
            yield folder
        finally:
            os.seteuid(user)
            for path in (folder, *folder.rglob("*")):
                path.chmod(0o755)
