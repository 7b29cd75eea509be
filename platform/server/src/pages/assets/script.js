// What is nicer with scripts: every page works without them.
"use strict";

// Times in the reader's zone; the exact one stays in the title. A day is that day everywhere.
function localTimes(root) {
  const format = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
  for (const time of root.querySelectorAll('time[datetime*="T"]')) {
    const at = new Date(time.dateTime);
    if (!Number.isNaN(at.getTime())) time.textContent = format.format(at);
  }
}

// The list of a page in the place of the one that is shown.
async function show(url, newest) {
  document.getElementById("list").setAttribute("aria-busy", "true");
  const answer = await fetch(url, { headers: { Accept: "text/html" } });
  if (!newest()) return;
  document.getElementById("list").removeAttribute("aria-busy");
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const list = page.getElementById("list");
  const shown = document.getElementById("list");
  if (!newest() || !list || !shown) return;
  localTimes(list);
  shown.replaceWith(list);
  history.replaceState(null, "", url);
}

// Filter as one types.
let asked = 0;
document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-live]");
  if (!form || !document.getElementById("list")) return;
  const mine = ++asked;
  setTimeout(() => {
    if (mine !== asked) return;
    const query = new URLSearchParams(new FormData(form));
    for (const [name, value] of [...query]) if (value === "") query.delete(name);
    const text = query.toString();
    show(form.getAttribute("action") + (text ? "?" + text : ""), () => mine === asked)
      .catch(() => document.getElementById("list").removeAttribute("aria-busy"));
  }, 150);
});

// What cannot be undone asks first.
document.addEventListener("submit", (event) => {
  const form = event.target;
  const question = form.dataset.confirm;
  if (!question || form.dataset.confirmed) return;
  event.preventDefault();
  const dialog = document.createElement("dialog");
  const text = document.createElement("p");
  text.textContent = question;
  const row = document.createElement("div");
  row.className = "bar";
  const no = document.createElement("button");
  no.type = "button";
  no.textContent = "Cancel";
  const yes = document.createElement("button");
  yes.type = "button";
  yes.className = "danger";
  yes.textContent = event.submitter ? event.submitter.textContent : "Go on";
  no.addEventListener("click", () => dialog.close());
  yes.addEventListener("click", () => {
    form.dataset.confirmed = "yes";
    dialog.close();
    form.requestSubmit(event.submitter);
    // Whoever comes back to the page is asked again.
    delete form.dataset.confirmed;
  });
  dialog.addEventListener("close", () => dialog.remove());
  row.append(no, yes);
  dialog.append(text, row);
  document.body.append(dialog);
  dialog.showModal();
});

// A list in a field is sent by Enter, as one name is; Shift and Enter begin a line.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || !event.target.matches("textarea[data-list]")) return;
  event.preventDefault();
  event.target.form.requestSubmit();
});

// A menu closes when one looks elsewhere, or by Escape.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(".menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll(".menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

localTimes(document);
