// A closer look at the map: zoom and move by mouse, finger and keyboard; marks that stand for several losses come apart.
// Without this script the map is a picture with links. The places are fetched only when somebody looks closer.
"use strict";

window.lossledger = window.lossledger || {};

(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const [FARTHEST, NEAREST, STEP] = [1, 64, 1.6];
  const LISTED = 8;

  class LossMap {
    constructor(figure) {
      this.figure = figure;
      this.svg = figure.querySelector("svg.map");
      this.marks = this.svg.querySelector(".marks");
      this.detail = figure.querySelector(".map-detail");
      const { width, height } = this.svg.viewBox.baseVal;
      Object.assign(this, { width, height, near: 1, x: width / 2, y: height / 2, places: null });
      const { west, north, across, down, cell, most, root } = this.svg.dataset;
      Object.assign(this, { west: +west, north: +north, across: +across, down: +down, cell: +cell, most: +most, root });
      this.whole = [...this.marks.children]; // as the page came: what is shown when all of it is seen
      this.#controls();
      this.#pointer();
      this.#keys();
      this.#settle(this.whole);
      if (this.detail) this.detail.textContent = "Choose a mark to see what it is. + and − look closer and back, arrows go from mark to mark, Escape shows the whole map.";
    }

    // -- what is seen --------------------------------------------------------------------------------------------

    look(near, x = this.x, y = this.y) {
      this.near = Math.min(Math.max(near, FARTHEST), NEAREST);
      const [half, high] = [this.width / 2 / this.near, this.height / 2 / this.near];
      this.x = Math.min(Math.max(x, half), this.width - half);
      this.y = Math.min(Math.max(y, high), this.height - high);
      this.svg.setAttribute("viewBox", [this.x - half, this.y - high, 2 * half, 2 * high].map((n) => n.toFixed(3)).join(" "));
      for (const text of this.svg.querySelectorAll(".country")) text.setAttribute("transform", this.#kept(text.getAttribute("x"), text.getAttribute("y")));
      this.svg.querySelector(".scale").style.display = this.near > 1 ? "none" : ""; // it is true of the whole map only
      this.out.disabled = this.all.disabled = this.near === FARTHEST;
      this.in.disabled = this.near === NEAREST;
      this.#draw();
    }

    // Lines and letters keep their size on the screen, however near one looks.
    #kept(x, y) {
      const by = 1 / this.near;
      return `translate(${x} ${y}) scale(${by}) translate(${-x} ${-y})`;
    }

    #draw() {
      if (this.near === FARTHEST) return this.#settle(this.whole);
      if (this.places) return this.#settle(this.#cells().map((cell) => this.#mark(cell)));
      this.#scaled(this.whole);
      return this.#fetch();
    }

    #settle(marks) {
      const held = document.activeElement;
      const returning = this.marks.contains(held);
      this.marks.replaceChildren(...marks);
      this.#scaled(marks);
      marks.forEach((mark, at) => mark.setAttribute("tabindex", at ? -1 : 0)); // one stop; arrows go on from there
      if (returning && !this.marks.contains(document.activeElement)) this.#nearest(this.x, this.y)?.focus({ preventScroll: true });
    }

    #scaled(marks) {
      for (const mark of marks) {
        const { x, y } = at(mark);
        mark.setAttribute("transform", `translate(${x} ${y}) scale(${1 / this.near})`);
      }
    }

    #fetch() {
      if (this.fetching) return;
      this.fetching = true;
      window.lossledger.places = (places) => {
        this.places = places;
        this.spots = places.latitude.map((latitude, i) => [(places.longitude[i] - this.west) * this.across, (this.north - latitude) * this.down]);
        this.#draw();
      };
      const script = document.createElement("script");
      script.src = this.figure.dataset.places;
      document.head.append(script);
    }

    // -- marks -------------------------------------------------------------------------------------------------------

    // Places in view that are near each other on the screen, as on the whole map.
    #cells() {
      const size = this.cell / this.near;
      const [half, high] = [this.width / 2 / this.near + size, this.height / 2 / this.near + size];
      const cells = new Map();
      this.spots.forEach(([x, y], place) => {
        if (Math.abs(x - this.x) > half || Math.abs(y - this.y) > high) return;
        const key = `${Math.floor(x / size)} ${Math.floor(y / size)}`;
        if (!cells.has(key)) cells.set(key, []);
        cells.get(key).push(place);
      });
      return [...cells.values()].sort((a, b) => b.length - a.length);
    }

    #mark(places) {
      const link = element("a", {});
      const x = mean(places.map((place) => this.spots[place][0]));
      const y = mean(places.map((place) => this.spots[place][1]));
      link.setAttribute("transform", `translate(${x.toFixed(3)} ${y.toFixed(3)})`);
      link.places = places;
      const title = element("title", {});
      const [, tone] = this.places.sides[this.places.side[places[0]]];
      if (places.length === 1) {
        title.textContent = this.#label(places[0]);
        link.setAttribute("href", this.#address(places[0]));
        link.append(title, element("use", { href: `#mark-${this.places.statuses[this.places.status[places[0]]]}`, class: tone }));
        return link;
      }
      const whole = places.reduce((sum, place) => sum + this.places.quantity[place], 0);
      const radius = this.cell * (0.3 + 0.3 * Math.sqrt(Math.min(whole / this.most, 1))); // as map.py has it
      const letters = Math.min(0.62 * this.cell, (3 * radius) / Math.max(String(whole).length, 2));
      const number = element("text", { y: letters * 0.35, "font-size": letters });
      number.textContent = whole;
      title.textContent = `${whole} losses here`;
      link.setAttribute("href", this.#box(places));
      link.append(title, element("circle", { r: radius, class: `heap ${tone}` }), number);
      return link;
    }

    #address(place) {
      return `${this.root}loss/${this.places.uid.slice(place * 10, place * 10 + 10)}.html`;
    }

    #box(places) {
      const [longitudes, latitudes] = [this.places.longitude, this.places.latitude].map((all) => places.map((place) => all[place]));
      return `${this.root}items.html#box=${[Math.min(...longitudes), Math.min(...latitudes), Math.max(...longitudes), Math.max(...latitudes)].join()}`;
    }

    #label(place) {
      const { types, type, quantity, sides, side, statuses, status, day } = this.places;
      const many = quantity[place] === 1 ? "" : `${quantity[place]} `;
      return `${many}${types[type[place]]}, ${sides[side[place]][0]}, ${statuses[status[place]]}, ${day[place] ?? "day not known"}`;
    }

    // What the mark under the cursor is, in words and with links; screen readers are told.
    tell(mark) {
      if (!this.detail) return;
      const places = mark.places ?? [];
      const line = document.createElement("p");
      const link = document.createElement("a");
      link.href = mark.getAttribute("href");
      link.textContent = mark.querySelector("title").textContent;
      line.append(link);
      const list = document.createElement("ul");
      for (const place of places.length > 1 ? places.slice(0, LISTED) : []) {
        const item = list.appendChild(document.createElement("li"));
        const one = item.appendChild(document.createElement("a"));
        one.href = this.#address(place);
        one.textContent = this.#label(place);
      }
      this.detail.replaceChildren(line, ...(list.children.length ? [list] : []));
    }

    // -- mouse, finger, keyboard -------------------------------------------------------------------------------------

    #controls() {
      const controls = document.createElement("div");
      controls.className = "map-controls";
      const made = [["in", "+", "Look closer", () => this.look(this.near * STEP)], ["out", "−", "Look from farther", () => this.look(this.near / STEP)], ["all", "Whole map", "", () => this.look(1)]];
      for (const [name, sign, label, act] of made) {
        const button = controls.appendChild(document.createElement("button"));
        button.type = "button";
        button.textContent = sign;
        if (label) button.ariaLabel = label;
        button.addEventListener("click", act);
        this[name] = button;
      }
      this.out.disabled = this.all.disabled = true;
      this.svg.before(controls);
    }

    #pointer() {
      let from = null;
      this.svg.addEventListener("pointerdown", (event) => (from = event.button === 0 && this.near > 1 ? { x: event.clientX, y: event.clientY, moved: false } : null));
      window.addEventListener("pointerup", () => setTimeout(() => (from = null)));
      window.addEventListener("pointermove", (event) => {
        if (!from) return;
        const units = this.width / this.near / this.svg.clientWidth;
        const [dx, dy] = [(event.clientX - from.x) * units, (event.clientY - from.y) * units];
        from = { x: event.clientX, y: event.clientY, moved: from.moved || Math.hypot(dx, dy) > 0 };
        this.look(this.near, this.x - dx, this.y - dy);
      });
      this.svg.addEventListener("dragstart", (event) => event.preventDefault());
      this.svg.addEventListener("wheel", (event) => {
        if (!event.ctrlKey) return; // a wheel alone goes on scrolling the page
        event.preventDefault();
        const { x, y } = this.#spot(event);
        this.look(this.near * (event.deltaY < 0 ? STEP : 1 / STEP), x, y);
      }, { passive: false });
      this.svg.addEventListener("dblclick", (event) => {
        const { x, y } = this.#spot(event);
        this.look(this.near * STEP, x, y);
      });
      this.marks.addEventListener("click", (event) => {
        const mark = event.target.closest("a");
        if (from?.moved) return event.preventDefault();
        if (!mark?.querySelector(".heap") || event.ctrlKey || event.metaKey || this.near === NEAREST) return undefined;
        event.preventDefault(); // what is several comes apart before one goes to the list of it
        this.tell(mark);
        const { x, y } = at(mark);
        return this.look(this.near * STEP * STEP, x, y);
      });
      this.marks.addEventListener("pointerover", (event) => event.target.closest("a") && this.tell(event.target.closest("a")));
      this.marks.addEventListener("focusin", (event) => this.tell(event.target.closest("a")));
    }

    #spot(event) {
      const box = this.svg.getBoundingClientRect();
      const units = this.width / this.near / box.width;
      return { x: this.x + (event.clientX - box.left - box.width / 2) * units, y: this.y + (event.clientY - box.top - box.height / 2) * units };
    }

    #keys() {
      this.svg.addEventListener("keydown", (event) => {
        const towards = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
        const nearer = { "+": STEP, "=": STEP, "-": 1 / STEP }[event.key];
        const mark = document.activeElement.closest?.(".marks a");
        if (event.ctrlKey || event.metaKey || event.altKey || !(towards || nearer || event.key === "0" || event.key === "Escape")) return;
        event.preventDefault();
        if (towards && mark) this.#next(mark, towards)?.focus({ preventScroll: true });
        if (nearer) this.look(this.near * nearer, mark ? at(mark).x : this.x, mark ? at(mark).y : this.y);
        if (event.key === "0" || event.key === "Escape") this.look(1);
      });
    }

    // The nearest mark in a direction: what lies aside counts double.
    #next(mark, [right, down]) {
      const here = at(mark);
      const ahead = [...this.marks.children]
        .map((one) => ({ one, along: (at(one).x - here.x) * right + (at(one).y - here.y) * down, aside: Math.abs((at(one).x - here.x) * down + (at(one).y - here.y) * right) }))
        .filter(({ one, along, aside }) => one !== mark && along > 0 && aside <= along * 2);
      return ahead.sort((a, b) => a.along + 2 * a.aside - (b.along + 2 * b.aside))[0]?.one;
    }

    #nearest(x, y) {
      const far = (mark) => Math.hypot(at(mark).x - x, at(mark).y - y);
      return [...this.marks.children].sort((a, b) => far(a) - far(b))[0];
    }
  }

  function at(mark) {
    const [x, y] = mark.getAttribute("transform").match(/-?[\d.]+/g).map(Number);
    return { x, y };
  }

  function mean(numbers) {
    return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
  }

  function element(name, attributes) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  }

  for (const figure of document.querySelectorAll("figure.map")) {
    if (figure.querySelector("svg.map")) new LossMap(figure);
  }
})();
