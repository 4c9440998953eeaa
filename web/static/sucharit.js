// Small comforts; every page works without them.
document.addEventListener("DOMContentLoaded", () => {
  const faults = document.getElementById("faults");
  if (faults) faults.focus();
  // Whoever signs out leaves nothing behind that was typed and not handed in.
  const forget = () => {
    try {
      sessionStorage.clear();
    } catch {
      // The browser keeps nothing for us at all.
    }
  };
  const leave = document.querySelector("form[action='/sign-out']");
  if (leave) leave.addEventListener("submit", forget);
  if (/[?&](done=sent|sent=)/.test(location.search)) forget();
  // A form is sent once, however often the button is pressed.
  for (const form of document.querySelectorAll("form[method=post]")) {
    form.addEventListener("submit", (event) => {
      if (event.submitter && event.submitter.formTarget) return; // another tab: this page stays as it is
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "yes";
      setTimeout(() => delete form.dataset.sent, 8000);
    });
  }
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form")) delete form.dataset.sent;
});
