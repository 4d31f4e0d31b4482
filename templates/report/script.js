"use strict";
// Filters and searches what is on the page. Without it the page shows everything.
(() => {
  const form = document.getElementById("filter");
  const items = JSON.parse(document.getElementById("data").textContent).items;
  const named = (name) => form.elements.namedItem(name);
  const elements = new Map(items.map((item) => [item.id, document.getElementById(item.id)]));
  const texts = new Map();
  const text = (id) => {
    if (!texts.has(id)) texts.set(id, elements.get(id)?.textContent.toLowerCase() ?? "");
    return texts.get(id);
  };
  const heading = (id) => elements.get(id)?.querySelector("summary")?.textContent.toLowerCase() ?? "";

  const chosen = () => ["o", "f", "s", "v"].map((key) => [key, named(key).value]).filter(([, value]) => value);
  const fits = (item, choices) => choices.every(([key, value]) => item[key].includes(value));
  const says = (item, words) => {
    const around = item.within ? heading(item.within) : "";
    return words.every((word) => text(item.id).includes(word) || around.includes(word));
  };

  const apply = () => {
    const choices = chosen();
    const words = named("text").value.toLowerCase().split(/\s+/).filter(Boolean);
    const parents = new Map(items.filter((item) => item.kind === "check").map((item) => [item.id, false]));
    const counts = {};
    const show = (item, shown) => {
      const element = elements.get(item.id);
      if (element) element.hidden = !shown;
      counts[item.kind] ??= [0, 0];
      counts[item.kind][0] += shown ? 1 : 0;
      counts[item.kind][1] += 1;
    };
    for (const item of items.filter((item) => item.kind !== "check")) {
      const shown = fits(item, choices) && says(item, words);
      if (shown && item.within) parents.set(item.within, true);
      show(item, shown);
    }
    // A check is shown for the sake of a verdict, or for its own text where nothing else is asked.
    for (const item of items.filter((item) => item.kind === "check")) {
      const whole = fits(item, choices) && says(item, words) && choices.every(([key]) => key === "f" || key === "v");
      show(item, parents.get(item.id) || whole);
    }
    const asked = choices.length + words.length > 0;
    const names = { requirement: "requirements", service: "services", check: "checks", verdict: "verdicts" };
    form.querySelector(".shown").textContent = asked
      ? "Shown: " + Object.keys(names).filter((kind) => counts[kind]).map((kind) => `${counts[kind][0]} of ${counts[kind][1]} ${names[kind]}`).join(", ")
      : "";
  };

  const openAround = (element) => {
    for (let at = element; at; at = at.parentElement) {
      if (at instanceof HTMLDetailsElement) at.open = true;
      if (at.hidden) at.hidden = false;
    }
  };
  const follow = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target) {
      openAround(target);
      target.scrollIntoView();
    }
  };
  const all = (open) => document.querySelectorAll("main details:not([hidden])").forEach((d) => { d.open = open; });

  let waiting;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(apply, 120);
  });
  form.addEventListener("reset", () => setTimeout(apply));
  form.addEventListener("submit", (event) => event.preventDefault());
  named("open").addEventListener("click", () => all(true));
  named("close").addEventListener("click", () => all(false));
  addEventListener("hashchange", follow);
  form.hidden = false;
  follow();
})();
