import Foundation
import Testing

/// A JUnit file as a parser that is not ours reads it, checked against what Jenkins' xunit plugin, GitLab and GitHub's
/// actions take: elements, attributes, counts and names that are there once.
struct JUnitDocument: Decodable {
    struct Suite: Decodable {
        let name: String
        let skipped: Int
        let time: String
        let timestamp: String
        let properties: [String: String]
        let cases: [Case]
    }

    struct Case: Decodable {
        let classname: String
        let name: String
        let time: String
        /// `passed`, or the element that says otherwise.
        let result: String
        let message: String
        let type: String
        let text: String
        let output: String
    }

    let attributes: [String: String]
    let suites: [Suite]
    /// The names of all elements, in document order.
    let elements: [String]
    /// What is not as it has to be.
    let faults: [String]

    init(_ data: Data) throws {
        let result = try Tool.run(["python3", "-c", Self.reader], input: data)
        try #require(result.status == 0, "python3 could not read it: \(result.output)")
        self = try JSONDecoder().decode(Self.self, from: Data(result.output.utf8))
    }

    private static let reader = #"""
        import json, re, sys
        import xml.etree.ElementTree as tree

        root = tree.fromstring(sys.stdin.buffer.read())
        faults = []
        # Attributes that must be there, others that may be, and children.
        dialect = {
            "testsuites": ("", "name time tests failures errors", "testsuite"),
            "testsuite": ("name tests failures errors", "skipped time timestamp", "properties testcase"),
            "properties": ("", "", "property"),
            "property": ("name value", "", ""),
            "testcase": ("name classname time", "", "skipped error failure system-out"),
            "skipped": ("message", "", ""),
            "error": ("message type", "", ""),
            "failure": ("message type", "", ""),
            "system-out": ("", "", ""),
        }
        for element in root.iter():
            must, may, children = (set(words.split()) for words in dialect.get(element.tag, ("", "", "")))
            if element.tag not in dialect or not must <= set(element.keys()) <= must | may:
                faults.append(f"{element.tag}: {sorted(element.keys())}")
            faults += [f"{element.tag} holds {child.tag}" for child in element if child.tag not in children]
            if children and "".join([element.text or ""] + [child.tail or "" for child in element]).strip():
                faults.append(f"{element.tag} holds text")
            if "time" in element.keys() and not re.fullmatch(r"[0-9]+\.[0-9]{3}", element.get("time")):
                faults.append(f"time {element.get('time')}")

        def read(case):
            verdicts = [child for child in case if child.tag != "system-out"]
            outputs = case.findall("system-out")
            if len(verdicts) > 1 or len(outputs) > 1: faults.append(f"{case.get('name')} has several results")
            verdict = verdicts[0] if verdicts else None
            return {
                "classname": case.get("classname"), "name": case.get("name"), "time": case.get("time"),
                "result": "passed" if verdict is None else verdict.tag,
                "message": "" if verdict is None else verdict.get("message"),
                "type": "" if verdict is None else verdict.get("type", ""),
                "text": "" if verdict is None else verdict.text or "",
                "output": outputs[0].text if outputs else "",
            }

        suites = []
        for suite in root:
            cases = [read(case) for case in suite.findall("testcase")]
            for name, result in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
                if int(suite.get(name)) != sum(case["result"] == result for case in cases): faults.append(f"{name}")
            if int(suite.get("tests")) != len(cases): faults.append("tests")
            suites.append({
                "name": suite.get("name"), "skipped": int(suite.get("skipped")), "time": suite.get("time"),
                "timestamp": suite.get("timestamp"), "cases": cases,
                "properties": {item.get("name"): item.get("value") for item in suite.iter("property")},
            })
        for name in ("tests", "failures", "errors"):
            if int(root.get(name)) != sum(int(suite.get(name)) for suite in root): faults.append(f"all {name}")
        names = [(case["classname"], case["name"]) for suite in suites for case in suite["cases"]]
        if len(set(names)) != len(names): faults.append("a name is there twice")
        json.dump({
            "attributes": root.attrib, "suites": suites, "faults": faults,
            "elements": [element.tag for element in root.iter()],
        }, sys.stdout)
        """#
}
