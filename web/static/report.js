// The report's form is kept as a draft while one types, takes dropped files, and shows how far an upload is.
// Without this script the same form is sent by its buttons.
(() => {
  const WAIT_MS = 2500;

  const typedIn = (form) => {
    const fields = new FormData(form);
    for (const name of ["files", "earlier", "left", "version", "draft_seen"]) fields.delete(name);
    return new URLSearchParams(fields);
  };

  // What is typed outlives a session that has ended: this tab alone keeps it, for the same person and the same form,
  // until it is saved or handed in (see sucharit.js).
  const keepTyped = (form) => {
    const place = ["division", "measure", "year"].map((name) => (form.elements[name] || {}).value || "");
    const key = ["report", form.dataset.keep, new URL(form.action).pathname, ...place].join(":");
    const words = () => {
      const fields = typedIn(form);
      for (const name of ["csrf", "chosen", "division", "measure", "year"]) fields.delete(name);
      return fields.toString();
    };
    const kept = sessionStorage.getItem(key);
    sessionStorage.removeItem(key);
    if (kept !== null && kept !== words()) {
      const fields = new URLSearchParams(kept);
      for (const one of form.querySelectorAll("textarea, input[type=text], input[type=checkbox][value=yes]")) {
        if (one.type === "checkbox") one.checked = fields.has(one.name);
        else one.value = fields.get(one.name) || "";
      }
      const found = document.createElement("p");
      found.className = "said";
      found.setAttribute("role", "status");
      found.textContent = form.dataset.found;
      form.prepend(found);
    }
    const isBack = kept !== null && Boolean(form.querySelector(":scope > .said"));
    const put = () => sessionStorage.setItem(key, words());
    form.addEventListener("submit", put);
    return { isBack, put, drop: () => sessionStorage.removeItem(key) };
  };

  const keepDraft = (form, tab) => {
    const said = form.querySelector("[data-draft-said]");
    let timer = 0;
    let last = "";
    const typed = () => typedIn(form);
    const tellEnded = () => {
      tab.put();
      const back = document.createElement("a");
      back.href = form.dataset.draft.replace(/\/draft$/, "");
      back.textContent = form.dataset.back;
      said.replaceChildren(`${form.dataset.ended} `, back);
    };
    const save = async () => {
      const body = typed();
      const words = body.toString();
      if (words === last || form.dataset.sent) return;
      const seen = form.elements.draft_seen;
      body.set("draft_seen", seen.value);
      try {
        const answer = await fetch(form.dataset.draft, { method: "POST", body, headers: { accept: "application/json" } });
        if (!(answer.headers.get("content-type") || "").includes("json")) {
          if (answer.redirected || answer.status === 403) tellEnded();
          else throw new Error(answer.statusText);
          return;
        }
        const told = await answer.json();
        said.textContent = told.said;
        if (answer.ok) {
          last = words;
          seen.value = told.mark;
          tab.drop();
        }
      } catch {
        said.textContent = form.dataset.unsaved;
        timer = setTimeout(save, WAIT_MS * 4);
      }
    };
    last = tab.isBack ? "" : typed().toString();
    if (tab.isBack) timer = setTimeout(save, WAIT_MS);
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
    const tooLarge = drop.querySelector("[data-too-large]");
    let chosen = [];
    const isTooLarge = (file) => file.size > Number(drop.dataset.most);
    const show = () => {
      const carrier = new DataTransfer();
      for (const file of chosen) if (!isTooLarge(file)) carrier.items.add(file);
      input.files = carrier.files;
      tooLarge.textContent = chosen.filter(isTooLarge).map((file) => drop.dataset.large.replace("{name}", file.name)).join(" ");
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
        if (!isKnown) chosen.push(file);
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
    // A report does not go off without a file that somebody meant to send: it is taken out by hand, or made smaller.
    form.addEventListener("submit", (event) => {
      const isReport = !event.submitter || !event.submitter.hasAttribute("formaction");
      if (!isReport || !chosen.some(isTooLarge)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      list.children[chosen.findIndex(isTooLarge)].querySelector("button").focus();
    });
    const take = (files) => {
      const fault = drop.querySelector("#files-fault");
      const isRefused = (file) => fault && fault.textContent.includes(`“${file.name}”`);
      add(files.filter((file) => !isRefused(file)));
      said.textContent = files.filter(isRefused).map((file) => drop.dataset.dropped.replace("{name}", file.name)).join(" ");
    };
    return { take, chosen: () => chosen };
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
      const tab = keepTyped(form);
      if (form.dataset.draft) keepDraft(form, tab);
      showProgress(form, files);
    }
  };

  document.addEventListener("DOMContentLoaded", () => start(document));
})();
