// What every page does beyond being read: "/" goes to the search, and a snippet is selected as a whole.
"use strict";

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, select, textarea");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  const search = document.getElementById("q");
  if (search) search.focus();
  else location.href = `${document.body.dataset.root}items.html`;
});

for (const snippet of document.querySelectorAll("textarea[readonly]")) {
  snippet.addEventListener("focus", () => snippet.select());
}
