import Contacts
import Foundation
import Testing

@testable import Reporting

@Suite("JSON Schemas of plans and applies")
struct PlanSchemaTests {
    /// A plan as JSON; dates as all our files have them.
    private func text(_ plan: RepairPlan) throws -> String {
        String(decoding: try JSONReport.encoder([.prettyPrinted, .sortedKeys]).encode(plan), as: UTF8.self)
    }

    private func text(_ report: ApplyReport) throws -> String {
        String(decoding: try JSONReport.encode(report), as: UTF8.self)
    }

    /// Values of every kind that a store may hold.
    private static let values: RepairPlan = {
        var plan = SamplePlan.full
        let values: [RawValue] = [
            .null, .integer(.min), .real(0.5), .real(2), .real(.infinity), .real(-.infinity), .real(.nan), .text("é"),
            .text([0xFF]), .blob([0, 255]), .json(Array("{}".utf8)), .json([0xFF]), .list([], primary: nil),
            .list([.text("a"), .null, .list([.real(1)], primary: 0)], primary: 1),
        ]
        for (number, value) in values.enumerated() {
            plan.operations[0].fields["f\(number)"] = RepairPlan.Change(from: value, to: .null)
            plan.manual[0].proposed["f\(number)"] = value
        }
        plan.operations[0].locator = RepairPlan.Locator(key: nil, row: .text("a=b"))
        return plan
    }()

    @Test("every plan that we write is valid")
    func plans() throws {
        let plans = [SamplePlan.full, SamplePlan.empty, SamplePlan.naming("<é\u{1}>"), Self.values]
        #expect(try SchemaDocumentTests.verdicts(.plan, plans.map(text)) == plans.map { _ in "valid" })
    }

    @Test("a plan comes back as it was")
    func roundTrip() throws {
        var plan = Self.values
        // What is no number equals nothing, itself included.
        plan.operations[0].fields["f6"] = nil
        plan.manual[0].proposed["f6"] = nil
        // Bytes that are no JSON text come back as a text.
        plan.operations[0].fields["f11"] = nil
        plan.manual[0].proposed["f11"] = nil
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            try #require(UTCTime.date(decoder.singleValueContainer().decode(String.self)))
        }
        #expect(try decoder.decode(RepairPlan.self, from: Data(text(plan).utf8)) == plan)
    }

    @Test(
        "a plan of another shape is not",
        arguments: [
            ("\"others\" :", "\"rest\" :"), ("\"action\" : \"insert\"", "\"action\" : \"update\""),
            ("\"action\" : \"delete\"", "\"action\" : \"insert\""),
            ("\"action\" : \"link\"", "\"action\" : \"manual\""),
            ("\"guard\" : \"window\"", "\"guard\" : null"), ("\"winner\" :", "\"by\" :"), ("plan\\/1", "plan\\/2"),
            ("\"real\" :", "\"double\" :"), ("\"primary\" : 0", "\"primary\" : -1"),
            ("\"insert\" : 1", "\"insert\" : -1"),
            ("\"proposed\" :", "\"offered\" :"), ("07:15:33.123Z", "07:15:33Z"), ("\"row\" : \"7\"", "\"row\" : 7"),
        ]
    )
    func otherPlans(old: String, new: String) throws {
        let text = try text(Self.values)
        let changed = text.replacing(old, with: new)
        try #require(changed != text)
        #expect(try SchemaDocumentTests.verdicts(.plan, [changed]) != ["valid"])
    }

    @Test("every report of an apply or undo that we write is valid")
    func applies() throws {
        var dry = SamplePlan.undone
        dry.isDryRun = true
        dry.run.chain = 0
        var failed = SamplePlan.undone
        failed.add(SamplePlan.entry("1", .notRestored))
        let reports = [SamplePlan.applied, SamplePlan.undone, dry, failed]
        #expect(try SchemaDocumentTests.verdicts(.apply, reports.map(text)) == reports.map { _ in "valid" })
    }

    @Test("a report of an apply comes back as it was, and holds null where it has nothing")
    func applyRoundTrip() throws {
        let text = try text(SamplePlan.applied)
        #expect(text.hasSuffix("}\n") && text.contains("\"undoes\" : null"))
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            try #require(UTCTime.date(decoder.singleValueContainer().decode(String.self)))
        }
        #expect(try decoder.decode(ApplyReport.self, from: Data(text.utf8)) == SamplePlan.applied)
    }

    @Test(
        "a report of another shape is not",
        arguments: [
            ("apply/1", "apply/2"), ("\"verb\" : \"apply\"", "\"verb\" : \"audit\""),
            ("\"verb\" : \"apply\"", "\"verb\" : \"undo\""), ("\"outcome\" : \"superseded\"", "\"outcome\" : \"done\""),
            ("\"isResumed\" : true", "\"isResumed\" : 1"), ("\"already\" : 1", "\"other\" : 1"),
            ("\"truncated\" : 0", "\"truncated\" : null"), ("\"crm\" : \"exact\"", "\"crm\" : \"sure\""),
            ("\"manual\" : 2", "\"left\" : 2"),
        ]
    )
    func otherApplies(old: String, new: String) throws {
        let text = try text(SamplePlan.applied)
        let changed = text.replacing(old, with: new)
        try #require(changed != text)
        #expect(try SchemaDocumentTests.verdicts(.apply, [changed]) != ["valid"])
    }
}
