import Contacts
import Foundation
import Reporting
import Testing

/// Checks files against our schemas with a validator that is not ours: Python's jsonschema (package python3-jsonschema).
@Suite("JSON Schemas of our files")
struct SchemaDocumentTests {
    private static let validator = """
        import json, sys
        from jsonschema import Draft202012Validator
        schema, documents = json.load(sys.stdin)
        Draft202012Validator.check_schema(schema)
        validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
        for document in documents:
            errors = sorted(validator.iter_errors(document), key=lambda e: e.json_path)
            print("; ".join(f"{e.json_path}: {e.message[:80]}" for e in errors) or "valid")
        """

    /// What the validator says of each document, a line each.
    static func verdicts(_ schema: SchemaDocument, _ documents: [String]) throws -> [String] {
        let input = "[\(schema.text), [\(documents.joined(separator: ","))]]"
        let result = try Tool.run(["python3", "-c", validator], input: Data(input.utf8))
        try #require(result.status == 0, "python3 with jsonschema is needed: \(result.output)")
        return result.output.split(separator: "\n").map(String.init)
    }

    @Test("every report that we write is valid")
    func reports() throws {
        var cut = SampleReport.small
        cut.truncated = AuditReport.Truncation(findings: 20_000, file: "report.json.findings.ndjson")
        cut.findings[0].score = 0.5
        cut.findings[0].repair = nil
        var many = SampleReport.full
        many.groups = (0..<AuditReport.groupLimit).map { _ in SampleReport.full.groups[0] }
        many.trend = (0..<AuditReport.trendLimit).map { _ in SampleReport.full.trend[1] }
        many.coverage.checked.append(AuditReport.Checked(rule: .waiverExpired, store: nil, warnings: 1))
        let reports = [SampleReport.small, SampleReport.full, SampleReport.calm, cut, many]
        let texts = try reports.map { String(decoding: try JSONReport.encode($0), as: UTF8.self) }
        #expect(try Self.verdicts(.report, texts) == reports.map { _ in "valid" })
    }

    @Test(
        "a report of another shape is not",
        arguments: [
            ("\"complete\" : true", "\"complete\" : \"yes\""), ("\"verb\" :", "\"word\" :"), ("sha256:3f", "sha256:3F"),
            ("\"state\" : \"healed\"", "\"state\" : \"well\""), ("\"exit\" : 1", "\"exit\" : 6"),
            ("\"equal\" :", "\"extra\" : 1, \"equal\" :"), ("07:15:33.123Z", "07:15:33Z"), ("report/1", "report/2"),
            ("\"new\" : 12", "\"old\" : 12"),
            ("\"findings\" : 2,", "\"findings\" : 1,"), ("\"label\" : \"1 to 10\"", "\"label\" : 10"),
            ("\"drift.field\" : 2,", "\"drift.field\" : 0,"), ("\"unchecked\" : 1", "\"unchecked\" : -1"),
            ("\"proposed\" : \"j***@e***.com\"", "\"proposed\" : null"), ("\"byKey\" :", "\"byRow\" :"),
        ]
    )
    func otherShapes(old: String, new: String) throws {
        let text = String(decoding: try JSONReport.encode(SampleReport.full), as: UTF8.self)
        let changed = text.replacing(old, with: new)
        try #require(changed != text)
        #expect(try Self.verdicts(.report, [changed]) != ["valid"])
    }

    @Test("configurations: the smallest, a full one, and mistakes")
    func configurations() throws {
        let small = #"{"version":1,"canonical":"a","stores":{"a":{"kind":"sqlite","path":"a.db"}}}"#
        let full = """
            {"version":1,"canonical":"a","rules":"rules","reports":"reports","state":".rollcall","phoneRegion":"US",
             "stores":{"a":{"kind":"sqlite","path":"a.db","table":"t","identifiers":null,"snapshot":"copy","timeout":"60s",
              "fields":{"full_name":"display_name","apple_link_id":null,"emails":{"column":"mail","separator":","},
                        "last_updated":{"column":"ts","precision":"ms","unit":"s"},"phones":{"holds":"one"}}}},
             "fields":{"organization":{"policy":["trim","fold"],"repair":"manual"},"vip":{"type":"bool"}},
             "recheck":{"delay":"2s","lag":"10m","max":100000},"limits":{"memory":"512MiB","maxChange":"5%"},
             "gate":{"maxFindings":{"drift.field":0,"a":{"drift.field":3}},"fullAuditWithin":"7d"},
             "retention":"90d","historyKey":"${ROLLCALL_HISTORY_KEY}"}
            """
        #expect(try Self.verdicts(.config, [small, full]) == ["valid", "valid"])
        let mistakes = [
            small.replacing("path", with: "pth"), small.replacing("sqlite", with: "mysql"),
            small.replacing("\"version\":1,", with: ""), full.replacing("\"60s\"", with: "60"),
            full.replacing("\"one\"", with: "\"two\""),
            full.replacing("\"drift.field\":3", with: "\"drift.field\":\"3\""),
            full.replacing("\"bool\"", with: "\"boolean\""),
        ]
        #expect(try Self.verdicts(.config, mistakes).filter { $0 == "valid" } == [])
    }
}
