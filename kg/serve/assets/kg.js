// What pages do beyond links: light up words and facts that belong together, move the map. Nothing here writes HTML.
"use strict";

for (const side of document.querySelectorAll(".marks")) {
  const light = (facts, on) => {
    for (const one of side.querySelectorAll(".m, .fact")) {
      const its = one.dataset.fact ? [one.dataset.fact] : one.dataset.facts.split(" ");
      if (its.some((fact) => facts.includes(fact))) one.classList.toggle("lit", on);
    }
  };
  const factsOf = (node) => {
    const mark = node.closest?.(".m, .fact");
    if (!mark || !side.contains(mark)) return [];
    return mark.dataset.fact ? [mark.dataset.fact] : mark.dataset.facts.split(" ");
  };
  for (const [begin, end] of [["pointerover", "pointerout"], ["focusin", "focusout"]]) {
    side.addEventListener(begin, (event) => light(factsOf(event.target), true));
    side.addEventListener(end, (event) => light(factsOf(event.target), false));
  }
}

for (const map of document.querySelectorAll(".map svg")) {
  let box = map.getAttribute("viewBox").split(" ").map(Number);
  const begin = box[2];
  const circles = [...map.querySelectorAll("circle")].map((c) => [c, Number(c.getAttribute("r"))]);
  const show = () => {
    map.setAttribute("viewBox", box.join(" "));
    for (const [circle, radius] of circles) circle.setAttribute("r", radius * box[2] / begin);
  };
  const zoom = (factor, x = 0.5, y = 0.5) => {
    const width = Math.min(720, Math.max(2, box[2] * factor)), height = width * box[3] / box[2];
    box = [box[0] + (box[2] - width) * x, box[1] + (box[3] - height) * y, width, height];
    show();
  };
  const move = (x, y) => { box = [box[0] + x * box[2], box[1] + y * box[3], box[2], box[3]]; show(); };
  map.setAttribute("tabindex", "0");
  map.addEventListener("wheel", (event) => {
    event.preventDefault();
    const here = map.getBoundingClientRect();
    zoom(event.deltaY > 0 ? 1.25 : 0.8, (event.clientX - here.left) / here.width, (event.clientY - here.top) / here.height);
  }, { passive: false });
  const keys = { "+": () => zoom(0.8), "-": () => zoom(1.25), ArrowLeft: () => move(-0.1, 0), ArrowRight: () => move(0.1, 0),
    ArrowUp: () => move(0, -0.1), ArrowDown: () => move(0, 0.1) };
  map.addEventListener("keydown", (event) => {
    if (keys[event.key]) { event.preventDefault(); keys[event.key](); }
  });
  let last = null;
  map.addEventListener("pointerdown", (event) => { if (!event.target.closest("a")) last = [event.clientX, event.clientY]; });
  addEventListener("pointerup", () => { last = null; });
  map.addEventListener("pointermove", (event) => {
    if (!last) return;
    const here = map.getBoundingClientRect();
    move((last[0] - event.clientX) / here.width, (last[1] - event.clientY) / here.height);
    last = [event.clientX, event.clientY];
  });
}

addEventListener("keydown", (event) => { // a link or button that has a key
  if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
  for (const one of document.querySelectorAll("[data-key]")) if (one.dataset.key === event.key) return one.click();
});
