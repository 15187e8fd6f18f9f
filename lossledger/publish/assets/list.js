// The page of all items: the form is the filter, the address carries it, the table shows a hundred rows at a time.
"use strict";

(() => {
  const all = window.lossledger.all;
  const form = document.getElementById("filters");
  const table = document.getElementById("items");
  const found = document.getElementById("found");
  const pager = document.getElementById("pager");
  if (!all || !form || !table) return;

  const PAGE = 100;
  const FIELDS = { q: "q", side: "f-side", category: "f-category", type: "f-type", status: "f-status", state: "f-state", feed: "f-feed", kept: "f-kept", place: "f-place", since: "f-since", until: "f-until" };
  // `unknown` are words of the address that no field of the form can take.
  const view = { box: "", unknown: {}, sort: "day", down: true, page: 0, rows: new Uint32Array() };
  const body = table.tBodies[0] ?? table.createTBody();
  const root = document.body.dataset.root ?? "";

  // -- the form and the address ------------------------------------------------------------------------------------

  function fill() {
    const options = {
      "f-side": [...all.wholeSides().map(([slug, name]) => [slug, `${name}, all lists`]), ...all.sides.map(([key, name]) => [key, name])],
      "f-category": all.categories.map(({ slug, name }) => [slug, name]),
      "f-type": [...all.types.list].sort((a, b) => a.localeCompare(b)).map((name) => [name, name]),
      "f-status": all.statuses.map((word) => [word, word]),
      "f-state": all.states.map((word) => [word, word]),
      "f-feed": all.feeds.map(([slug, name]) => [slug, name]),
      "f-kept": [["held", "held"], ["gone", "gone"], ["open", "not known"]],
    };
    for (const [id, words] of Object.entries(options)) {
      const select = document.getElementById(id);
      if (select && select.options.length < 2) select.append(...words.map(([value, text]) => new Option(text, value)));
    }
  }

  function field(name) {
    return document.getElementById(FIELDS[name]);
  }

  // What a field is called on the page: "side", "believed".
  function labelled(name) {
    return field(name).labels[0].firstChild.textContent.trim().toLowerCase();
  }

  function filter() {
    const words = { box: view.box };
    for (const name of Object.keys(FIELDS)) {
      const input = field(name);
      if (input) words[name] = input.type === "checkbox" ? (input.checked ? "1" : "") : input.value.trim();
    }
    return { ...words, ...view.unknown };
  }

  // One list of a side keeps its address where the side stands in no other any more: "redland.list" is both in one.
  function apart(words) {
    const [side, feed] = (words.get("side") ?? "").split(".");
    const has = (name, value) => [...field(name).options].some((option) => option.value === value);
    if (!feed || has("side", words.get("side")) || !has("side", side) || !has("feed", feed)) return words;
    words.set("side", side);
    words.set("feed", feed);
    return words;
  }

  function fromAddress() {
    const words = apart(new URLSearchParams(location.hash.slice(1)));
    view.unknown = {};
    for (const name of Object.keys(FIELDS)) {
      const input = field(name);
      if (!input) continue;
      if (input.type === "checkbox") input.checked = words.has(name);
      else input.value = words.get(name) ?? "";
      // A list of choices and a day drop what they do not know.
      if (words.get(name) && !input.value) {
        view.unknown[name] = words.get(name);
        input.value = ""; // as "all", not as a choice of nothing
      }
    }
    view.box = words.get("box") ?? "";
    view.sort = words.get("sort") ?? "day";
    view.down = words.has("sort") ? words.has("down") : true;
    view.page = Math.max(Number.parseInt(words.get("page") ?? "1", 10) - 1 || 0, 0);
  }

  function toAddress(words) {
    const address = new URLSearchParams(Object.entries(words).filter(([, value]) => value));
    if (view.sort !== "day" || !view.down) {
      address.set("sort", view.sort);
      if (view.down) address.set("down", "1");
    }
    if (view.page) address.set("page", view.page + 1);
    history.replaceState(null, "", `#${address}`);
  }

  // -- the table -----------------------------------------------------------------------------------------------------

  function apply() {
    const start = performance.now();
    const words = filter();
    view.rows = Object.keys(view.unknown).length ? new Uint32Array() : all.filtered(words, view.sort, view.down);
    view.page = Math.min(view.page, Math.max(Math.ceil(view.rows.length / PAGE) - 1, 0));
    toAddress(words);
    show();
    performance.measure("lossledger:filter", { start });
  }

  function show() {
    const first = view.page * PAGE;
    body.replaceChildren(...Array.from(view.rows.subarray(first, first + PAGE), drawn));
    const items = view.rows.reduce((sum, row) => sum + all.quantity[row], 0);
    const [entries, of] = [view.rows.length, all.count].map((many) => many.toLocaleString("en"));
    const boxed = view.box ? " in the part of the map that was chosen" : "";
    const unknown = Object.entries(view.unknown).map(([name, word]) => `unknown ${labelled(name)}: ${word}; `).join("");
    found.textContent = `${unknown}${entries} of ${of} entries${boxed}` + (items === view.rows.length ? "" : `, ${items.toLocaleString("en")} items`);
    for (const head of table.tHead.querySelectorAll("th[data-sort]")) {
      head.ariaSort = head.dataset.sort === view.sort ? (view.down ? "descending" : "ascending") : null;
    }
    turn(first);
  }

  function drawn(row) {
    const [, side, tone] = all.sides[all.side[row]];
    const line = document.createElement("tr");
    const when = all.whenOf(row);
    const type = all.types.list[all.type[row]];
    const id = document.createElement("a");
    id.href = `${root}loss/${all.uids[row]}.html`;
    id.textContent = all.uids[row];
    id.className = "id";
    line.append(
      cell("day", when ? `${when}${all.inferred[row] ? "*" : ""}` : "not known"),
      cell(`side ${tone}`, ...named(side)),
      cell("category", all.categories[all.category[row]].name),
      cell("type", all.quantity[row] === 1 ? "" : `${all.quantity[row]} × `, ...named(type)),
      cell(`what ${tone}`, marked(all.statuses[all.status[row]])),
      cell(`state ${all.states[all.state[row]]}`, all.states[all.state[row]]),
      cell("place", ...named(all.names.list[all.nameOf[row]], all.places.list[all.place[row]])),
      cell("uid", id),
    );
    return line;
  }

  // Names with commas between them, each in its own direction: one from right to left moves none of the others.
  function named(...names) {
    return names.filter(Boolean).flatMap((name, at) => {
      const made = document.createElement("bdi");
      made.textContent = name;
      return at ? [", ", made] : [made];
    });
  }

  function cell(name, ...inside) {
    const made = document.createElement("td");
    made.className = name;
    made.append(...inside); // text is text here: nothing that a list says becomes markup
    return made;
  }

  function marked(status) {
    const made = document.createElement("span");
    made.className = `status ${status}`;
    made.textContent = status;
    return made;
  }

  // -- pages, sorting, keys ------------------------------------------------------------------------------------------

  function turn(first) {
    const pages = Math.max(Math.ceil(view.rows.length / PAGE), 1);
    const says = document.createElement("span");
    const last = Math.min(first + PAGE, view.rows.length);
    says.textContent = view.rows.length ? `${(first + 1).toLocaleString("en")} to ${last.toLocaleString("en")}, page ${view.page + 1} of ${pages}` : "Nothing matches.";
    pager?.replaceChildren(button("Previous", -1, view.page > 0), says, button("Next", 1, view.page < pages - 1));
  }

  function button(name, by, there) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = name;
    made.disabled = !there;
    made.addEventListener("click", () => {
      view.page += by;
      apply();
      table.scrollIntoView({ block: "start" });
      const again = [...pager.querySelectorAll("button")].find((one) => one.textContent === name && !one.disabled);
      (again ?? pager.querySelector("button:not(:disabled)"))?.focus({ preventScroll: true });
    });
    return made;
  }

  function sortable(head) {
    const made = document.createElement("button");
    made.type = "button";
    made.append(...head.childNodes);
    made.addEventListener("click", () => {
      view.down = view.sort === head.dataset.sort ? !view.down : head.dataset.sort === "day";
      view.sort = head.dataset.sort;
      view.page = 0;
      apply();
    });
    head.append(made);
  }

  function changed(event) {
    if (event) delete view.unknown[event.target.name];
    view.page = 0;
    apply();
  }

  // Arrows go from one row's link to the next, so that a page of a hundred is not a hundred stops.
  function move(event) {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const links = [...body.querySelectorAll("a")];
    const at = links.indexOf(document.activeElement);
    if (!by || at < 0) return;
    event.preventDefault();
    links[Math.min(Math.max(at + by, 0), links.length - 1)].focus();
  }

  fill();
  fromAddress();
  for (const head of table.tHead.querySelectorAll("th[data-sort]")) sortable(head);
  form.addEventListener("input", changed);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => {
    Object.assign(view, { box: "", unknown: {} });
    changed();
  }));
  field("q")?.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") body.querySelector("a")?.focus();
    if (event.key === "Escape" && event.target.value) {
      event.target.value = "";
      changed();
    }
  });
  table.addEventListener("keydown", move);
  window.addEventListener("hashchange", () => {
    fromAddress();
    apply();
  });
  apply();
})();
