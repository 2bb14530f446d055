"""The program ``compendium``."""

from __future__ import annotations

import atexit
import gc
import os
import sys

import click

import analysis
from analysis import terminal
from analysis.commands import releases, reports, review, studies
from analysis.commands.options import INTERRUPTED, REFUSED, print_json
from analysis.engine.failures import storage_errors
from analysis.errors import CompendiumError

# Looking for garbage would take a tenth of the time of a build with nothing to do.
OBJECTS_BEFORE_COLLECTION = 100_000
AFTER_INTERRUPT = (
    "Interrupted. Studies and releases are as they were before, or as they should be after: never "
    "in between. Finished tasks of a build count when you run it again."
)


class InOrder(click.Group):
    """Commands in the order in which they are used."""

    def list_commands(self, _: click.Context) -> list[str]:
        """List the commands as they were added."""
        return list(self.commands)


@click.group(cls=InOrder, context_settings={"help_option_names": ["--help", "-h"]})
@click.version_option(analysis.__version__, prog_name="compendium")
def app() -> None:
    """Rebuild, check and trace the synthesis reports of coded focus groups."""


for command in (
    reports.build,
    reports.watch,
    reports.why,
    reports.check,
    reports.check_source,
    studies.new,
    studies.template,
    studies.exercises,
    studies.import_files,
    review.review,
    studies.findings,
    studies.export,
    reports.trace,
    releases.verify,
    releases.diff,
    releases.publish,
    releases.pack,
    studies.withdraw,
    studies.remove,
):
    app.add_command(command)


def main() -> None:
    """Run the program; refusals are printed without a traceback."""
    gc.set_threshold(OBJECTS_BEFORE_COLLECTION)
    atexit.register(gc.freeze)
    # pydantic would search all installed packages for plugins.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # Arrow's own allocator keeps memory that is free; with the system's, checks need less of it.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    try:
        with storage_errors(kept=""):
            sys.exit(app(prog_name="compendium", standalone_mode=False))
    except click.Abort as abort:
        # A question that was answered with no also ends here.
        is_interrupted = isinstance(abort.__cause__, KeyboardInterrupt)
        terminal.print_error(AFTER_INTERRUPT if is_interrupted else "Nothing was changed.")
        sys.exit(INTERRUPTED if is_interrupted else REFUSED)
    except click.ClickException as error:
        error.message = terminal.escape(error.message)  # type: ignore[misc]
        error.show()
        sys.exit(error.exit_code)
    except CompendiumError as error:
        if "--json" in sys.argv:
            print_json({"refused": error.as_json()})
        else:
            terminal.print_error(str(error))
        sys.exit(REFUSED)


if __name__ == "__main__":
    main()
