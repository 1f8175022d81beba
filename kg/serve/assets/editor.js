// YASGUI over our own endpoint, completing our prefixes, classes and properties, and nothing from elsewhere.
"use strict";

fetch("/vocabulary.json").then((answer) => answer.json()).then((known) => {
  const { Yasgui } = window.Yasgui.default ? { Yasgui: window.Yasgui.default } : window;
  const { Yasqe } = Yasgui;
  Yasqe.forkAutocompleter("class", { name: "kg-class", persistenceId: null, bulk: true, get: () => known.classes });
  Yasqe.forkAutocompleter("property", { name: "kg-property", persistenceId: null, bulk: true, get: () => known.properties });
  Yasqe.forkAutocompleter("prefixes", {
    name: "kg-prefixes", persistenceId: null, bulk: true,
    get: () => Object.entries(known.prefixes).map(([name, iri]) => `${name}: <${iri}>`).sort(),
  });
  Yasqe.defaults.autocompleters = ["variables", "kg-class", "kg-property", "kg-prefixes"];
  Yasqe.defaults.value = "PREFIX kg: <https://kg.example/ontology#>\nPREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n" +
    "SELECT ?event ?what WHERE {\n  ?event a kg:Killing ; rdfs:label ?what\n}\nLIMIT 50";
  const endpoint = new URL("/sparql", location.href).href;
  const yasgui = new Yasgui(document.getElementById("yasgui"), {
    requestConfig: { endpoint }, copyEndpointOnNewTab: true, endpointCatalogueOptions: { getData: () => [{ endpoint }] },
  });
  const menu = document.getElementById("named");
  for (const query of known.queries) {
    const option = document.createElement("option");
    option.value = option.textContent = query.name;
    option.title = query.summary;
    menu.append(option);
  }
  menu.addEventListener("change", () => {
    const query = known.queries.find((one) => one.name === menu.value);
    if (!query) return;
    const used = Object.entries(known.prefixes).filter(([name]) => query.text.includes(`${name}:`));
    const head = used.map(([name, iri]) => `PREFIX ${name}: <${iri}>`).join("\n");
    yasgui.addTab(true, { name: query.name, yasqe: { value: `${head}\n${query.text}` } });
  });
  window.kgEditor = yasgui;
});
