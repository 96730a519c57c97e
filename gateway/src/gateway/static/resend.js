// Another code can be sent after a while: until then the buttons rest, and the time is counted down.

const LONGEST = 600;  // seconds; of longer waits it is enough to tell when they end

for (const part of document.querySelectorAll("[data-wait]")) {
  const wait = Number(part.dataset.wait);
  if (wait > LONGEST) continue;
  const [told, counted, over] = ["told", "counted", "over"].map((when) => part.querySelector(`[data-when=${when}]`));
  const countdown = counted.querySelector(".countdown");
  const buttons = part.querySelectorAll("button");
  const end = Date.now() + wait * 1000;  // not the server's time of day, since clocks differ

  const tick = () => {
    const left = Math.ceil((end - Date.now()) / 1000);
    const waits = left > 0;
    for (const button of buttons) button.disabled = waits;
    counted.hidden = !waits;
    if (waits) {
      countdown.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    } else {
      clearInterval(ticking);
      over.textContent = part.dataset.over;
    }
  };
  const ticking = setInterval(tick, 1000);
  told.hidden = true;
  tick();
}
