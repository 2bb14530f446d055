// Filters the passages of a page by what a reader chooses above them. Without it all are listed.
// Where a page leads to several of them, it hands on what a link to it chose.
(() => {
  const bar = document.querySelector(".filters");
  if (!bar) {
    for (const link of document.querySelectorAll("main a")) link.search = location.search;
    return;
  }
  const fields = [...bar.querySelectorAll("input, select")];
  const status = bar.querySelector("[role=status]");
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const words = (text) => (text || "").split(" ");
  const groups = [...document.querySelectorAll("section.passages")].map((section) => ({
    section,
    places: words(section.dataset.place),
    passages: [...section.querySelectorAll(".segments > li")],
  }));
  const places = [...document.querySelectorAll("section.place")];
  const texts = new Map();
  const textOf = (passage) => {
    if (!texts.has(passage)) texts.set(passage, fold(passage.textContent));
    return texts.get(passage);
  };
  const isWanted = (passage, wanted) => {
    const [section, question] = (passage.dataset.cell || "").split(".");
    const codes = words(passage.dataset.code);
    return (!wanted.section || section === wanted.section)
      && (!wanted.question || question === wanted.question)
      && (!wanted.code || codes.includes(wanted.code))
      && (!wanted.theme || wanted.codes.some((code) => codes.includes(code)))
      && wanted.text.every((word) => textOf(passage).includes(word));
  };
  const filter = () => {
    const wanted = Object.fromEntries(fields.map((field) => [field.name, field.value]));
    const theme = bar.querySelector("[name=theme]");
    wanted.codes = words(theme && theme.selectedOptions[0].dataset.code);
    wanted.text = fold(wanted.text).split(/\s+/).filter(Boolean);
    let shown = 0, all = 0;
    for (const { section, places, passages } of groups) {
      const isHere = !wanted.place || places.includes(wanted.place);
      let here = 0;
      for (const passage of passages) {
        passage.hidden = !(isHere && isWanted(passage, wanted));
        here += passage.hidden ? 0 : 1;
      }
      section.hidden = here === 0;
      shown += here;
      all += passages.length;
    }
    for (const place of places)
      place.hidden = !place.querySelector("section.passages:not([hidden])");
    status.textContent = status.dataset.said.replace("{n}", shown).replace("{all}", all);
  };
  const chosen = new URLSearchParams(location.search);
  for (const field of fields) {
    if (chosen.has(field.name)) field.value = chosen.get(field.name);
    if (field.selectedIndex === -1) field.selectedIndex = 0;
  }
  bar.addEventListener("input", filter);
  bar.querySelector("button").addEventListener("click", () => {
    for (const field of fields) field.value = "";
    filter();
  });
  bar.hidden = false;
  filter();
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target) target.scrollIntoView();
})();
