// Everything works without this: it adds the visitor's own time zone, a button that copies the key, and dialogs.

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && !document.cookie.split("; ").includes(`time_zone=${zone}`)) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `time_zone=${zone}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
}

if (navigator.clipboard) {
  for (const button of document.querySelectorAll("[data-copies]")) {
    const text = button.querySelector("span");
    const words = text.textContent;
    text.setAttribute("aria-live", "polite");
    button.classList.remove("later");
    button.addEventListener("click", async () => {
      const key = document.getElementById(button.dataset.copies).textContent;
      await navigator.clipboard.writeText(key.replaceAll(" ", ""));
      text.textContent = button.dataset.copied;
      setTimeout(() => { text.textContent = words; }, 3000);
    });
  }
}

// A question about what will happen is asked in a dialog over the page that it is about; the page of its own is there too.
for (const link of document.querySelectorAll("a[data-asks]")) {
  link.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    ask(link);
  });
}

async function ask(link) {
  let main;
  try {
    const response = await fetch(link.href, { redirect: "manual" });
    if (!response.ok) throw new Error("not the page that was asked for");
    main = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("main");
  } catch {
    location.href = link.href;
    return;
  }
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  dialog.setAttribute("aria-labelledby", "dialog-title");
  const title = document.createElement("h2");
  title.id = "dialog-title";
  title.append(...main.querySelector("h1").childNodes);
  const content = main.querySelector(".card");
  content.classList.remove("card");
  dialog.append(title, content);
  for (const way of dialog.querySelectorAll(".buttons a")) {
    way.addEventListener("click", (event) => { event.preventDefault(); dialog.close(); });
  }
  dialog.addEventListener("close", () => { dialog.remove(); link.focus(); });
  document.querySelector("main").append(dialog);
  dialog.showModal();
}
