// The report's form is kept as a draft while one types, takes dropped files, and shows how far an upload is.
// Without this script the same form is sent by its buttons.
(() => {
  const WAIT_MS = 2500; // a pause in typing
  const LONGEST_MS = 8000; // typing without a pause
  const MOST_ALIVE = 60000; // browsers carry at most 64 KiB for a page that is gone

  const typedIn = (form) => {
    const fields = new FormData(form);
    for (const name of ["files", "version", "draft_seen", "draft_window", "draft_turn"]) fields.delete(name);
    return new URLSearchParams(fields);
  };

  // A browser that is told to keep nothing throws at every touch: the page goes on, and the draft on the server stays.
  const tabKeeps = (key) => ({
    get() {
      try {
        const kept = sessionStorage.getItem(key);
        return kept === null ? null : JSON.parse(kept);
      } catch {
        return null;
      }
    },
    put(copy) {
      try {
        sessionStorage.setItem(key, JSON.stringify(copy));
      } catch {
        // Nothing can be kept here.
      }
    },
    drop() {
      try {
        sessionStorage.removeItem(key);
      } catch {
        // Nothing was kept here.
      }
    },
  });

  const fill = (form, fields) => {
    for (const one of form.querySelectorAll("textarea, input[type=text], input[type=checkbox][value=yes]")) {
      if (one.type === "checkbox") one.checked = fields.has(one.name);
      else one.value = fields.get(one.name) || "";
    }
    for (const box of form.querySelectorAll("input[name=left]")) {
      if (fields.getAll("earlier").includes(box.value)) box.checked = fields.getAll("left").includes(box.value);
    }
    const found = document.createElement("p");
    found.className = "said";
    found.setAttribute("role", "status");
    found.textContent = form.dataset.found;
    form.prepend(found);
  };

  // Every word is written down as it is typed, in this tab alone, for the same person and the same form, until the
  // server has it or the report is handed in (see sucharit.js): it outlives a page left at once and an ended session.
  const keepTyped = (form) => {
    const place = ["division", "measure", "year"].map((name) => (form.elements[name] || {}).value || "");
    const tab = tabKeeps(["report", form.dataset.keep, new URL(form.action).pathname, ...place].join(":"));
    const words = () => {
      const fields = typedIn(form);
      for (const name of ["csrf", "chosen", "division", "measure", "year"]) fields.delete(name);
      return fields.toString();
    };
    const seen = form.elements.draft_seen;
    const kept = tab.get();
    const isBack = kept !== null && kept.words !== words();
    // Who goes on from what was kept here goes on as the same window: the server knows which of its savings are newer.
    const self = { name: Math.random().toString(36).slice(2, 12), turn: 0, isBack, isOver: false, words };
    if (isBack) {
      fill(form, new URLSearchParams(kept.words));
      if (seen) [seen.value, self.name, self.turn] = [kept.seen, kept.name, kept.turn];
    } else tab.drop();
    self.put = () => {
      if (!self.isOver) tab.put({ words: words(), seen: seen ? seen.value : "", name: self.name, turn: self.turn });
    };
    self.drop = tab.drop;
    for (const kind of ["input", "change", "submit"]) form.addEventListener(kind, self.put);
    return self;
  };

  const keepDraft = (form, tab) => {
    const said = form.querySelector("[data-draft-said]");
    const seen = form.elements.draft_seen;
    let timer = 0;
    let since = 0;
    let left = "";
    const words = () => typedIn(form).toString();
    // Words may be typed before this script runs: what differs from the page as it came is not saved yet.
    const isTyped = [...form.elements].some((one) => one.type !== "file" && (
      ("defaultValue" in one && one.value !== one.defaultValue) || ("defaultChecked" in one && one.checked !== one.defaultChecked)));
    let last = tab.isBack || isTyped ? "" : words();
    const bodyOf = () => {
      tab.turn += 1;
      tab.put();
      const body = typedIn(form);
      body.set("draft_seen", seen.value);
      body.set("draft_window", tab.name);
      body.set("draft_turn", tab.turn);
      return body;
    };
    const tellEnded = () => {
      const back = document.createElement("a");
      back.href = form.dataset.draft.replace(/\/draft$/, "");
      back.textContent = form.dataset.back;
      said.textContent = `${form.dataset.ended} `;
      said.append(back);
    };
    const learn = async (answer, sent) => {
      if (!(answer.headers.get("content-type") || "").includes("json")) {
        if (answer.redirected || answer.status === 403) return tellEnded();
        throw new Error(answer.statusText);
      }
      const told = await answer.json();
      said.textContent = told.said;
      if (!answer.ok) return undefined;
      last = sent;
      seen.value = told.mark;
      return words() === sent ? tab.drop() : tab.put();
    };
    const send = (body, more) => fetch(form.dataset.draft, { method: "POST", body, headers: { accept: "application/json" }, ...more });
    const isSettled = (now) => now === last || tab.isOver || !form.isConnected;
    const save = async () => {
      clearTimeout(timer);
      [timer, since] = [0, 0];
      const now = words();
      if (isSettled(now) || form.dataset.sent) return;
      try {
        await learn(await send(bodyOf()), now);
      } catch {
        said.textContent = form.dataset.unsaved;
        timer = setTimeout(save, WAIT_MS * 4);
      }
    };
    // A page that is left takes its requests along, unless they are to be kept alive; those may not be large. Thai in
    // parts is a third of Thai in an address's way of writing, but parts are counted as uploads: only where they help.
    const leave = () => {
      const now = words();
      if (isSettled(now) || now === left) return;
      left = now;
      let body = bodyOf();
      if (body.toString().length > MOST_ALIVE) {
        const parts = new FormData();
        for (const [name, value] of body) parts.append(name, value);
        body = parts;
      }
      const isSmall = [...body].reduce((size, [, value]) => size + 150 + new Blob([value]).size, 0) < MOST_ALIVE;
      const keepsAlive = "keepalive" in Request.prototype;
      if (isSmall && !keepsAlive && navigator.sendBeacon && navigator.sendBeacon(form.dataset.draft, body)) return;
      send(body, isSmall && keepsAlive ? { keepalive: true } : {}).then((answer) => learn(answer, now)).catch(() => { left = ""; });
    };
    if (tab.isBack || isTyped) timer = setTimeout(save, WAIT_MS);
    form.addEventListener("input", (event) => {
      if (event.target.type === "file") return;
      clearTimeout(timer);
      since = since || Date.now();
      timer = setTimeout(save, Math.max(0, Math.min(WAIT_MS, since + LONGEST_MS - Date.now())));
    });
    form.addEventListener("submit", () => {
      clearTimeout(timer);
      tab.turn += 1;
      form.elements.draft_window.value = tab.name;
      form.elements.draft_turn.value = tab.turn;
    });
    document.addEventListener("submit", (event) => {
      const where = new URL(event.target.getAttribute("action") || "", location.href).pathname;
      if (event.target !== form && !where.endsWith("/draft/discard")) leave();
      // What is thrown away, or left by whoever signs out, is written down no more.
      if (/\/draft\/discard$|^\/sign-out$/.test(where)) tab.isOver = true;
      if (tab.isOver) tab.drop();
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") leave();
      else if (left && left !== last) save();
    });
    window.addEventListener("pagehide", leave);
    window.addEventListener("pageshow", () => { tab.isOver = false; });
  };

  // Safari before 14.1 cannot put files into a field: it keeps its own plain fields.
  const canCarryFiles = () => {
    try {
      return Boolean(new DataTransfer().items);
    } catch {
      return false;
    }
  };

  const collectFiles = (form) => {
    const drop = form.querySelector("[data-drop]");
    if (!drop || !canCarryFiles()) return null;
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
      list.textContent = "";
      list.append(...chosen.map((file) => {
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
    // Files may be chosen before this script runs, on a slow line: they are no less meant to be sent.
    for (const field of [input, ...others]) if (field.files.length) field.dispatchEvent(new Event("change"));
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
