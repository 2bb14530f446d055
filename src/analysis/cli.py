"""The program ``compendium``."""

from __future__ import annotations

import atexit
import gc
import os
import sys

import click

from analysis import terminal
from analysis.commands import reports, studies
from analysis.commands.options import REFUSED
from analysis.errors import CompendiumError

MADE_TO_BEGIN_WITH = 100_000


class InOrder(click.Group):
    """Commands in the order in which they are used."""

    def list_commands(self, _: click.Context) -> list[str]:
        """Name the commands as they were added."""
        return list(self.commands)


@click.group(cls=InOrder, context_settings={"help_option_names": ["--help", "-h"]})
def app() -> None:
    """Rebuild, check and trace the synthesis reports of coded focus groups."""


for command in (
    reports.build,
    reports.why,
    reports.check,
    reports.check_source,
    studies.new,
    studies.template,
    studies.import_files,
    studies.export,
    reports.trace,
    studies.withdraw,
    studies.remove,
):
    app.add_command(command)


def main() -> None:
    """Run the program; what a person can mend is told without a traceback."""
    # To begin with, much is made that lasts: looking it through for garbage takes a tenth of the
    # time of a build with nothing to do.
    gc.set_threshold(MADE_TO_BEGIN_WITH)
    # And in the end, it is looked through once more only to be thrown away.
    atexit.register(gc.freeze)
    # To look among all packages for plugins of one that reads settings takes as long.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    try:
        app(prog_name="compendium")
    except CompendiumError as error:
        terminal.complain(str(error))
        sys.exit(REFUSED)


if __name__ == "__main__":
    main()
