// What the pages do when JavaScript runs. Every page works without it. Nothing is kept in the browser's storage.

const announcer = () => document.getElementById("announce");

/** Say a sentence to people who use a screen reader, without moving them. */
function announce(words) {
  const region = announcer();
  if (!region) return;
  region.textContent = "";
  setTimeout(() => { region.textContent = words; }, 100);
}

// --- NHS components: on arrival, and again for what htmx brings ------------------------------------------

const frontend = document.querySelector("link[data-nhsuk-frontend]");
const nhsuk = frontend ? import(frontend.href) : Promise.resolve(null);

/** Start the NHS components that are not running yet. */
async function startComponents() {
  const module = await nhsuk;
  module?.initAll({
    scope: document.body,
    onError: (error) => { if (error.name !== "InitError") console.error(error); },
  });
  tidyRadios();
}

/** aria-expanded, which the NHS radios set where a choice reveals more, is not allowed on a radio. */
function tidyRadios() {
  for (const radio of document.querySelectorAll("input[type=radio][aria-expanded]")) radio.removeAttribute("aria-expanded");
}

document.addEventListener("click", (event) => { if (event.target.matches?.("input[type=radio]")) tidyRadios(); });

// --- After a swap: where the focus goes, what is said ----------------------------------------------------

/** Move the focus to something that is not a control, without an outline that lasts. */
function focusOn(element, options) {
  if (!element.hasAttribute("tabindex")) {
    element.setAttribute("tabindex", "-1");
    element.addEventListener("blur", () => element.removeAttribute("tabindex"), { once: true });
  }
  element.focus(options);
}

/** A new page: an error summary or a success banner takes the focus by itself; else the heading does. */
function arriveAtPage() {
  const page = document.getElementById("page");
  const taken = document.activeElement;
  if (taken && page.contains(taken) && taken.matches(".nhsuk-error-summary, [role=alert]")) return;
  window.scrollTo(0, 0);
  const heading = page.querySelector("h1");
  if (heading) focusOn(heading, { preventScroll: true });
}

/** A part of a page: stay where we are, unless the part asks for the focus; say what it has to say. */
function arriveAtPart(part) {
  const wanted = part.matches("[data-focus]") ? part : part.querySelector("[data-focus]");
  if (wanted) {
    focusOn(wanted);
    return;
  }
  // What had the focus went with the old part: take up what is wrong, its twin, or else the part itself.
  if (document.activeElement === document.body && held) {
    const wrong = part.querySelector(".nhsuk-error-message[id]");
    const twins = [...part.querySelectorAll("a[href], button")].filter((one) => sameAs(one) === held);
    const next = (wrong && part.querySelector(`[aria-describedby~="${wrong.id}"]`)) ?? (twins.length === 1 ? twins[0] : null);
    if (next) next.focus();
    else focusOn(part);
  }
  const words = part.querySelector("[data-announce]")?.textContent.trim();
  if (words) announce(words);
}

/** What tells one link or button from another: where it leads, or what it says. */
const sameAs = (control) => control?.getAttribute("href") ?? (control?.tagName === "BUTTON" ? control.textContent.trim() : null);

let held = null; // the link or button that had the focus when its part was replaced

document.addEventListener("htmx:before:swap", () => { held = sameAs(document.activeElement); });

document.addEventListener("htmx:after:swap", async ({ detail: { ctx } }) => {
  trouble("");
  await startComponents();
  wire();
  const part = document.getElementById(ctx.target?.id);
  if (part?.id === "page") arriveAtPage();
  else if (part) arriveAtPart(part);
});

// --- When an answer does not come ------------------------------------------------------------------------

/** Say above the page that something did not get through; no words take it away. */
function trouble(words) {
  const region = document.getElementById("trouble");
  if (region && region.textContent !== words) region.textContent = words;
}

const NO_ANSWER = "Signpost did not answer. What you typed is still on this page. Check your connection, then try again.";

function notSent(ctx) {
  trouble(NO_ANSWER);
  drafts.get(ctx.sourceElement)?.comeBack();
}

document.addEventListener("htmx:error", ({ detail: { ctx } }) => { if (ctx?.request) notSent(ctx); });

// A whole page that says what went wrong does not belong inside a part of this one.
document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
  if (ctx.response.status < 400 || ctx.select || !ctx.text.includes('id="page"')) return;
  Object.assign(ctx, { target: document.getElementById("page"), select: "#page", swap: "outerHTML", push: null, replace: null });
});

// An answer that holds nothing of ours (from something between us and the server) must not empty the page.
document.addEventListener("htmx:before:swap", (event) => {
  const { ctx, tasks } = event.detail;
  const main = tasks.find((task) => task.type === "main");
  if (ctx.select && main && !main.fragment?.firstElementChild) {
    event.preventDefault();
    notSent(ctx);
  }
});

