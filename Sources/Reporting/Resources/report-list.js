// The list of findings: search, filters, order, rows.

if (rowCount > 0) startList();

function startList() {
  const CHUNK = 100;
  const PRINTED = { rows: 200, open: 10 };
  const SYMBOL = { error: "✗", warning: "!" };
  const $ = (id) => document.getElementById(id);
  const table = $("list"), body = table.tBodies[0], more = $("more"), search = $("search"), scopeButton = $("scope");
  const selects = { rule: $("rule"), store: $("store"), field: $("field"), severity: $("severity"), state: $("state") };
  const orderSelect = $("order");

  let shown = [];
  let rendered = 0;
  let sort = { key: "", down: false };
  /** What a link of the page chose beyond the selects: its name, and the shapes that pass. */
  let scope = null;

  // Filter

  const kindOf = (value) => value.endsWith(".*") ? value.slice(0, -2) : null;

  function passes(shape) {
    const { rule, store, field, severity, state } = selects;
    return (!rule.value || shape.rule === rule.value || shape.kind === kindOf(rule.value))
      && (!store.value || shape.stores.includes(store.value))
      && (!field.value || shape.fields.includes(field.value))
      && (!severity.value || shape.severity === severity.value)
      && (!state.value || shape.state === state.value)
      && (!scope || scope.passes(shape));
  }

  function update() {
    clearTimeout(pending);
    shown = rowsWhere(passes, search.value.toLowerCase().split(/\s+/).filter(Boolean));
    if (sort.key) order(shown, sort.key, sort.down);
    body.replaceChildren();
    rendered = 0;
    renderMore();
    $("count").textContent = shown.length === rowCount ? plural(rowCount, "finding")
      : count(shown.length) + " of " + plural(rowCount, "finding");
    scopeButton.hidden = !scope;
    scopeButton.replaceChildren(...(scope ? [isolated(scope.name), make("span", "sr", ", show all"), " ×"] : []));
    if (!shown.length) {
      const cell = make("td", "empty", "No finding matches. Clear the filters to see them all.");
      cell.colSpan = 7;
      body.append(make("tr", "", cell));
    }
  }

  // Rows

  function renderMore(limit = CHUNK) {
    const end = Math.min(rendered + limit, shown.length);
    const rows = document.createDocumentFragment();
    for (; rendered < end; rendered++) rows.append(line(shown[rendered]));
    body.append(rows);
    more.hidden = rendered === shown.length;
    more.textContent = "Show more (" + plural(shown.length - rendered, "finding") + " below)";
  }

  function line(row) {
    const shape = shapeOf(row), contact = data.contact[row];
    const about = contact === null ? shape.stores.join(", ") : "contact " + contact;
    const toggle = make("button", "open");
    toggle.type = "button";
    toggle.setAttribute("aria-expanded", "false");
    toggle.setAttribute("aria-label", visible(shape.rule + ", " + about));
    const rest = shape.fields.length > 3 ? " +" + (shape.fields.length - 3) : "";
    const result = make("tr", "finding",
      make("td", "toggle", toggle),
      make("td", "", isolated(shape.rule, "code")),
      make("td", "", isolated(contact ?? "–", "code")),
      make("td", "", isolated(shape.stores.join(", "))),
      make("td", "", isolated(shape.fields.slice(0, 3).join(", ") + rest || "–", "code")),
      make("td", "severity " + shape.severity, SYMBOL[shape.severity] + " " + shape.severity),
      make("td", "state " + shape.state, shape.state));
    result.dataset.row = row;
    return result;
  }

  const isOpen = (line) => line.classList.contains("is-open");

  function toggle(line) {
    line.querySelector("button.open").setAttribute("aria-expanded", String(!isOpen(line)));
    if (line.classList.toggle("is-open")) {
      const cell = make("td", "", detail(Number(line.dataset.row)));
      cell.colSpan = 7;
      line.after(make("tr", "detail", cell));
    } else line.nextElementSibling.remove();
  }

  /** Up and down move between rows, from one button to the next. */
  function moveFocus(event) {
    const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
    if (!step || !event.target.matches("button.open")) return;
    let line = event.target.closest("tr")[step];
    while (line && !line.matches(".finding")) line = line[step];
    (line?.querySelector("button.open") ?? (step === "nextElementSibling" && !more.hidden ? more : null))?.focus();
    event.preventDefault();
  }

  // Links, selects and order

  function option(value, label) { return Object.assign(make("option", "", label), { value }); }

  function fill(select, all, names) { select.append(option("", all), ...names.map((name) => option(name, name))); }

  /** The words of all shapes, each once: a page has few shapes, however many findings. */
  function distinct(wordsOf) { return [...new Set(shapes.flatMap((_, p) => wordsOf(shapeAt(p))))].sort(byText); }

  function fillRules() {
    selects.rule.append(option("", "All rules"));
    for (const kind of distinct((shape) => shape.kind)) {
      const rules = distinct((shape) => shape.kind === kind ? shape.rule : []);
      selects.rule.append(option(kind + ".*", "All " + kind), ...rules.map((rule) => option(rule, rule)));
    }
  }

  function fillOrder() {
    orderSelect.append(option("", "As reported"));
    for (const head of table.tHead.querySelectorAll("[data-sort]")) {
      const { textContent: name, dataset: { sort: key } } = head;
      orderSelect.append(option(key, name + " ↑"), option("-" + key, name + " ↓"));
    }
  }

  function choose(select, value) {
    if ([...select.options].some((option) => option.value === value)) select.value = value;
  }

  function reset() {
    search.value = "";
    for (const select of Object.values(selects)) select.value = "";
    scope = null;
  }

  function followLink(link) {
    reset();
    const { group, stores: places, field } = link.dataset;
    if (group !== undefined || field !== undefined) choose(selects.state, "confirmed");
    if (group !== undefined) scope = groupScope(data.groups[Number(group)]);
    else {
      const names = places.split(",").filter(Boolean).map((place) => stores[Number(place)]);
      if (names.length === 1) choose(selects.store, names[0]);
      else scope = { name: names.join(" or "), passes: (shape) => shape.stores.some((s) => names.includes(s)) };
      if (field !== undefined) choose(selects.field, data.fields[Number(field)]);
      else choose(selects.rule, "drift.*");
    }
    update();
    $("list-title").focus({ preventScroll: true });
  }

  function groupScope([[rule], names, fields]) {
    const same = (a, b) => a.length === b.length && a.every((item, i) => item === b[i]);
    return {
      name: [rule, fields.join(", "), names.join(", ")].filter(Boolean).join(" · "),
      passes: (shape) => shape.rule === rule && same(shape.stores, names) && same(shape.fields, fields),
    };
  }

  /** Up, down, then the report's own order. */
  function sortBy(key) {
    if (sort.key !== key) sort = { key, down: false };
    else sort = sort.down ? { key: "", down: false } : { key, down: true };
    showOrder();
  }

  function showOrder() {
    for (const head of table.tHead.querySelectorAll("[data-sort]")) {
      if (head.dataset.sort === sort.key) head.setAttribute("aria-sort", sort.down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    }
    orderSelect.value = sort.key && (sort.down ? "-" : "") + sort.key;
    update();
  }

  let pending = 0;
  search.addEventListener("input", () => {
    clearTimeout(pending);
    pending = setTimeout(update, 120);
  });
  search.addEventListener("change", update);
  for (const select of Object.values(selects)) select.addEventListener("change", update);
  orderSelect.addEventListener("change", () => {
    sort = { key: orderSelect.value.replace("-", ""), down: orderSelect.value.startsWith("-") };
    showOrder();
  });
  $("reset").addEventListener("click", () => {
    reset();
    update();
    search.focus();
  });
  scopeButton.addEventListener("click", () => {
    scope = null;
    update();
    search.focus();
  });
  more.addEventListener("click", () => {
    const first = rendered;
    renderMore();
    body.querySelectorAll("tr.finding")[first]?.querySelector("button.open").focus({ preventScroll: true });
  });
  table.tHead.addEventListener("click", (event) => {
    const head = event.target.closest("[data-sort]");
    if (head) sortBy(head.dataset.sort);
  });
  body.addEventListener("keydown", moveFocus);
  body.addEventListener("click", (event) => {
    const line = event.target.closest("tr.finding");
    // A click that ends a selection of text in a row is not meant for it.
    if (line && (event.target.matches("button.open") || !String(getSelection()))) toggle(line);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-stores], a[data-group]");
    if (link) followLink(link);
  });

  // Rows come as they scroll into view, but not before someone who goes through them by keyboard: the list would never
  // end for them.
  new IntersectionObserver((entries) => {
    const isWalked = body.contains(document.activeElement) && document.activeElement.matches(":focus-visible");
    if (entries.some((entry) => entry.isIntersecting) && !isWalked && rendered < shown.length) renderMore();
  }, { rootMargin: "800px" }).observe(more);

  // Paper cannot be opened: it shows all causes and the values of the first findings.
  let opened = [];
  addEventListener("beforeprint", () => {
    if (rendered < PRINTED.rows) renderMore(PRINTED.rows - rendered);
    const closed = [...body.querySelectorAll("tr.finding")].slice(0, PRINTED.open).filter((line) => !isOpen(line));
    closed.forEach(toggle);
    const shelves = [...document.querySelectorAll("details.shelf:not([open])")];
    for (const shelf of shelves) shelf.open = true;
    opened = [...closed, ...shelves];
    if (rendered < shown.length) $("count").append(make("span", "", "; the first " + count(rendered) + " are printed"));
  });
  addEventListener("afterprint", () => {
    for (const item of opened) item.open ? item.open = false : toggle(item);
    opened = [];
    $("count").querySelector("span")?.remove();
  });

  fillRules();
  fill(selects.store, "All stores", distinct((shape) => shape.stores).sort((a, b) => stores.indexOf(a) - stores.indexOf(b)));
  fill(selects.field, "All fields", distinct((shape) => shape.fields));
  fill(selects.severity, "All severities", distinct((shape) => shape.severity));
  fill(selects.state, "All states", distinct((shape) => shape.state));
  fillOrder();
  $("tools").hidden = false;
  table.hidden = false;
  update();
}
