// The report's form is kept as a draft while one types, takes dropped files, and shows how far an upload is.
// Without this script the same form is sent by its buttons.
(() => {
  const WAIT_MS = 2500;

  const keepDraft = (form) => {
    const said = form.querySelector("[data-draft-said]");
    let timer = 0;
    let last = "";
    const typed = () => {
      const fields = new FormData(form);
      for (const name of ["files", "earlier", "left", "version"]) fields.delete(name);
      return new URLSearchParams(fields);
    };
    const save = async () => {
      const body = typed();
      if (body.toString() === last || form.dataset.sent) return;
      try {
        const answer = await fetch(form.dataset.draft, { method: "POST", body, headers: { accept: "application/json" } });
        const told = await answer.json();
        said.textContent = told.said;
        if (answer.ok) last = body.toString();
      } catch {
        said.textContent = form.dataset.unsaved;
        timer = setTimeout(save, WAIT_MS * 4);
      }
    };
    last = typed().toString();
    form.addEventListener("input", (event) => {
      if (event.target.type === "file") return;
      clearTimeout(timer);
      timer = setTimeout(save, WAIT_MS);
    });
    form.addEventListener("submit", () => clearTimeout(timer));
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden" && timer) save();
    });
  };

  const collectFiles = (form) => {
    const drop = form.querySelector("[data-drop]");
    if (!drop) return null;
    const [input, ...others] = drop.querySelectorAll("input[type=file]");
    const list = drop.querySelector("[data-chosen]");
    const said = drop.querySelector("[data-said]");
    let chosen = [];
    const show = () => {
      const carrier = new DataTransfer();
      for (const file of chosen) carrier.items.add(file);
      input.files = carrier.files;
      list.replaceChildren(...chosen.map((file) => {
        const item = document.createElement("li");
        const remove = document.createElement("button");
        remove.type = "button";
        remove.className = "secondary outline";
        remove.textContent = drop.dataset.remove;
        remove.setAttribute("aria-label", `${drop.dataset.remove} ${file.name}`);
        remove.addEventListener("click", () => {
          chosen = chosen.filter((one) => one !== file);
          show();
          input.focus();
        });
        item.append(`${file.name} (${Math.max(1, Math.round(file.size / 1000))} kB)`, remove);
        return item;
      }));
    };
    const add = (files) => {
      said.textContent = "";
      for (const file of files) {
        const isKnown = chosen.some((one) => one.name === file.name && one.size === file.size && one.lastModified === file.lastModified);
        if (file.size > Number(drop.dataset.most)) said.textContent = drop.dataset.large.replace("{name}", file.name);
        else if (!isKnown) chosen.push(file);
      }
      show();
    };
    input.addEventListener("change", () => add([...input.files]));
    for (const other of others) {
      other.addEventListener("change", () => {
        add([...other.files]);
        other.value = "";
      });
    }
    for (const kind of ["dragover", "dragleave", "drop"]) {
      drop.addEventListener(kind, (event) => {
        event.preventDefault();
        drop.classList.toggle("over", kind === "dragover");
        if (kind === "drop") add([...event.dataTransfer.files]);
      });
    }
    return { take: (files) => add(files), chosen: () => chosen };
  };

  const showProgress = (form, files) => {
    const bar = form.querySelector("progress");
    const said = form.querySelector("[data-draft-said]");
    form.addEventListener("submit", (event) => {
      const isReport = !event.submitter || !event.submitter.hasAttribute("formaction");
      if (event.defaultPrevented || !isReport || !files || !files.chosen().length) return;
      event.preventDefault();
      const request = new XMLHttpRequest();
      request.open("POST", form.action);
      request.setRequestHeader("x-files-held", "yes");
      request.upload.addEventListener("progress", (step) => {
        bar.hidden = false;
        if (step.lengthComputable) bar.value = (100 * step.loaded) / step.total;
      });
      request.addEventListener("load", () => {
        bar.hidden = true;
        delete form.dataset.sent;
        if (request.status < 400) {
          location.assign(request.responseURL);
          return;
        }
        const page = new DOMParser().parseFromString(request.responseText, "text/html");
        document.querySelector("main").replaceWith(page.querySelector("main"));
        start(document.querySelector("main"), files.chosen());
        const faults = document.getElementById("faults");
        (faults || document.querySelector("main")).focus();
      });
      request.addEventListener("error", () => {
        bar.hidden = true;
        delete form.dataset.sent;
        said.textContent = form.dataset.unsent;
      });
      request.send(new FormData(form));
    });
  };

  const start = (root, kept = []) => {
    for (const form of root.querySelectorAll("form[enctype='multipart/form-data']")) {
      const files = collectFiles(form);
      if (kept.length && files) files.take(kept);
      if (form.dataset.draft) keepDraft(form);
      showProgress(form, files);
    }
  };

  document.addEventListener("DOMContentLoaded", () => start(document));
})();