// --- Links that open beside their list, which has data-beside. On a narrow screen there is no beside: the record that
// the link would open (`?open=…`) is shown on its own page, whose address begins as data-beside says --------------------

const narrow = matchMedia("(max-width: 1019px)");
document.addEventListener("click", (event) => {
  const link = narrow.matches && event.target.closest?.("[data-beside] a");
  if (!link) return;
  event.stopImmediatePropagation();
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  location.assign(link.closest("[data-beside]").dataset.beside + new URL(link.href).searchParams.get("open"));
}, true);

// --- [data-open-when-wide]: shut on a telephone, where it would push the list off the screen, unless it is in use ---

const telephone = matchMedia("(max-width: 40.0525rem)");

function openWhenWide() {
  for (const box of document.querySelectorAll("[data-open-when-wide]")) {
    box.open = !telephone.matches || "inUse" in box.dataset;
  }
}

telephone.addEventListener("change", openWhenWide);

// --- Keyboard shortcuts of a list: [data-shortcuts] around it, [data-row] on each row --------------------

let shortcutsOn = true; // for this page only: WCAG 2.1.4 asks for a way to switch them off

const rowLink = (row) => (row.matches("a[href], button") ? row : row.querySelector("a[href], button"));

function showShortcuts() {
  for (const help of document.querySelectorAll("[data-shortcuts-help]")) help.hidden = false;
  for (const toggle of document.querySelectorAll("[data-shortcuts-toggle]")) {
    toggle.setAttribute("aria-pressed", String(shortcutsOn));
    toggle.textContent = shortcutsOn ? "Keyboard shortcuts on" : "Keyboard shortcuts off";
  }
}

function moveRow(list, step) {
  const rows = [...list.querySelectorAll("[data-row]")];
  const here = rows.findIndex((row) => row.contains(document.activeElement));
  const next = here < 0 ? (step > 0 ? 0 : rows.length - 1) : here + step;
  if (rows[next]) rowLink(rows[next])?.focus();
}

document.addEventListener("click", (event) => {
  if (!event.target.closest?.("[data-shortcuts-toggle]")) return;
  shortcutsOn = !shortcutsOn;
  showShortcuts();
});

document.addEventListener("keydown", (event) => {
  const list = document.querySelector("[data-shortcuts]");
  if (!list || !shortcutsOn || event.defaultPrevented || event.isComposing) return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]")) return;
  const row = document.activeElement?.closest("[data-row]");
  if (event.key === "j") moveRow(list, 1);
  else if (event.key === "k") moveRow(list, -1);
  else if (event.key === "o" && row) rowLink(row)?.click();
  else if (event.key === "/") document.querySelector("[data-shortcuts-search]")?.focus();
  else if (event.key === "?") {
    const help = document.querySelector("[data-shortcuts-help] details");
    if (help) help.open = !help.open;
    if (help?.open) help.querySelector("summary").focus();
  } else return;
  event.preventDefault();
});

// --- Drafts: a form with data-autosave="address" is saved when its typing pauses -------------------------

const drafts = new Map(); // form → Draft

const clockWords = () => {
  const now = new Date();
  const minutes = String(now.getMinutes()).padStart(2, "0");
  return `${now.getHours() % 12 || 12}:${minutes}${now.getHours() < 12 ? "am" : "pm"}`;
};

class Draft {
  static quiet = 2000;
  static waits = [5000, 10000, 20000, 30000];

  constructor(form) {
    this.form = form;
    this.changed = false; // words on the page that the server does not have
    this.failures = 0;
    form.addEventListener("input", () => { this.changed = true; this.failures = 0; this.later(Draft.quiet); });
    form.addEventListener("focusout", () => this.save());
    form.addEventListener("submit", (event) => {
      if ("versioned" in form.dataset) this.now(event);
      else if (this.sending) this.hold(event);
      else this.stop();
    }, true);
  }

  /** A form that is saved as it is typed and nothing else: its button saves at once. */
  now(event) {
    event.preventDefault();
    this.conflict = false;
    this.changed = true;
    this.save();
  }

  /** What is being saved has to arrive first: it could be written over what is sent now. */
  async hold(event) {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (this.held) return;
    this.held = true;
    await Promise.race([this.arrival, new Promise((resolve) => setTimeout(resolve, 3000))]);
    this.held = false;
    this.stop();
    this.form.requestSubmit(event.submitter);
  }

