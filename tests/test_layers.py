from __future__ import annotations

import subprocess
import sys


def loaded_by(statement: str) -> set[str]:
    """Return the packages that a fresh Python has loaded after a statement."""
    code = f"import sys\n{statement}\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return {name.split(".")[0] for name in done.stdout.split()}


def test_importing_the_package_loads_nothing_else() -> None:
    """Importing the package loads the standard library and the package alone."""
    alone = loaded_by("pass")

    assert loaded_by("import analysis") - alone - set(sys.stdlib_module_names) == {"analysis"}


def test_command_line_starts_light() -> None:
    """The command line loads no library of the layers below it before a command needs it."""
    heavy = {
        "great_expectations",
        "jupyter_client",
        "matplotlib",
        "nbconvert",
        "pandas",
        "papermill",
    }

    assert loaded_by("import analysis.cli") & heavy == set()
