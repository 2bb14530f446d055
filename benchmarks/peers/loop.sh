#!/bin/sh
# The notebooks of a study one after another, as one would write it first.
set -eu

run() {
    page=$1
    notebook=$2
    shift 2
    papermill --no-progress-bar "notebooks/$notebook.ipynb" "build/$STUDY/notebooks/$page.ipynb" \
        -p study "$STUDY" "$@"
    jupyter nbconvert --to html --output-dir "reports/$STUDY" "build/$STUDY/notebooks/$page.ipynb"
}

mkdir -p "build/$STUDY/notebooks"
compendium check "$STUDY"
for place in $CLEANED; do
    run "$place-cleaning" 01-clean-coded-data -p place "$place"
done
python -m benchmarks.peers.checks
for place in $REGIONS; do
    run "$place" 03-regional-synthesis -p place "$place"
done
run coverage 02-coverage-and-agreement
for place in $CONTINENTS; do
    run "$place" 04-continental-synthesis -p place "$place"
done
