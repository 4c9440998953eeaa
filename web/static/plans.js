// Reading and rehearsing take seconds: the button that was pressed shows that it works.
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (button && event.target.matches("[data-slow]")) button.setAttribute("aria-busy", "true");
});
window.addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("[data-slow] [aria-busy]")) button.removeAttribute("aria-busy");
});
