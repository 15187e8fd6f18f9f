// All items, as the data scripts give them file by file, and which of them a filter lets through.
// Everything is kept in columns of numbers; words stand once in a table, and a filter is turned into numbers before
// it looks at thirty thousand rows.
"use strict";

window.lossledger = window.lossledger || {};

(() => {
  const UNDATED = 2 ** 31 - 1; // sorts after every day, whichever way
  const ROWS = 2 ** 20; // more than a site's items
  const NEAR = 1e-6; // an address has six decimals of a degree
  const UID = 10;
  const COLUMNS = ["side", "category", "type", "status", "state", "feed", "kept", "place", "unit", "nameOf", "day", "span", "inferred", "quantity"];
  const KEPT = ["open", "held", "gone"];

  // What is the same word in two files gets one number.
  class Words {
    constructor() {
      this.list = [];
      this.at = new Map();
    }

    number(word) {
      if (!this.at.has(word)) {
        this.at.set(word, this.list.length);
        this.list.push(word);
      }
      return this.at.get(word);
    }

    // Which of the words have a part in them, by number.
    having(part) {
      return Uint8Array.from(this.list, (word) => plain(word).includes(part));
    }
  }

  // Letters without accents and case, so that "Füzuli" is found by "fuzuli".
  function plain(text) {
    return String(text).normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  }

  class Items {
    constructor() {
      this.count = 0;
      this.files = 0;
      this.uids = [];
      this.latitude = [];
      this.longitude = [];
      for (const name of COLUMNS) this[name] = [];
      this.types = new Words();
      this.places = new Words();
      this.units = new Words();
      this.names = new Words();
      this.spans = new Words(); // when it was, where that is no single day
      this.categories = []; // {slug, name}
      this.sides = []; // [key, name, class, slug and name of the side itself]
      this.statuses = [];
      this.states = [];
      this.feeds = []; // [slug, name]
      this.orders = new Map();
    }

    add(file) {
      const category = this.categories.push({ slug: file.category, name: file.name }) - 1;
      Object.assign(this, { sides: file.sides, statuses: file.statuses, states: file.states, feeds: file.feeds ?? [] });
      const numbers = {
        type: file.types.map((word) => this.types.number(word)),
        place: file.places.map((word) => this.places.number(word)),
        unit: file.units.map((word) => this.units.number(word)),
        nameOf: file.names.map((word) => this.names.number(word)),
        span: file.spans.map((word) => this.spans.number(word)),
      };
      const notGiven = this.types.number("type not given");
      for (let row = 0; row < file.count; row += 1) {
        this.uids.push(file.uid.slice(row * UID, row * UID + UID));
        this.category.push(category);
        this.type.push(file.type[row] < 0 ? notGiven : numbers.type[file.type[row]]);
        for (const name of ["place", "unit", "nameOf", "span"]) this[name].push(numbers[name][file[name][row]]);
        for (const name of ["side", "status", "state", "inferred", "quantity"]) this[name].push(file[name][row]);
        this.feed.push(file.feed?.[row] ?? 0);
        this.kept.push(file.kept?.[row] ?? 0);
        this.day.push(file.day[row] ?? UNDATED);
        this.latitude.push(file.latitude[row]);
        this.longitude.push(file.longitude[row]);
      }
      this.count += file.count;
      this.files += 1;
      this.orders.clear();
    }

    // When it was: a day, or so far as that is known; nothing where it is not.
    whenOf(row) {
      const span = this.spans.list[this.span[row]];
      if (span || this.day[row] === UNDATED) return span;
      return new Date(this.day[row] * 86_400_000).toISOString().slice(0, 10);
    }

    // The numbers of all rows, sorted by a column; kept, since sorting takes longer than filtering.
    order(column, down) {
      const key = `${column} ${down}`;
      if (!this.orders.has(key)) this.orders.set(key, this.#sorted(column, down));
      return this.orders.get(key);
    }

    // Value and row in one number, which the browser sorts many times faster than by a function that compares.
    #sorted(column, down) {
      const values = this.#ranks(column);
      const keys = new Float64Array(this.count);
      for (let row = 0; row < this.count; row += 1) {
        const value = values[row];
        keys[row] = (down && value !== UNDATED ? UNDATED - 1 - value : value) * ROWS + row;
      }
      return Uint32Array.from(keys.sort(), (key) => key - Math.floor(key / ROWS) * ROWS);
    }

    // Numbers that sort as the column's words do; categories, sides and statuses keep the order of the ledger.
    #ranks(column) {
      if (column === "id") return ranks(this.uids);
      const words = { type: this.types, place: this.places }[column];
      if (!words) return this[column];
      const rank = ranks(words.list);
      return this[column].map((number) => rank[number]);
    }

    // The rows that a filter lets through, in order. A filter is a mapping of the words in the address.
    filtered(filter, column, down) {
      const tests = this.#tests(filter);
      const order = this.order(column, down);
      const found = new Uint32Array(order.length);
      let length = 0;
      for (const row of order) {
        if (tests.every((test) => test(row))) found[length++] = row;
      }
      return found.subarray(0, length);
    }

    // The sides that stand in several lists, each with all of them: [slug, name].
    wholeSides() {
      const listed = this.sides.filter(([key, , , side]) => key !== side);
      return [...new Map(listed.map(([, , , side, name]) => [side, name]))];
    }

    #tests(filter) {
      const tests = [];
      const equal = (column, number) => tests.push((row) => column[row] === number);
      if (filter.side) tests.push(this.#ofSide(filter.side));
      if (filter.category) equal(this.category, this.categories.findIndex(({ slug }) => slug === filter.category));
      if (filter.type) equal(this.type, this.types.at.get(filter.type) ?? -1);
      if (filter.status) equal(this.status, this.statuses.indexOf(filter.status));
      if (filter.state) equal(this.state, this.states.indexOf(filter.state));
      if (filter.feed) equal(this.feed, this.feeds.findIndex(([slug]) => slug === filter.feed));
      if (filter.kept) equal(this.kept, KEPT.indexOf(filter.kept));
      if (filter.place) tests.push((row) => this.latitude[row] !== null);
      const [since, until] = [dayNumber(filter.since), dayNumber(filter.until)];
      if (since !== null) tests.push((row) => this.day[row] >= since && this.day[row] !== UNDATED);
      if (until !== null) tests.push((row) => this.day[row] <= until);
      if (filter.box) tests.push(this.#within(filter.box.split(",").map(Number)));
      for (const part of plain(filter.q ?? "").split(/\s+/).filter(Boolean)) tests.push(this.#saying(part));
      return tests;
    }

    // Rows of a side's one list, or of all lists of a side.
    #ofSide(wanted) {
      const chosen = this.sides.map(([key, , , side]) => key === wanted || side === wanted);
      return (row) => chosen[this.side[row]];
    }

    #within([west, south, east, north]) {
      const { latitude, longitude } = this;
      const within = (value, low, high) => value !== null && value >= low - NEAR && value <= high + NEAR;
      return (row) => within(latitude[row], south, north) && within(longitude[row], west, east);
    }

    // Rows in which some word has the part: their type, place, unit, name, category or side; or whose id begins so.
    #saying(part) {
      const [types, places, units, names] = [this.types, this.places, this.units, this.names].map((words) => words.having(part));
      const categories = this.categories.map(({ name }) => plain(name).includes(part));
      const sides = this.sides.map(([, name]) => plain(name).includes(part));
      return (row) =>
        types[this.type[row]] || places[this.place[row]] || units[this.unit[row]] || names[this.nameOf[row]] ||
        categories[this.category[row]] || sides[this.side[row]] || this.uids[row].startsWith(part);
    }
  }

  function ranks(words) {
    const sorted = words.map((word, number) => [plain(word), number]).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    const rank = new Uint32Array(words.length);
    sorted.forEach(([, number], place) => (rank[number] = place));
    return rank;
  }

  function dayNumber(text) {
    const found = Date.parse(text ?? "");
    return Number.isNaN(found) ? null : found / 86_400_000;
  }

  const all = new Items();
  window.lossledger.all = all;
  window.lossledger.items = (file) => all.add(file);
})();
