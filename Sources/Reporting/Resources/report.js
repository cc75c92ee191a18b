"use strict";
(() => {
  const source = document.getElementById("data");
  const table = document.getElementById("list");
  document.addEventListener("click", copyOnClick);
  if (!source || !table) return;

  const CHUNK = 100;
  const { stores, fields, findings } = JSON.parse(source.textContent);
  const body = table.tBodies[0];
  const tools = document.getElementById("tools");
  const more = document.getElementById("more");
  const count = document.getElementById("count");
  const search = document.getElementById("search");
  const selects = {
    rule: document.getElementById("rule"),
    store: document.getElementById("store"),
    field: document.getElementById("field"),
    state: document.getElementById("state"),
  };
  const number = new Intl.NumberFormat("en-US");
  const byText = new Intl.Collator("en", { numeric: true }).compare;
  const SYMBOL = { error: "✗", warning: "!" };

  let shown = findings;
  let rendered = 0;
  let sort = { key: "", down: false };
  let pair = null;

  // Text

  /** Characters that hide or reorder text, made visible, as the rest of the page does. */
  function visible(text) {
    return String(text).replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Cf}]/gu, (c) =>
      c === "\u200C" || c === "\u200D" ? c : "\\u{" + c.codePointAt(0).toString(16).toUpperCase() + "}");
  }

  function make(tag, className, text) {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = visible(text);
    return element;
  }

  function add(parent, ...children) {
    parent.append(...children);
    return parent;
  }

  function isolated(text, className) { return make("bdi", className, text); }

  function plural(n, noun) { return number.format(n) + " " + noun + (n === 1 ? "" : "s"); }

  // Filter and sort

  function haystack(finding) {
    if (!finding.haystack) {
      const shownValues = finding.fields.flatMap((f) => [f.name, ...Object.values(f.values)]);
      finding.haystack = [finding.id, finding.rule, finding.contact, finding.message, finding.state,
        ...finding.stores, ...finding.related, ...shownValues].join("\n").toLowerCase();
    }
    return finding.haystack;
  }

  function matches(finding, words) {
    const { rule, store, field, state } = selects;
    return (!rule.value || finding.rule === rule.value)
      && (!pair || finding.stores.some((s) => pair.includes(s)))
      && (pair || !store.value || finding.stores.includes(store.value))
      && (!field.value || finding.fields.some((f) => f.name === field.value))
      && (!state.value || finding.state === state.value)
      && words.every((word) => haystack(finding).includes(word));
  }

  function sortKey(finding) {
    switch (sort.key) {
      case "contact": return finding.contact ?? "";
      case "stores": return finding.stores.join(", ");
      case "fields": return finding.fields.map((f) => f.name).join(", ");
      default: return finding[sort.key];
    }
  }

  function update() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    shown = findings.filter((f) => matches(f, words));
    if (sort.key) {
      const keyed = shown.map((f) => [sortKey(f), f]);
      keyed.sort((a, b) => (sort.down ? -1 : 1) * byText(a[0], b[0]));
      shown = keyed.map((entry) => entry[1]);
    }
    body.replaceChildren();
    rendered = 0;
    renderMore();
    const all = shown.length === findings.length;
    count.textContent = all ? plural(shown.length, "finding")
      : number.format(shown.length) + " of " + plural(findings.length, "finding");
    if (!shown.length) {
      const cell = make("td", "empty", "No finding matches. Clear the filters to see them all.");
      cell.colSpan = 7;
      body.append(add(make("tr"), cell));
    }
  }

  // Rows

  function renderMore(limit = CHUNK) {
    const end = Math.min(rendered + limit, shown.length);
    const rows = document.createDocumentFragment();
    for (; rendered < end; rendered++) rows.append(row(shown[rendered]));
    body.append(rows);
    more.hidden = rendered === shown.length;
    more.textContent = "Show more (" + plural(shown.length - rendered, "finding") + " below)";
  }

  function row(finding) {
    const line = make("tr", "finding");
    const toggle = make("button", "open");
    toggle.type = "button";
    toggle.setAttribute("aria-expanded", "false");
    const about = finding.contact === null ? finding.stores.join(", ") : "contact " + finding.contact;
    toggle.setAttribute("aria-label", visible(finding.rule + ", " + about));
    const names = finding.fields.slice(0, 3).map((f) => f.name).join(", ");
    const rest = finding.fields.length > 3 ? " +" + (finding.fields.length - 3) : "";
    return add(line,
      add(make("td", "toggle"), toggle),
      add(make("td"), isolated(finding.rule, "code")),
      add(make("td"), isolated(finding.contact ?? "–", "code")),
      add(make("td"), isolated(finding.stores.join(", "))),
      add(make("td"), isolated(names + rest || "–", "code")),
      add(make("td", "severity " + finding.severity), SYMBOL[finding.severity] + " " + finding.severity),
      make("td", "state " + finding.state, finding.state));
  }

  function toggleRow(line) {
    const button = line.querySelector("button.open");
    const isOpen = button.getAttribute("aria-expanded") === "true";
    button.setAttribute("aria-expanded", String(!isOpen));
    line.classList.toggle("is-open", !isOpen);
    if (isOpen) {
      line.nextElementSibling.remove();
      return;
    }
    const position = [...body.querySelectorAll("tr.finding")].indexOf(line);
    const cell = add(make("td"), detail(shown[position]));
    cell.colSpan = 7;
    line.after(add(make("tr", "detail"), cell));
  }

  // Details

  function detail(finding) {
    const box = make("div", "box");
    box.append(make("p", "message", finding.message));
    if (finding.fields.length) box.append(values(finding));
    const facts = make("dl");
    fact(facts, "Repair", make("span", "", repairText(finding.repair)));
    if (finding.contact !== null) fact(facts, "Explain", command(finding.contact));
    if (finding.score !== null) fact(facts, "Score", make("span", "", finding.score.toFixed(3)));
    if (finding.related.length) fact(facts, "Related", isolated(finding.related.join(", "), "code"));
    fact(facts, "Finding", isolated(finding.id, "code"));
    return add(box, facts);
  }

  function fact(list, name, ...content) {
    list.append(add(make("div"), make("dt", "", name), add(make("dd"), ...content)));
  }

  function repairText(repair) {
    if (!repair) return "None is proposed.";
    const where = repair.store ? " " + repair.store : "";
    const from = repair.source ? " from " + repair.source : "";
    const guard = repair.guard === "exact" ? "; written only if nothing changed meanwhile"
      : repair.guard === "window" ? "; checked before and after, with a short window between" : "";
    switch (repair.action) {
      case "insert": return "Insert into" + where + from + guard + ".";
      case "update": return "Update" + where + from + guard + ".";
      case "delete": return "Delete in" + where + guard + ".";
      case "link": return "Link the record in" + where + guard + ".";
      case "merge": return "Merge the rows in" + where + guard + ".";
      case "manual": return "Decide by hand: no side is safely right.";
      case "unrepresentable": return "Not possible:" + where + " cannot hold the value.";
      case "deferred": return "Later:" + where + " cannot be written yet.";
      default: return repair.action;
    }
  }

  function command(contact) {
    const plain = /^[A-Za-z0-9_.:@-]+$/.test(contact) && !contact.startsWith("-");
    const quoted = plain ? contact : "-- '" + contact.replaceAll("'", "'\\''") + "'";
    const text = "rollcall explain " + quoted;
    const button = make("button", "copy", "Copy");
    button.type = "button";
    button.dataset.copy = text;
    button.setAttribute("aria-label", "Copy the command");
    const holder = make("span");
    return add(holder, isolated(text, "code"), " ", button);
  }

  /** Values side by side: a line per field, a column per store that shows one. */
  function values(finding) {
    const names = stores.filter((s) => finding.fields.some((f) => s in f.values));
    for (const f of finding.fields) for (const s of Object.keys(f.values)) if (!names.includes(s)) names.push(s);
    const head = add(make("tr"), column("Field"), ...names.map((s) => column(s)));
    const grid = make("table", "values");
    const caption = make("caption", "sr", "Values by store, masked");
    const rows = make("tbody");
    for (const field of finding.fields) rows.append(valueRow(field, names));
    return add(make("div", "scroll"), add(grid, caption, add(make("thead"), head), rows));
  }

  function column(name) {
    const cell = add(make("th"), isolated(name));
    cell.scope = "col";
    return cell;
  }

  function valueRow(field, names) {
    const head = add(make("th"), isolated(field.name, "code"));
    head.scope = "row";
    if (field.sameMask) {
      const lengths = new Set(names.filter((s) => s in field.lengths).map((s) => field.lengths[s]));
      head.append(make("span", "same", lengths.size > 1 ? "≠ same mask, lengths differ" : "≠ same mask, values differ"));
    }
    const line = add(make("tr"), head);
    for (const store of names) {
      const cell = make("td");
      const value = field.values[store];
      if (value === undefined) cell.append(make("span", "nil", "not shown"));
      else if (value === null) cell.append(make("span", "nil", "absent"));
      else {
        cell.append(isolated(value, "value"));
        if (store in field.lengths) cell.append(make("span", "length", plural(field.lengths[store], "character")));
      }
      line.append(cell);
    }
    return line;
  }

  // Controls

  function fill(select, all, names) {
    const first = make("option", "", all);
    first.value = "";
    select.append(first);
    for (const name of names) {
      const option = make("option", "", name);
      option.value = name;
      select.append(option);
    }
  }

  function distinct(list) { return [...new Set(list)].sort(byText); }

  function setPair(names) {
    const old = selects.store.querySelector("option[data-pair]");
    if (old) old.remove();
    pair = names.length > 1 ? names : null;
    if (pair) {
      const option = make("option", "", pair.join(" or "));
      option.value = "\n";
      option.dataset.pair = "";
      selects.store.append(option);
    }
    selects.store.value = pair ? "\n" : names[0] ?? "";
  }

  function reset() {
    search.value = "";
    for (const select of Object.values(selects)) select.value = "";
    setPair([]);
  }

  function followLink(link) {
    reset();
    setPair(link.dataset.stores.split(",").filter(Boolean).map((i) => stores[Number(i)]));
    if (link.dataset.field !== undefined) selects.field.value = fields[Number(link.dataset.field)];
    if (findings.some((f) => f.state === "confirmed")) selects.state.value = "confirmed";
    update();
  }

  function sortBy(head) {
    const key = head.dataset.sort;
    sort = { key, down: sort.key === key && !sort.down };
    for (const other of table.tHead.querySelectorAll("[data-sort]")) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", sort.down ? "descending" : "ascending");
    update();
  }

  fill(selects.rule, "All rules", distinct(findings.map((f) => f.rule)));
  fill(selects.store, "All stores", stores.filter((s) => findings.some((f) => f.stores.includes(s))));
  fill(selects.field, "All fields", distinct(findings.flatMap((f) => f.fields.map((d) => d.name)).concat(fields)));
  fill(selects.state, "All states", distinct(findings.map((f) => f.state)));

  let pending = 0;
  search.addEventListener("input", () => {
    clearTimeout(pending);
    pending = setTimeout(update, 120);
  });
  for (const select of Object.values(selects)) {
    select.addEventListener("change", () => {
      if (select === selects.store && select.value !== "\n") setPair([select.value].filter(Boolean));
      update();
    });
  }
  document.getElementById("reset").addEventListener("click", () => {
    reset();
    update();
    search.focus();
  });
  more.addEventListener("click", () => renderMore());
  table.tHead.addEventListener("click", (event) => {
    const head = event.target.closest("[data-sort]");
    if (head) sortBy(head);
  });
  body.addEventListener("click", (event) => {
    const line = event.target.closest("tr.finding");
    if (line && !String(getSelection())) toggleRow(line);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-stores]");
    if (link) followLink(link);
  });
  addEventListener("beforeprint", () => {
    if (rendered < 500) renderMore(500 - rendered);
  });
  new IntersectionObserver((entries) => {
    if (entries.some((entry) => entry.isIntersecting) && rendered < shown.length) renderMore();
  }, { rootMargin: "600px" }).observe(more);

  tools.hidden = false;
  table.hidden = false;
  update();

  async function copyOnClick(event) {
    const button = event.target.closest("button[data-copy]");
    if (!button) return;
    const label = button.textContent;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Cannot copy here";
    }
    setTimeout(() => { button.textContent = label; }, 1500);
  }
})();
