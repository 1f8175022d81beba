"""Reports for other programs: SHACL's own vocabulary in Turtle, JUnit for a build's tests, SARIF for a code review.

Results in, text out; the same results give the same bytes. Tables, CSV and JSON are rows, which every verb can write.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from kg.core.iris import Shortener
from kg.core.version import VERSION
from kg.core.vocab import COMMON_PREFIXES, DEFAULT_BASE, ONTOLOGY, XSD, base_prefixes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.core.model import Violation

SEVERITIES = ("Violation", "Warning", "Info")
_LEVELS = {"Violation": "error", "Warning": "warning", "Info": "note"}
_PREFIXES = {"kg": ONTOLOGY, "kgs": "https://kg.example/shapes#", **COMMON_PREFIXES}
_NOT_XML = {c: None for c in range(32) if chr(c) not in "\t\n\r"}


def to_text(results: Sequence[Violation], base: str = DEFAULT_BASE) -> str:
    """A few lines for a person to read for each result: what, whose, in which sentence, found by what."""
    known = Shortener(base_prefixes(base))
    lines: list[str] = []

    def short(text: str | None) -> str:
        return _brief(known.short(text or "") or text)

    for result in results:
        path = f" {result.path}" if result.path else ""
        value = f" {short(result.value)}" if result.value is not None and result.value != result.focus else ""
        lines += [
            f"{result.severity} {result.shape or 'of a shape without a name'}: {result.message}",
            f"    of       {short(result.focus)}{path}{value}",
            *([f"    in       {short(result.article)}: {result.sentence}"] if result.sentence else []),
            *([f"    found by {result.found_by}"] if result.found_by else []),
        ]
    return "".join(f"{line}\n" for line in lines)


def _brief(text: str | None, longest: int = 120) -> str:
    """A value on one line, of sensible length."""
    line = " ".join((text or "").split())
    return line if len(line) <= longest else f"{line[:longest]}…"


def to_turtle(results: Sequence[Violation]) -> str:
    """A ``sh:ValidationReport``; what stands in no prefixed name or IRI is a literal."""
    lines = [f"@prefix sh: <{_PREFIXES['sh']}> .", f"@prefix xsd: <{XSD}> .", "", "[] a sh:ValidationReport ;"]
    lines += [f"    sh:conforms {'false' if results else 'true'}{' ;' if results else ' .'}"]
    for number, result in enumerate(results, start=1):
        known = {
            "sh:focusNode": _term(result.focus),
            "sh:resultPath": _term(result.path) if result.path and _iri(result.path) else None,
            "sh:value": _term(result.value) if result.value is not None else None,
            "sh:sourceShape": _term(result.shape) if result.shape else None,
            "sh:resultSeverity": f"sh:{result.severity}" if result.severity in SEVERITIES else _term(result.severity),
            "sh:resultMessage": json.dumps(result.message, ensure_ascii=False),
        }
        facts = " ;\n        ".join(f"{name} {value}" for name, value in known.items() if value is not None)
        end = " ." if number == len(results) else " ;"
        lines.append(f"    sh:result [ a sh:ValidationResult ;\n        {facts} ]{end}")
    return "\n".join(lines) + "\n"


def to_junit(results: Sequence[Violation], checked: int) -> str:
    """A test suite: a test for each result, failed where it is a violation, and one that passes where there is none."""
    failed = sum(result.severity == "Violation" for result in results)
    tests = str(len(results) or 1)
    suite = ET.Element("testsuite", name="kg validate", tests=tests, failures=str(failed), errors="0")
    for result in results:
        case = ET.SubElement(suite, "testcase", classname=_xml(result.shape or "shape"), name=_xml(result.focus))
        tag = "failure" if result.severity == "Violation" else "system-out"
        said = ET.SubElement(case, tag)
        if tag == "failure":
            said.attrib.update(message=_xml(result.message), type=result.severity)
        words = (f"{result.severity}: {result.message}", result.value, result.sentence, result.found_by)
        said.text = _xml("\n".join(filter(None, words)))
    if not results:
        ET.SubElement(suite, "testcase", classname="kg validate", name=f"{checked} checked, all conform")
    ET.indent(suite)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(suite, encoding="unicode") + "\n"


def to_sarif(results: Sequence[Violation]) -> str:
    """SARIF 2.1.0: a rule for each shape, a result for each result, placed by focus node and article."""
    rules = sorted({result.shape or "shape" for result in results})
    found = [
        {
            "ruleId": result.shape or "shape",
            "level": _LEVELS.get(result.severity, "warning"),
            "message": {"text": ": ".join(filter(None, (result.message, result.value)))},
            "locations": [
                {
                    **({"physicalLocation": _placed(result)} if result.article else {}),
                    "logicalLocations": [{"fullyQualifiedName": result.focus}],
                }
            ],
            **({"properties": {"sentence": result.sentence, "foundBy": result.found_by}} if result.sentence else {}),
        }
        for result in results
    ]
    tool = {"driver": {"name": "kg validate", "version": VERSION, "rules": [{"id": rule} for rule in rules]}}
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    whole = {"$schema": schema, "version": "2.1.0", "runs": [{"tool": tool, "results": found}]}
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def _placed(result: Violation) -> dict[str, object]:
    """The article, and the span where one is known."""
    place: dict[str, object] = {"artifactLocation": {"uri": result.article}}
    if result.begin is not None and result.end is not None:
        place["region"] = {"charOffset": result.begin, "charLength": max(0, result.end - result.begin)}
    return place


def _iri(text: str) -> str | None:
    """The IRI behind a name as reports show it: whole, or by a known prefix; None where it is neither."""
    prefix, colon, local = text.partition(":")
    if not colon or any(c in '<>"{}|^`\\' or c <= " " for c in text):
        return None
    return _PREFIXES[prefix] + local if prefix in _PREFIXES else text if prefix in ("http", "https", "urn") else None


def _term(text: str) -> str:
    iri = _iri(text)
    return f"<{iri}>" if iri else json.dumps(text, ensure_ascii=False)


def _xml(text: str) -> str:
    return text.translate(_NOT_XML)
