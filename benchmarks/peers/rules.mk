# The notebooks of a study as rules of make, with the commands of loop.sh.
BUILD = build/$(STUDY)
EXECUTED = $(BUILD)/notebooks
REPORTS = reports/$(STUDY)
TABLES = $(wildcard data/$(STUDY)/*) data/places.csv data/wider_places.csv data/spelling.csv
SUITES = $(wildcard expectations/*.json)
PAGES = $(CLEANED:%=%-cleaning) $(REGIONS) coverage $(CONTINENTS)
RUN = papermill --no-progress-bar $(filter notebooks/%,$^) $@ -p study $(STUDY)

.PHONY: pages
.SECONDARY:
pages: $(PAGES:%=$(REPORTS)/%.html)

$(BUILD)/checked: $(TABLES) $(SUITES)
	compendium check $(STUDY)
	mkdir -p $(EXECUTED)
	touch $@

$(EXECUTED)/%-cleaning.ipynb: notebooks/01-clean-coded-data.ipynb $(BUILD)/checked
	$(RUN) -p place $*

$(BUILD)/checked-cleaned: $(CLEANED:%=$(EXECUTED)/%-cleaning.ipynb) $(SUITES)
	python -m benchmarks.peers.checks
	touch $@

$(EXECUTED)/coverage.ipynb: notebooks/02-coverage-and-agreement.ipynb $(BUILD)/checked-cleaned
	$(RUN)

$(REGIONS:%=$(EXECUTED)/%.ipynb): $(EXECUTED)/%.ipynb: notebooks/03-regional-synthesis.ipynb \
		$(BUILD)/checked-cleaned
	$(RUN) -p place $*

$(CONTINENTS:%=$(EXECUTED)/%.ipynb): $(EXECUTED)/%.ipynb: \
		notebooks/04-continental-synthesis.ipynb $(REGIONS:%=$(EXECUTED)/%.ipynb)
	$(RUN) -p place $*

$(REPORTS)/%.html: $(EXECUTED)/%.ipynb
	jupyter nbconvert --to html --output-dir $(REPORTS) $<
