// Everything works without this: it adds the visitor's own time zone and a button that copies the key.

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
    button.hidden = false;
    button.addEventListener("click", async () => {
      const key = document.getElementById(button.dataset.copies).textContent;
      await navigator.clipboard.writeText(key.replaceAll(" ", ""));
      text.textContent = button.dataset.copied;
      setTimeout(() => { text.textContent = words; }, 3000);
    });
  }
}
