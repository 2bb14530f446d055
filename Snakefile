# For sites that use Snakemake: the same commands, for each place, and then for the whole study.
#
#   snakemake --cores 2 --config study=demo compendium=.venv/bin/compendium
#
# Each run calls all of them: the program knows what is up to date, which takes it no time. So the
# flags, which only order places before the study, are removed when a run has ended.
import json
import shutil
from pathlib import Path

STUDY = config.get("study", "demo")
COMPENDIUM = config.get("compendium", ".venv/bin/compendium")
# A study without a release has no list of places yet: it is built as a whole.
MANIFEST = Path(f"reports/{STUDY}/manifest.json")
REPORTS = json.loads(MANIFEST.read_text())["reports"] if MANIFEST.is_file() else []
PLACES = sorted({report["place"] for report in REPORTS} - {""})
FLAGS = Path(f"build/snakemake/{STUDY}")


onsuccess:
    shutil.rmtree(FLAGS, ignore_errors=True)


onerror:
    shutil.rmtree(FLAGS, ignore_errors=True)


rule study:
    input:
        expand(str(FLAGS / "{place}"), place=PLACES),
    threads: workflow.cores
    shell:
        f"{COMPENDIUM} build {STUDY}"


# Each uses all processors, so they run one after another. If one is refused, because a focus group was
# withdrawn or a place has none any more, only the build of the whole study can fix it, or say why.
rule place:
    output:
        touch("build/snakemake/{study}/{place}"),
    threads: workflow.cores
    shell:
        f"{COMPENDIUM} build {{wildcards.study}} --place {{wildcards.place}} --jobs {{threads}}"
        " || test $? -eq 1"
