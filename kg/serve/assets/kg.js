// What pages do beyond links: light up words and facts that belong together, move the map, save pictures. Nothing here writes HTML.
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
  let soon = 0;
  const circles = [...map.querySelectorAll("circle")].map((c) => [c, Number(c.getAttribute("r"))]);
  const show = () => {
    map.setAttribute("viewBox", box.join(" "));
    for (const [circle, radius] of circles) circle.setAttribute("r", radius * box[2] / begin);
    clearTimeout(soon);
    soon = setTimeout(keep, 200);
  };
  const keep = () => { // what is shown has an address, and is what is saved
    const shown = box.map((side) => Math.round(side * 100) / 100).join(" ");
    const boxed = (address) => { const url = new URL(address, location.href); url.searchParams.set("box", shown); return url.href; };
    history.replaceState(null, "", boxed(location.href));
    for (const link of document.querySelectorAll("a[data-saves]")) link.href = boxed(link.href);
    for (const button of document.querySelectorAll("button[data-svg]")) button.dataset.svg = boxed(button.dataset.svg);
  };
  const zoom = (factor, x = 0.5, y = 0.5) => {
    const width = Math.min(720, Math.max(2, box[2] * factor)), height = width * box[3] / box[2];
    box = [box[0] + (box[2] - width) * x, box[1] + (box[3] - height) * y, width, height];
    show();
  };
  const within = (value, most) => Math.min(most, Math.max(-most, value));
  const move = (x, y) => { box = [within(box[0] + x * box[2], 700), within(box[1] + y * box[3], 350), box[2], box[3]]; show(); };
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

for (const button of document.querySelectorAll("button[data-svg]")) { // the picture as PNG, twice as fine, drawn here
  button.hidden = false;
  button.addEventListener("click", async () => {
    const address = URL.createObjectURL(await (await fetch(button.dataset.svg)).blob());
    const picture = new Image();
    picture.src = address;
    await picture.decode();
    const canvas = document.createElement("canvas");
    const fine = Math.min(2, 16000 / Math.max(picture.width, picture.height));
    canvas.width = picture.width * fine;
    canvas.height = picture.height * fine;
    const paper = canvas.getContext("2d");
    paper.fillStyle = "#fff";
    paper.fillRect(0, 0, canvas.width, canvas.height);
    paper.drawImage(picture, 0, 0, canvas.width, canvas.height);
    URL.revokeObjectURL(address);
    canvas.toBlob((blob) => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(blob);
      link.download = button.dataset.name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    }, "image/png");
  });
}

addEventListener("keydown", (event) => { // a link or button that has a key
  if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
  for (const one of document.querySelectorAll("[data-key]")) if (one.dataset.key === event.key) return one.click();
});