  later(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), wait);
  }

  /** The form itself is on its way: its words are in it, so no draft may follow. */
  stop() {
    clearTimeout(this.timer);
    this.sending?.abort();
    this.sending = null;
    this.changed = false;
  }

  /** The form could not be sent: its words are unsaved again. */
  comeBack() {
    this.changed = true;
    this.later(Draft.quiet);
  }

  say(words) {
    const status = this.form.querySelector("[data-autosave-status], [data-autosave-answer] [role=status]");
    if (status && status.textContent !== words) status.textContent = words;
  }

  save(how) {
    clearTimeout(this.timer);
    if (!this.changed || this.sending || this.held || this.conflict || !this.form.isConnected) return;
    this.arrival = this.send(how);
  }

  async send({ keepalive = false } = {}) {
    this.changed = false;
    this.sending = new AbortController();
    const words = new URLSearchParams([...new FormData(this.form)].filter(([, value]) => typeof value === "string"));
    try {
      const answer = await fetch(this.form.dataset.autosave, {
        method: "POST",
        body: words,
        headers: { "X-CSRFToken": words.get("csrf_token") ?? "", "X-Saved-As-Typed": "1" },
        credentials: "same-origin",
        redirect: "manual", // a redirect leads to the sign-in page: nothing was saved
        signal: this.sending.signal,
        keepalive,
      });
      const text = "versioned" in this.form.dataset && !answer.redirected ? await answer.text() : "";
      this.sending = null;
      if (text.includes('name="version"')) this.answered(answer, text);
      else if (answer.ok) this.saved();
      else this.refused(answer);
    } catch (error) {
      this.sending = null;
      if (error.name !== "AbortError") this.failed("Not saved yet: no connection. Your words are still on this page.");
    }
  }

  /** The answer brings the version that is there now; and what somebody else wrote, who is not written over. */
  answered(answer, text) {
    this.form.querySelector("[data-autosave-answer]").innerHTML = text;
    this.failures = 0;
    this.conflict = answer.status === 409;
    if (this.conflict) this.changed = true;
    else if (this.changed) this.later(Draft.quiet);
  }

  saved() {
    this.failures = 0;
    this.say(`Saved at ${clockWords()}`);
    if (this.changed) this.later(Draft.quiet);
  }

  refused(answer) {
    if (answer.status >= 500) {
      this.failed("Not saved yet: Signpost had a problem. Your words are still on this page.");
      return;
    }
    this.changed = true;
    const signedOut = answer.type === "opaqueredirect" || answer.status === 401;
    this.say(`Not saved: ${signedOut ? "you have been signed out" : "Signpost could not take this draft"}. Your words are still on this page.`);
  }

  failed(words) {
    this.changed = true;
    this.say(words);
    this.later(Draft.waits[Math.min(this.failures++, Draft.waits.length - 1)]);
  }
}

const openDrafts = () => [...drafts.values()].filter((draft) => draft.form.isConnected);

addEventListener("online", () => openDrafts().forEach((draft) => draft.save()));
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") openDrafts().forEach((draft) => draft.save({ keepalive: true }));
});
addEventListener("beforeunload", (event) => {
  if (openDrafts().some((draft) => draft.changed || draft.sending)) event.preventDefault();
});

// --- Undo: [data-undo-until] counts down calmly, and its button rests when the time is up ----------------

function countDown(box) {
  const started = performance.now();
  const until = Date.parse(box.dataset.undoUntil);
  const now = box.dataset.undoNow ? Date.parse(box.dataset.undoNow) : Date.now(); // the server's clock
  const words = box.querySelector("[data-undo-left]");
  const tick = () => {
    if (!box.isConnected) return;
    const left = Math.ceil((until - now - (performance.now() - started)) / 1000);
    if (left > 0) {
      if (words) words.textContent = `You can undo this for ${left} ${left === 1 ? "second" : "seconds"}.`;
      setTimeout(tick, 1000);
      return;
    }
    for (const button of box.querySelectorAll("button")) button.disabled = true;
    if (words) words.textContent = "The time to undo this has passed.";
    announce("The time to undo has passed.");
  };
  tick();
}

// --- Start -----------------------------------------------------------------------------------------------

const wired = new WeakSet();

/** Bring to life what has arrived on the page. */
function wire() {
  showShortcuts();
  openWhenWide();
  for (const form of document.querySelectorAll("form[data-autosave]")) {
    if (!drafts.has(form)) drafts.set(form, new Draft(form));
  }
  for (const form of drafts.keys()) if (!form.isConnected) drafts.delete(form);
  for (const box of document.querySelectorAll("[data-undo-until]")) {
    if (!wired.has(box)) { wired.add(box); countDown(box); }
  }
}

wire();
await startComponents();
