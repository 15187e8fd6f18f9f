"use strict";

// Decisions are kept by item in the browser where it lets us, and saved as a file for the ledger.
const cards = [...document.querySelectorAll("article")];
const place = "lossledger-review-" + document.body.dataset.board;
let decisions = remembered();
let current = 0;

function remembered() {
  try {
    return JSON.parse(localStorage.getItem(place)) || {};
  } catch {
    document.getElementById("memory").hidden = false;
    return {};
  }
}

function remember() {
  try {
    localStorage.setItem(place, JSON.stringify(decisions));
  } catch {
    document.getElementById("memory").hidden = false;
  }
}

function decide(card, decision) {
  const { item, seen } = card.dataset;
  if (decision) {
    decisions[item] = { item, decision, seen: Number(seen), reason: card.querySelector(".reason").value.trim() };
  } else {
    delete decisions[item];
  }
  remember();
  show(card);
}

function show(card) {
  const made = decisions[card.dataset.item];
  card.toggleAttribute("data-decided", Boolean(made));
  for (const button of card.querySelectorAll("[data-decision]")) {
    button.setAttribute("aria-pressed", String(Boolean(made) && made.decision === button.dataset.decision));
  }
  document.getElementById("count").textContent = `${Object.keys(decisions).length} of ${cards.length} decided.`;
}

function go(to) {
  if (cards.length === 0) return;
  current = Math.min(Math.max(to, 0), cards.length - 1);
  cards[current].focus();
  cards[current].scrollIntoView({ block: "start" });
}

function load(button) {
  const picture = button.previousElementSibling;
  picture.src = picture.dataset.src;
  picture.hidden = false;
  button.remove();
}

function save() {
  const made = cards.map((card) => decisions[card.dataset.item]).filter(Boolean);
  const text = JSON.stringify({ format: "lossledger-review", version: 1, decisions: made }, null, 2);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text + "\n"], { type: "application/json" }));
  link.download = "decisions.json";
  link.click();
  URL.revokeObjectURL(link.href);
}

const keys = {
  " ": () => go(current + 1),
  Enter: () => go(current + 1),
  b: () => go(current - 1),
  l: (card) => card.querySelectorAll("button.load").forEach(load),
  o: (card) => card.querySelector("a[href]")?.click(),
  w: (card) => card.querySelector(".reason").focus(),
  u: (card) => decide(card, null),
  q: save,
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const within = event.target;
  if (within.matches("input")) {
    if (event.key === "Enter" || event.key === "Escape") go(current);
    return;
  }
  if (within.matches("button, a") && (event.key === " " || event.key === "Enter")) return;
  const card = cards[current];
  if (!card) return;
  const button = [...card.querySelectorAll("[data-key]")].find((one) => one.dataset.key === event.key);
  if (button) {
    decide(card, button.dataset.decision);
    go(current + 1);
  } else if (keys[event.key]) {
    keys[event.key](card);
  } else {
    return;
  }
  event.preventDefault();
});

cards.forEach((card, number) => {
  const made = decisions[card.dataset.item];
  if (made) card.querySelector(".reason").value = made.reason;
  card.addEventListener("focusin", () => { current = number; });
  card.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.dataset.decision) decide(card, button.dataset.decision);
    else if (button?.matches(".load")) load(button);
  });
  card.querySelector(".reason").addEventListener("change", () => {
    const own = decisions[card.dataset.item];
    if (own) decide(card, own.decision);
  });
  show(card);
});
document.getElementById("save").addEventListener("click", save);
