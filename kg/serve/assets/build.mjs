// Makes what is not written by hand: the world's outline as SVG, and YASGUI as it is published.
// In this folder: npm ci && npm run build (the results are committed; node_modules is not).
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { feature, mesh } from "topojson-client";

const read = (name) => JSON.parse(readFileSync(`node_modules/world-atlas/${name}.json`, "utf8"));

// Equirectangular, two units for a degree: 720 by 360. Points nearer than `step` to the last one are left out.
// Rings that go over the edge of the picture (Chukotka, Fiji) are cut there, or they would be closed straight across it.
const over = (a, b) => Math.abs(a[0] - b[0]) > 180;
function cut(line, closed) {
  const parts = [[]];
  for (const point of line) {
    const part = parts[parts.length - 1];
    if (part.length && over(point, part[part.length - 1])) parts.push([point]); else part.push(point);
  }
  if (closed && parts.length > 1 && !over(parts[0][0], parts[parts.length - 1].at(-1))) parts[0].unshift(...parts.pop());
  return parts;
}

function path(lines, step, closed) {
  const out = [];
  for (const line of lines.flatMap((one) => cut(one, closed))) {
    let last = null;
    const points = [];
    for (const [lon, lat] of line) {
      const x = Math.round((lon + 180) * 20) / 10, y = Math.round((90 - lat) * 20) / 10;
      if (last && Math.abs(x - last[0]) < step && Math.abs(y - last[1]) < step) continue;
      points.push(last = [x, y]);
    }
    if (points.length > (closed ? 3 : 1)) out.push("M" + points.map((p) => p.join(" ")).join("L") + (closed ? "Z" : ""));
  }
  return out.join("");
}

const rings = (world) => feature(world, world.objects.land).features.flatMap((f) => f.geometry.coordinates.flat());

writeFileSync("world-110m.txt", path(rings(read("land-110m")), 0.4, true) + "\n");

const world = read("countries-50m");
const borders = mesh(world, world.objects.countries, (a, b) => a !== b).coordinates;
const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 360">` +
  `<path fill="#8a94a0" fill-opacity=".3" stroke="#8a94a0" stroke-width=".15" d="${path(rings(world), 0.2, true)}"/>` +
  `<path fill="none" stroke="#8a94a0" stroke-width=".2" d="${path(borders, 0.2, false)}"/></svg>\n`;
writeFileSync("world-50m.svg", svg);

mkdirSync("yasgui", { recursive: true });
for (const name of ["yasgui.min.js", "yasgui.min.css"]) {
  copyFileSync(`node_modules/@zazuko/yasgui/build/${name}`, `yasgui/${name}`);
}
