// Everything works without this: it adds the visitor's own time zone, buttons that copy and print, and dialogs.

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && !document.cookie.split("; ").includes(`time_zone=${zone}`)) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `time_zone=${zone}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
}

// What was done is told once, and not again when the page is loaded anew or shown in another language.
const shown = new URL(location.href);
if (shown.searchParams.has("done")) {
  for (const name of ["done", "terms"]) shown.searchParams.delete(name);
  history.replaceState(history.state, "", shown);
  for (const field of document.querySelectorAll("input[name=return_to]")) field.value = shown.pathname + shown.search;
}

if (navigator.clipboard) {
  for (const button of document.querySelectorAll("[data-copies]")) {
    const text = button.querySelector("span");
    const words = text.textContent;
    text.setAttribute("aria-live", "polite");
    button.classList.remove("later");
    button.addEventListener("click", async () => {
      const copied = document.getElementById(button.dataset.copies);
      const lines = [...copied.querySelectorAll("li")];
      const exactly = "exactly" in button.dataset;  // blanks are part of some keys, and only shown in others
      const keys = (lines.length ? lines : [copied])
        .map((line) => exactly ? line.textContent : line.textContent.replaceAll(/\s/g, ""));
      await navigator.clipboard.writeText(keys.join("\n"));
      text.textContent = button.dataset.copied;
      setTimeout(() => { text.textContent = words; }, 3000);
    });
  }
}

for (const button of document.querySelectorAll("[data-prints]")) {
  button.classList.remove("later");
  button.addEventListener("click", () => print());
}

// A question about what will happen is asked in a dialog over the page that it is about; the page of its own is there too.
for (const link of document.querySelectorAll("a[data-asks]")) {
  link.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    ask(link);
  });
}

const SOON = 200;  // milliseconds: what comes sooner is seen as coming at once

async function ask(link) {
  const page = document.querySelector("main");
  if (page.querySelector(":scope > dialog")) return;
  const dialog = document.createElement("dialog");
  const closed = new AbortController();
  dialog.className = "dialog";
  dialog.setAttribute("aria-label", link.textContent.trim());
  dialog.setAttribute("aria-busy", "true");
  dialog.append(document.getElementById("skeleton").content.cloneNode(true));
  dialog.addEventListener("close", () => { closed.abort(); dialog.remove(); link.focus(); });
  page.append(dialog);
  const wait = setTimeout(() => dialog.showModal(), SOON);
  let main;
  try {
    const response = await fetch(link.href, { redirect: "manual", signal: closed.signal });
    if (!response.ok) throw new Error("not the page that was asked for");
    main = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("main");
  } catch {
    clearTimeout(wait);
    dialog.remove();
    if (!closed.signal.aborted) location.href = link.href;
    return;
  }
  clearTimeout(wait);
  const title = document.createElement("h2");
  title.id = "dialog-title";
  title.append(...main.querySelector("h1").childNodes);
  const content = main.querySelector(".card");
  content.classList.remove("card");
  for (const way of content.querySelectorAll(".buttons a")) {
    way.addEventListener("click", (event) => { event.preventDefault(); dialog.close(); });
  }
  dialog.replaceChildren(title, content);
  dialog.removeAttribute("aria-busy");
  dialog.removeAttribute("aria-label");
  dialog.setAttribute("aria-labelledby", title.id);
  // Where something cannot be undone, a second Enter leaves it as it is; what will happen is read out with the title.
  const keep = content.querySelector(".button-danger") && content.querySelector(".buttons a");
  const told = content.querySelector(".consequences");
  if (told) {
    told.id = "dialog-told";
    dialog.setAttribute("aria-describedby", told.id);
  }
  const first = keep || dialog.querySelector("[autofocus]") || dialog.querySelector("a, button, input:not([type=hidden])");
  first.autofocus = true;
  if (!dialog.open) dialog.showModal();
  first.focus({ preventScroll: true });
  dialog.scrollTop = 0;  // the question is read from its beginning
}
