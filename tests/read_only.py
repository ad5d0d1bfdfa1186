"""Files that whoever runs the tests may only read: root, too, to whom all may be written."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

_NOBODY = 65534


@contextmanager
def only_read(source: Path, folder_mode: int = 0o555) -> Iterator[Path]:
    """A copy of the folder, whose files may be read, but not written while inside, nor may it, if not by its mode."""
    with TemporaryDirectory() as home:  # the folders of pytest are closed to others
        Path(home).chmod(0o755)
        folder = shutil.copytree(source, Path(home) / "here")
        for path in (folder, *folder.rglob("*")):
            path.chmod(folder_mode if path.is_dir() else 0o444)
        user = os.geteuid()
        if user == 0:
            os.seteuid(_NOBODY)
        try:
            yield folder
        finally:
            os.seteuid(user)
            for path in (folder, *folder.rglob("*")):
                path.chmod(0o755)
