// The careers session: phases, the clock, and options that are dragged. Words are saved by signpost.js. Every part works
// without this. Nothing is kept in the browser's storage.

// --- Phases: one at a time, by its address; without JavaScript all four stand below one another -------------

const phases = () => [...document.querySelectorAll("[data-phase]")];

/** Show the phase that the address names, or that holds what it names; the first where it names none. */
function showPhase({ moving = false } = {}) {
  const all = phases();
  if (!all.length) return;
  const named = location.hash ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
  const wanted = named?.closest("[data-phase]");
  if (!wanted && all.some((phase) => !phase.hidden) && all.some((phase) => phase.hidden)) return;
  const shown = wanted ?? all[0];
  for (const phase of all) phase.hidden = phase !== shown;
  for (const link of document.querySelectorAll("[data-phase-link]")) {
    if (link.hash === `#${shown.id}`) link.setAttribute("aria-current", "step");
    else link.removeAttribute("aria-current");
  }
  if (!moving || !wanted) return;
  const target = named === shown ? shown.querySelector("h2") : named;
  target.setAttribute("tabindex", "-1");
  target.focus();
}

addEventListener("hashchange", () => showPhase({ moving: true }));

// --- The clock: minutes left, and a calm mark at half and at five; never a sound ----------------------------

let ticking = 0;

function runClock() {
  const box = document.querySelector("[data-clock-until]");
  const left = box?.querySelector("[data-clock-left]");
  clearTimeout(ticking);
  if (!left) return;
  const started = performance.now();
  const until = Date.parse(box.dataset.clockUntil);
  const now = Date.parse(box.dataset.clockNow); // the server's clock
  const whole = Number(box.dataset.clockMinutes);
  const mark = box.querySelector("[data-clock-mark]");
  const tick = () => {
    if (!box.isConnected) return;
    const seconds = (until - now - (performance.now() - started)) / 1000;
    const minutes = Math.max(0, Math.ceil(seconds / 60));
    left.textContent = seconds > 0 ? `${minutes} of ${whole} minutes left` : `The ${whole} minutes are over`;
    const words = seconds <= 0 ? "" : minutes <= 5 ? "Five minutes or less" : minutes <= whole / 2 ? "Half the time is over" : "";
    if (mark.textContent !== words) mark.textContent = words;
    ticking = setTimeout(tick, seconds > 0 ? 1000 : 60000);
  };
  tick();
}

// --- Dragging: the grip of an item of [data-sortable]; the form that it names sends the order ---------------

document.addEventListener("pointerdown", (event) => {
  const grip = event.target.closest?.("[data-sortable-grip]");
  const item = grip?.closest("[data-sortable-item]");
  if (!item || event.button) return;
  event.preventDefault();
  const list = item.closest("[data-sortable]");
  const before = [...list.children];
  item.dataset.dragged = "";
  const move = ({ clientY, pointerId }) => {
    if (pointerId !== event.pointerId) return;
    const others = [...list.children].filter((one) => one !== item);
    const next = others.find((one) => {
      const box = one.getBoundingClientRect();
      return clientY < box.top + box.height / 2;
    });
    if (next) next.before(item);
    else list.append(item);
  };
  // On the document: a grip that moves with its item loses whatever it had captured.
  const end = (finished) => {
    if (finished.pointerId !== event.pointerId) return;
    document.removeEventListener("pointermove", move);
    document.removeEventListener("pointerup", end);
    document.removeEventListener("pointercancel", end);
    delete item.dataset.dragged;
    if (finished.type === "pointercancel") list.append(...before);
    else if (before.some((one, place) => one !== list.children[place])) sendOrder(list);
  };
  document.addEventListener("pointermove", move);
  document.addEventListener("pointerup", end);
  document.addEventListener("pointercancel", end);
});

function sendOrder(list) {
  const form = document.getElementById(list.dataset.sortable);
  for (const old of form.querySelectorAll("[name=option]")) old.remove();
  for (const item of list.children) {
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name: "option", value: item.dataset.sortableItem });
    form.append(input);
  }
  form.requestSubmit();
}

// --- Start --------------------------------------------------------------------------------------------------

function begin() {
  showPhase();
  runClock();
}

document.addEventListener("htmx:after:swap", begin);
begin();
