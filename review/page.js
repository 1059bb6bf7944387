// What the review page needs of JavaScript beyond NiceGUI: places to scroll to, the row chosen, and the keyboard.

function scrollToShare(id, share) {
  const box = document.getElementById("c" + id), image = box?.querySelector("img");
  const go = () => { box.scrollTop = share * image.height; };
  if (image?.complete && image.naturalWidth) requestAnimationFrame(go);
  image?.addEventListener("load", () => requestAnimationFrame(go), { once: true });
}

function scrollToMark(id) {
  setTimeout(() => document.querySelector("#c" + id + " mark:not(.handed-down)")?.scrollIntoView({ block: "center" }), 50);
}

function chooseRow(id, n, rows = "tbody tr") {
  setTimeout(() => document.querySelectorAll("#c" + id + " " + rows).forEach((row, at) => {
    row.classList.toggle("chosen", at === n);
    if (at === n) row.scrollIntoView({ block: "nearest" });
  }), 0);
}

// The keyboard. Shortcuts are answered by the server, over a link that may be slow; no letter may be lost meanwhile.
// A key that only moves the focus moves it here, at once. After one that changes what is shown, keys are held until
// the server has answered, and then go where they would have gone. Each page says which keys are which:
//   focus: key → selector of what gets the focus        waits: keys the server answers with `reviewReady()`
//   opens: those of them that open a dialog to type in  acts: keys that decide something: never of a record that
//   was not shown (data-record) when they were pressed
//   saves: selector within which Ctrl+Enter is answered likewise
//   clicks: key → selector of what is clicked here, at once: a browser lets only a key of its own open a file chooser
// While a dialog stands, keys are the dialog's: none reaches the record under it but the numbers a dialog offers.
const reviewKeys = { focus: {}, waits: [], opens: [], acts: [], saves: null, clicks: {} };
const LONGEST_WAIT = 15000, DIALOG_WAIT = 2000;
let heldKeys = null, heldFor = null, isReplaying = false, waitEnds = 0;

function isTyping() {
  const focus = document.activeElement;
  return ["INPUT", "TEXTAREA", "SELECT"].includes(focus?.tagName);
}

function dialogOpen() {
  return document.querySelector(".q-dialog__inner:not([class*=leave-active])");
}

function recordShown() {
  return document.querySelector("[data-record]")?.dataset.record;
}

function keyName(event) {
  return (event.ctrlKey ? "ctrl+" : "") + (event.key.length > 1 ? event.key : event.key.toLowerCase());
}

function keyPressed(event) {
  if (event.altKey || event.metaKey || event.isComposing || ["Shift", "Control"].includes(event.key)) return;
  if (heldKeys && !isReplaying) {
    event.preventDefault();
    event.stopImmediatePropagation();
    const { key, code, keyCode, ctrlKey, shiftKey } = event;
    if (!event.repeat) heldKeys.push({ key, code, keyCode, ctrlKey, shiftKey, seen: recordShown() });
    return;
  }
  const name = keyName(event);
  if (isTyping()) {
    if (!isReplaying && waitsForOffer(name)) {
      holdKeys("offer");
      return keyPressed(event);
    }
    if (name === "ctrl+Enter" && reviewKeys.saves && event.target.closest(reviewKeys.saves)) {
      holdKeys(name);
      if (isCompleted(event.target)) saveFromCompletion(event);
    }
    return;
  }
  if (reviewKeys.focus[name] && !dialogOpen()) {
    event.preventDefault();
    event.stopImmediatePropagation();
    const input = document.querySelector(reviewKeys.focus[name]);
    input?.focus();
    input?.select?.();
  } else if (reviewKeys.clicks[name] && !dialogOpen()) {
    event.preventDefault();
    document.querySelector(reviewKeys.clicks[name])?.click();
  } else if (reviewKeys.waits.includes(name) && Boolean(dialogOpen()) === isOffered(name)) {
    if (reviewKeys.opens.includes(name)) event.preventDefault();
    holdKeys(name);
  }
}

function isOffered(name) {
  return /^\d$/.test(name);
}

function keepToDialog(event) {
  if (dialogOpen() && !isOffered(event.key) && event.key !== "Escape") event.stopPropagation();
}

function isCompleted(input) {
  return input.getAttribute("role") === "combobox";
}

// A field with completion keeps Enter to itself, with Ctrl too: it takes what is typed in it, then the form is told.
function saveFromCompletion(event) {
  const { key, code, keyCode, ctrlKey, target } = event, around = target.closest(".q-select").parentElement;
  if (!target.value) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
  setTimeout(() => {
    isReplaying = true;
    around.dispatchEvent(new KeyboardEvent("keydown", { key, code, keyCode, ctrlKey, bubbles: true }));
    isReplaying = false;
  });
}

// Whether what completion offers is still to be shown. Showing it takes the focus, and where another list is just
// opening only after that: never from a field the reviewer has gone on to.
function awaitsCompletion(id) {
  const focus = document.activeElement;
  return Boolean(document.getElementById("c" + id)?.contains(focus)) && focus.getAttribute("aria-expanded") !== "true";
}

