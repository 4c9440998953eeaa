// Browsers before 2022 do not say which button sent a form (SubmitEvent.submitter): here every script learns it all the
// same. Sending by Enter presses the form's first button, and browsers tell that as a click, too.
(() => {
  if (window.SubmitEvent && "submitter" in SubmitEvent.prototype) return;
  const isSender = (one) => one.type === "submit" || one.type === "image";
  let pressed = null;
  document.addEventListener("click", (event) => {
    const button = event.target.closest ? event.target.closest("button, input") : null;
    pressed = button && isSender(button) ? button : null;
  }, true);
  Object.defineProperty(Event.prototype, "submitter", {
    configurable: true,
    get() {
      if (this.type !== "submit") return undefined;
      if (pressed && pressed.form === this.target) return pressed;
      return [...this.target.elements].find(isSender) || null;
    },
  });
})();
