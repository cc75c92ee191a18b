// Searches the rows of a long table; without it all of them are there.

for (const tools of document.querySelectorAll("[data-table]")) startSearch(tools);

function startSearch(tools) {
  const table = document.getElementById(tools.dataset.table);
  const rows = [...table.tBodies[0].rows], input = tools.querySelector("input"), status = tools.querySelector(".found");
  const count = (number) => number.toLocaleString("en-US");
  // As many are seen at a glance.
  if (rows.length <= 10) return;
  /** What each row shows, in lower case; made once at the first search. */
  let texts = null;
  let pending = 0;

  function update() {
    clearTimeout(pending);
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length) {
      texts ??= rows.map((row) => [...row.cells].map((cell) => cell.textContent).join("\n").toLowerCase());
    }
    let shown = 0;
    rows.forEach((row, number) => {
      row.hidden = !words.every((word) => texts[number].includes(word));
      if (!row.hidden) shown++;
    });
    status.textContent = shown === rows.length ? count(shown) + " in the list" : count(shown) + " of " + count(rows.length);
  }

  input.addEventListener("input", () => {
    clearTimeout(pending);
    pending = setTimeout(update, 120);
  });
  input.addEventListener("change", update);
  tools.hidden = false;
  update();
}