// What the arrow keys chose of what completion offers stays chosen when the offer changes (an answer to a letter typed
// before may come late); where nothing was chosen, or it is offered no more, the arrow goes to the first.
let chosenOffer = null;

function noteChosen(event) {
  if (!isCompleted(event.target)) return;
  chosenOffer = null;
  if (event.key === "ArrowDown" || event.key === "ArrowUp")
    setTimeout(() => {
      chosenOffer = document.querySelector(".completion .q-manual-focusable--focused")?.textContent.trim() ?? null;
    });
}

function keepChosen(id, offers) {
  runMethod(id, "setOptionIndex", [offers.indexOf(chosenOffer)]);
}

// An arrow pressed before completion has answered what was typed goes to what it will offer, and what is pressed after it
// waits with it; without the arrow nothing waits: what was typed is taken as it is.
let awaitedOffer = null;

function awaitOffer(id, isAwaited) {
  if (isAwaited) awaitedOffer = id;
  else if (awaitedOffer === id) {
    awaitedOffer = null;
    if (heldFor === "offer") reviewReady();
  }
}

function waitsForOffer(key) {
  return key === "ArrowDown" && awaitedOffer && document.getElementById(awaitedOffer)?.contains(document.activeElement);
}

function holdKeys(name) {
  heldKeys ??= [];
  heldFor = name;
  clearTimeout(waitEnds);
  waitEnds = setTimeout(() => { heldKeys = null; heldFor = null; }, LONGEST_WAIT);
}

function reviewReady() {
  if (heldFor === null) return;
  const wanted = reviewKeys.opens.includes(heldFor), until = performance.now() + DIALOG_WAIT;
  const look = () => {
    const input = wanted ? document.querySelector(".q-dialog textarea, .q-dialog input") : null;
    if (wanted && !input && performance.now() < until) return requestAnimationFrame(look);
    // Letters meant for a dialog that did not come must not become shortcuts.
    if (wanted && !input) heldKeys = [];
    input?.focus();
    replayKeys();
  };
  requestAnimationFrame(() => requestAnimationFrame(look));
}

function replayKeys() {
  heldFor = null;
  clearTimeout(waitEnds);
  isReplaying = true;
  while (heldKeys?.length && heldFor === null) {
    if (waitsForOffer(heldKeys[0].key)) {
      holdKeys("offer");
      break;
    }
    const key = heldKeys.shift();
    sendKey(key);
    // What completion took of the entry is gone from it a moment later.
    if (key.key === "Enter" && heldFor === null && isCompleted(document.activeElement)) {
      isReplaying = false;
      return requestAnimationFrame(replayKeys);
    }
  }
  isReplaying = false;
  if (heldFor === null) heldKeys = null;
}

// A Tab that was held moves the focus as the browser would have: to the next entry or button around.
function moveFocus(step) {
  const focus = document.activeElement, around = focus.closest(".q-dialog__inner") ?? document;
  const all = [...around.querySelectorAll("input, textarea, button, a[href], [tabindex]")];
  const stops = all.filter((e) => e === focus || (e.tabIndex >= 0 && !e.disabled && e.checkVisibility()));
  stops.at((stops.indexOf(focus) + step) % stops.length).focus();
}

function sendKey(key) {
  const typing = isTyping(), letter = key.key.length === 1 && !key.ctrlKey;
  if (typing && letter) document.execCommand("insertText", false, key.key);
  else if (typing && key.key === "Backspace") document.execCommand("delete");
  else if (typing && key.key === "Enter" && !key.ctrlKey && document.activeElement.tagName === "TEXTAREA")
    document.execCommand("insertText", false, "\n");
  else if (typing && key.key === "Tab") moveFocus(key.shiftKey ? -1 : 1);
  else if (typing || key.seen === recordShown() || !reviewKeys.acts.includes(keyName(key)))
    for (const kind of ["keydown", "keyup"])
      (document.activeElement ?? document.body).dispatchEvent(
        new KeyboardEvent(kind, { ...key, bubbles: true, cancelable: true }));
}

window.addEventListener("keydown", keyPressed, true);
window.addEventListener("keydown", noteChosen, true);
document.documentElement.addEventListener("keydown", keepToDialog);
// The second click of a double click would decide the record that has just come, which nobody has seen.
window.addEventListener("click", (event) => {
  if (event.detail > 1 && event.target.closest(".act")) event.stopImmediatePropagation();
}, true);
// A button that was clicked does not keep the keyboard to itself.
window.addEventListener("click", (event) => { if (event.detail) event.target.closest("button")?.blur(); });
// Changes of a record that are not saved yet: told by the page (record_form.py); keys save them, other ways out ask.
let isUnsaved = false;
window.addEventListener("beforeunload", (event) => { if (isUnsaved) event.preventDefault(); });
