// What a row opens to.

const count = (number) => number.toLocaleString("en-US");
const plural = (number, noun) => count(number) + " " + noun + (number === 1 ? "" : "s");

/** Characters that hide or reorder text, made visible, as the rest of the page does. */
function visible(text) {
  return String(text).replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Cf}]/gu, (c) =>
    c === "\u200C" || c === "\u200D" ? c : "\\u{" + c.codePointAt(0).toString(16).toUpperCase() + "}");
}

function make(tag, className, ...content) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...content.map((part) => typeof part === "string" ? visible(part) : part));
  return element;
}

/** Text that somebody else wrote, with a direction of its own. */
const isolated = (text, className) => make("bdi", className, text);

function detail(row) {
  const shape = shapeOf(row), contact = data.contact[row], related = data.related[row], score = data.score[row];
  const box = make("div", "box", make("p", "message", strings[data.message[row]]));
  if (shape.fields.length) box.append(valueTable(row));
  const facts = make("dl");
  fact(facts, "Repair", repairText(shape.repair));
  if (contact !== null) fact(facts, "Explain", ...command(contact));
  if (score !== undefined) fact(facts, "Score", score.toFixed(3));
  if (related) fact(facts, "Related", isolated(related.join(", "), "code"));
  fact(facts, "Finding", isolated(data.id[row], "code"));
  box.append(facts);
  return box;
}

function fact(list, name, ...content) {
  list.append(make("div", "", make("dt", "", name), make("dd", "", ...content)));
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
  const text = "rollcall explain " + (plain ? contact : "-- '" + contact.replaceAll("'", "'\\''") + "'");
  const button = make("button", "copy", make("span", "", "Copy"), make("span", "sr", " the command"));
  button.type = "button";
  button.dataset.copy = text;
  return [isolated(text, "code"), " ", button];
}

// Values side by side: a line per field, a column per store that shows one.

function valueTable(row) {
  const found = differencesOf(row);
  const told = new Set(found.flatMap((field) => [...field.values.keys()]));
  const names = [...stores.filter((store) => told.delete(store)), ...told];
  const proposes = found.some((field) => field.proposed !== null);
  const heads = ["Field", ...names, ...(proposes ? ["Certainly was"] : [])].map((name) => {
    const cell = make("th", "", isolated(name));
    cell.scope = "col";
    return cell;
  });
  const lines = found.map((field) => valueLine(field, names, proposes));
  const table = make("table", "values", make("caption", "sr", "Values by store"),
    make("thead", "", make("tr", "", ...heads)), make("tbody", "", ...lines));
  const scroll = make("div", "scroll", table);
  scroll.tabIndex = 0;
  scroll.setAttribute("role", "group");
  scroll.setAttribute("aria-label", "Values by store");
  return scroll;
}

function valueLine(field, names, proposes) {
  const head = make("th", "", isolated(field.name, "code"));
  head.scope = "row";
  if (field.sameMask) {
    const lengths = new Set(names.filter((s) => field.lengths.has(s)).map((s) => field.lengths.get(s)));
    head.append(make("span", "same", lengths.size > 1 ? "≠ same mask, lengths differ" : "≠ same mask, values differ"));
  }
  // What others are held against: the first store's value, which is canonical's where it shows one.
  const base = names.map((store) => field.values.get(store)).find((value) => typeof value === "string");
  const others = new Set(names.map((store) => field.values.get(store)).filter((v) => typeof v === "string" && v !== base));
  const cells = names.map((store) => {
    const value = field.values.get(store);
    if (value === undefined) return make("td", "", make("span", "nil", "not shown"));
    if (value === null) return make("td", "", make("span", "nil", "absent"));
    const other = value === base ? (others.size === 1 ? [...others][0] : value) : base;
    const length = field.lengths.get(store);
    return make("td", "", marked(value, other),
      ...(length === undefined ? [] : [make("span", "under", plural(length, "character"))]));
  });
  if (proposes) {
    cells.push(make("td", "proposed", field.proposed === null ? make("span", "nil", "–") : isolated(field.proposed, "value")));
  }
  return make("tr", "", head, ...cells);
}

/** A value with those of its words marked that the other lacks. */
function marked(value, other) {
  if (value === other) return isolated(value, "value");
  const a = words(value), kept = common(a, words(other));
  const parts = [];
  for (let i = 0; i < a.length; i++) {
    const last = parts.at(-1);
    if (last && last.same === kept[i]) last.text += a[i];
    else parts.push({ text: a[i], same: kept[i] });
  }
  return make("bdi", "value", ...parts.map((part) => part.same ? part.text : make("mark", "", part.text)));
}

/** Words, spaces and signs; a text of very many is taken whole. */
function words(text) {
  const parts = text.match(/[\p{L}\p{N}\p{M}•*]+|\s+|[^]/gu) ?? [];
  return parts.length > 400 ? [text] : parts;
}

/** For each word of the first list whether it belongs to the longest list of words that both have in this order. */
function common(a, b) {
  const wide = b.length + 1;
  const longest = new Uint16Array((a.length + 1) * wide);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      longest[i * wide + j] = a[i] === b[j] ? longest[(i + 1) * wide + j + 1] + 1
        : Math.max(longest[(i + 1) * wide + j], longest[i * wide + j + 1]);
    }
  }
  const kept = new Array(a.length).fill(false);
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] === b[j]) [kept[i], i, j] = [true, i + 1, j + 1];
    else if (longest[(i + 1) * wide + j] >= longest[i * wide + j + 1]) i++;
    else j++;
  }
  return kept;
}
