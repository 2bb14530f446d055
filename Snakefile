# For sites that live by Snakemake: the same commands, place by place, and then for the whole study.
#
#   snakemake --cores 2 --config study=demo compendium=.venv/bin/compendium
#
# What of it is up to date is known to the program; a flag only says that it was asked.
import json
from pathlib import Path

STUDY = config.get("study", "demo")
COMPENDIUM = config.get("compendium", ".venv/bin/compendium")
# A study that was never released has no list of places yet: it is built as a whole.
MANIFEST = Path(f"reports/{STUDY}/manifest.json")
REPORTS = json.loads(MANIFEST.read_text())["reports"] if MANIFEST.is_file() else []
PLACES = sorted({report["place"] for report in REPORTS} - {""})
INPUTS = [
    *map(str, Path("data").glob("*.csv")),
    *(str(path) for path in Path("data", STUDY).iterdir() if path.suffix in (".csv", ".parquet", ".yaml")),
    *map(str, Path("expectations").glob("*.json")),
    *map(str, Path("notebooks").glob("*.ipynb")),
    "locks/run.txt",
]


rule study:
    input:
        INPUTS,
        expand("build/snakemake/{study}/{place}", study=STUDY, place=PLACES),
    output:
        touch(f"build/snakemake/{STUDY}.done"),
    threads: workflow.cores
    shell:
        f"{COMPENDIUM} build {STUDY}"


# Each uses all processors, so they run one after another.
rule place:
    input:
        INPUTS,
    output:
        touch("build/snakemake/{study}/{place}"),
    threads: workflow.cores
    shell:
        f"{COMPENDIUM} build {{wildcards.study}} --place {{wildcards.place}} --jobs {{threads}}"
