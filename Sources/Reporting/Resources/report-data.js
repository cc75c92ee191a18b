// The findings. A row is a number: its place in every column of the data, which HTMLFindings explains.

const data = JSON.parse(document.getElementById("data").textContent);
const { stores, strings, shapes, differences } = data;
const rowCount = data.shape.length;
const NIL = -1, UNTOLD = -2;
const textOf = (position) => position < 0 ? null : strings[position];

/** Where each row's differences begin in `data.values`: a row has as many as its shape has fields. */
const offsets = new Uint32Array(rowCount + 1);
for (let row = 0; row < rowCount; row++) offsets[row + 1] = offsets[row] + shapes[data.shape[row]][2].length;

const shapeViews = new Map();

/** What a row shares with others, as words. */
function shapeOf(row) { return shapeAt(data.shape[row]); }

function shapeAt(position) {
  if (!shapeViews.has(position)) shapeViews.set(position, readShape(position));
  return shapeViews.get(position);
}

function readShape(position) {
  const [words, names, fields, repair] = shapes[position];
  const [rule, kind, severity, state] = words.map(textOf);
  const [action, store, source, guard] = repair.map(textOf);
  return {
    rule, kind, severity, state, stores: names.map(textOf), fields: fields.map(textOf),
    repair: action === undefined ? null : { action, store, source, guard },
  };
}

/** A row's fields with what each store shows. */
function differencesOf(row) {
  const result = [];
  for (let i = offsets[row]; i < offsets[row + 1]; i++) {
    const [field, sameMask, proposed, ...cells] = differences[data.values[i]];
    const values = new Map(), lengths = new Map();
    for (let c = 0; c < cells.length; c += 3) {
      const store = strings[cells[c]];
      if (cells[c + 1] !== UNTOLD) values.set(store, textOf(cells[c + 1]));
      if (cells[c + 2] !== UNTOLD) lengths.set(store, cells[c + 2]);
    }
    result.push({ name: strings[field], sameMask: sameMask === 1, proposed: textOf(proposed), values, lengths });
  }
  return result;
}

// Search

const ID_CHARACTERS = 6;
let lowered = null;

/** Texts in lower case, made once at the first search. */
function lowerCase() {
  lowered ??= {
    strings: strings.map((text) => text.toLowerCase()),
    contacts: data.contact.map((text) => text === null ? "" : text.toLowerCase()),
    related: new Map(Object.entries(data.related).map(([row, list]) => [Number(row), list.join("\n").toLowerCase()])),
  };
  return lowered;
}

/** Tells whether a row holds a word. Each text, shape and difference is looked at once, however many rows have it. */
function holds(word) {
  const { strings: texts, contacts, related } = lowerCase();
  const inText = Uint8Array.from(texts, (text) => text.includes(word) ? 1 : 0);
  const any = (positions) => positions.some((p) => p >= 0 && inText[p]);
  const inShape = Uint8Array.from(shapes, (lists) => lists.some(any) ? 1 : 0);
  const inDifference = Uint8Array.from(differences, (cells) => differenceHolds(cells, inText) ? 1 : 0);
  const ids = word.length >= ID_CHARACTERS ? data.id : null;
  return (row) => {
    if (inShape[data.shape[row]] || inText[data.message[row]] || contacts[row].includes(word)) return true;
    for (let i = offsets[row]; i < offsets[row + 1]; i++) if (inDifference[data.values[i]]) return true;
    return related.get(row)?.includes(word) || ids !== null && ids[row].toLowerCase().startsWith(word);
  };
}

function differenceHolds(cells, inText) {
  if (inText[cells[0]] || cells[2] >= 0 && inText[cells[2]]) return true;
  for (let c = 3; c < cells.length; c += 3) if (cells[c + 1] >= 0 && inText[cells[c + 1]]) return true;
  return false;
}

/** The rows of shapes that pass, and that hold every word, in the report's order. */
function rowsWhere(shapePasses, words) {
  const passes = Uint8Array.from(shapes, (_, position) => shapePasses(shapeAt(position)) ? 1 : 0);
  const tests = words.map(holds);
  const rows = [];
  for (let row = 0; row < rowCount; row++) {
    if (passes[data.shape[row]] && tests.every((test) => test(row))) rows.push(row);
  }
  return rows;
}

// Order

const byText = new Intl.Collator("en", { numeric: true }).compare;
const ranks = new Map();

const shapeKeys = {
  rule: (shape) => shape.rule,
  store: (shape) => shape.stores.join(", "),
  field: (shape) => shape.fields.join(", "),
  severity: (shape) => shape.severity,
  state: (shape) => shape.state,
};

/** Numbers that order rows by a key; made once for each. Rows that are alike have the same number. */
function rank(key) {
  if (!ranks.has(key)) ranks.set(key, key === "contact" ? contactRank() : shapeRank(shapeKeys[key]));
  return ranks.get(key);
}

function shapeRank(keyOf) {
  const keys = shapes.map((_, position) => keyOf(shapeAt(position)));
  const places = new Map([...new Set(keys)].sort(byText).map((key, place) => [key, place]));
  const byShape = Uint32Array.from(keys, (key) => places.get(key));
  return Uint32Array.from(data.shape, (position) => byShape[position]);
}

/** Numbers first, by value; then other texts; then findings without a contact. */
function contactRank() {
  const rows = Array.from({ length: rowCount }, (_, row) => row);
  const numbers = data.contact.map((text) => text !== null && /^\d{1,15}$/.test(text) ? Number(text) : Infinity);
  rows.sort((a, b) => {
    if (numbers[a] !== numbers[b]) return numbers[a] - numbers[b];
    const [x, y] = [data.contact[a], data.contact[b]];
    if (numbers[a] !== Infinity || x === y) return 0;
    return x === null ? 1 : y === null ? -1 : byText(x, y);
  });
  const result = new Uint32Array(rowCount);
  let place = 0;
  rows.forEach((row, i) => {
    if (i > 0 && data.contact[row] !== data.contact[rows[i - 1]]) place++;
    result[row] = place;
  });
  return result;
}

/** Sorts rows in place; those that are alike keep their order. */
function order(rows, key, down) {
  const ranked = rank(key);
  rows.sort(down ? (a, b) => ranked[b] - ranked[a] || a - b : (a, b) => ranked[a] - ranked[b] || a - b);
}
