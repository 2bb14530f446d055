# For sites that live by Snakemake: the same commands, place by place, and then for the whole study.
#
#   snakemake --cores 2 --config study=demo compendium=.venv/bin/compendium
#
# Every run asks for all of it: what is up to date is known to the program, and takes it no time. So
# the flags, which only put places before the study, are gone when a run has ended.
import json
import shutil
from pathlib import Path

STUDY = config.get("study", "demo")
COMPENDIUM = config.get("compendium", ".venv/bin/compendium")
# A study that was never released has no list of places yet: it is built as a whole.
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


# Each uses all processors, so they run one after another. Where one is refused, as when a focus group
# has left or a place has none any more, only the build of the whole study can mend it, or tell why.
rule place:
    output:
        touch("build/snakemake/{study}/{place}"),
    threads: workflow.cores
    shell:
        f"{COMPENDIUM} build {{wildcards.study}} --place {{wildcards.place}} --jobs {{threads}}"
        " || test $? -eq 1"
