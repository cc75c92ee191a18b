import Contacts
import Foundation
import Testing

@testable import Reporting

@Suite("plan.html")
struct PlanHTMLTests {
    private func page(_ plan: RepairPlan) throws -> String { try PlanHTML.render(plan, nonce: "n0nce") }

    @Test("whatever a name is, the page has the same markup as with a harmless one", arguments: HTMLReportTests.hostile)
    func hostile(name: String) throws {
        // Quoted for the shell and split at commas either way.
        PageMarkup.check(try page(SamplePlan.naming(name)), like: try page(SamplePlan.naming("zzz")))
    }

    @Test("nothing is loaded, and nothing runs but what carries the nonce")
    func policy() throws { PageMarkup.checkPolicy(try page(SamplePlan.full)) }

    @Test("no value is shown, but masks of both sides are, and how long they are where these are the same")
    func masks() throws {
        let page = try page(SamplePlan.full)
        for secret in SamplePlan.secrets { #expect(!page.contains(secret), "\(secret)") }
        for shown in [
            "E•••", "M•••", "a***@e***.com, g***@e***.com", "+1 ••• ••• ••23", "1815-••-••",
            "{…} 2 keys, differs at $.b",
            "≠ same mask, 10 characters and 9 characters", "false",
        ] {
            #expect(page.contains(shown), "\(shown)")
        }
    }

    @Test("a field is masked by its type in the schema that the plan was made with")
    func schema() throws {
        let schema = ContactSchema.standard.adding([FieldDefinition("vip", .phone, group: "more")])
        var plan = SamplePlan.full
        plan.operations[1].fields = ["vip": SamplePlan.change(.null, .text("+49 89 1234567"))]
        #expect(try PlanHTML.render(plan, schema: schema).contains("+49 ••• ••• ••67"))
        #expect(!(try PlanHTML.render(plan).contains("+49")))
    }

    @Test("fields stand in the schema's order; those without room are named, and so is what is overwritten")
    func fields() throws {
        let list = HTMLFieldList(.standard)
        func parts(_ operation: RepairPlan.Operation) throws -> (whole: String?, changes: [HTMLChange], more: String?) {
            guard case .changes(let whole, let changes, let more) = list.changes(operation) else { throw NoChanges() }
            return (whole, changes, more)
        }
        let insert = try parts(SamplePlan.full.operations[1])
        let shown = [
            "contact_id", "first_name", "last_name", "full_name", "notes", "birthday", "is_me", "emails", "phones",
            "vip",
        ]
        #expect(insert.changes.map(\.field) == shown && insert.changes.allSatisfy { !$0.isMove })
        #expect(insert.more == nil)
        var wide = SamplePlan.full.operations[1]
        for number in 10...50 { wide.fields["x\(number)"] = SamplePlan.change(.null, .integer(1)) }
        #expect(try parts(wide).changes.count == 40)
        #expect(try parts(wide).more == "and x40, x41, x42, x43, x44, x45, x46, x47, x48, x49, x50")
        #expect(try parts(SamplePlan.full.operations[2]).whole == "the whole record")
        #expect(try parts(SamplePlan.full.operations[3]).whole == "3 rows become one")
        let conflict = try parts(SamplePlan.full.operations[5])
        #expect(conflict.more == "overwrites a change of crm: notes" && conflict.changes.allSatisfy(\.isMove))
    }

    private struct NoChanges: Error {}

    @Test("a plan of nothing says so")
    func empty() throws {
        let page = try page(SamplePlan.empty)
        #expect(page.contains("There is nothing to repair.") && page.contains("class=\"band consistent\""))
        #expect(!page.contains("<table") && !page.contains("rollcall apply"))
    }

    @Test("of more than ten thousand operations and cases the first are held, and the page says so")
    func limits() throws {
        let fields = ["notes": SamplePlan.change(.text("a"), .text("b"))]
        var plan = SamplePlan.plan(
            (0..<10_001).map { SamplePlan.operation("o\($0)", "crm", .update, fields: fields) }
        )
        plan.manual = (0..<10_001).map { RepairPlan.Manual(contact: "m\($0)", stores: ["crm"], why: "both moved") }
        let page = try page(plan)
        #expect(page.contains("This page holds the first 10,000 operations of 10,001."))
        #expect(page.contains("This page holds the first 10,000 cases of 10,001."))
        #expect(page.contains(">o9999<") && !page.contains(">o10000<") && page.contains(">m9999<"))
        #expect(page.utf8.count < 15_000_000)
    }

    @Test(
        "long names do not make the page larger than 15 MB: fewer operations are held",
        arguments: ["<", "é", "\u{202E}"]
    )
    func size(letter: String) throws {
        let name = String(repeating: letter, count: 4000)
        let plan = SamplePlan.plan((0..<9000).map { SamplePlan.operation("\($0)\(name)", "crm", .delete, fields: [:]) })
        let page = try page(plan)
        #expect((11_000_000..<15_000_000).contains(page.utf8.count))
        #expect(page.contains("operations of 9,000. The plan holds all."))
    }

    // MARK: Masks of raw values

    @Test(
        "a raw value is masked whatever its spelling",
        arguments: [
            (.null, .text, nil), (.text(""), .text, "empty"), (.text("Ada Lovelace"), .text, "A••• L•••"),
            (.integer(42), .int, "4•••"), (.real(-1.5), .real, "-1•••"), (.integer(1), .bool, "true"),
            (.text("No"), .bool, "false"), (.text("maybe"), .bool, "•••"),
            (.text("1985-03-02 10:11"), .date, "1985-••-••"),
            (.text("--03-02"), .date, "--••-••"), (.integer(1_700_000_000), .timestamp, "•••"),
            (.text("2024-01-02T03:04:05Z"), .timestamp, "2024-••-••"),
            (.text(" Ada@Example.COM "), .email, "a***@e***.com"),
            (.text("+1 (415) 555-0123"), .phone, "+1 ••• ••• ••23"), (.text("(415) 555-0123"), .phone, "•••"),
            (.integer(4_155_550_123), .phone, "•••"), (.blob([1, 2, 3]), .text, "bytes (3)"),
            (.text("a@b.com;c@d.org"), .set(of: .email), "a***@b***.com, c***@d***.org"),
            (.text(" [\"a@b.com\"]"), .set(of: .email), "a***@b***.com"), (.text(""), .set(of: .email), "empty"),
            (.text("[{\"value\": \"x\"}]"), .set(of: .email), "[…] 1 item"),
            (.list([], primary: nil), .set(of: .phone), "empty"),
            (.list((0..<7).map { .text("m\($0)") }, primary: 1), .set(of: .text), "m•••, m•••, m•••, m•••, m•••, +2"),
            (.json(Array("\"Ada\"".utf8)), .text, "A•••"), (.json(Array("{ \"k\": 1 }".utf8)), .json, "{…} 1 key"),
            (.text("{ \"k\": [1, 2] }"), .json, "{…} 1 key"), (.text("{broken"), .json, "JSON (7 characters)"),
            (.text([0xFF, 0xFE]), .text, "•••"),
        ] as [(RawValue, FieldType, String?)]
    )
    func rawMask(value: RawValue, type: FieldType, expected: String?) {
        #expect(RawMask.mask(value, type: type) == expected)
    }

    @Test("values that are the same to the byte are not said to differ")
    func same() {
        let value = RawValue.text("Ada")
        let equal = HTMLChange("notes", SamplePlan.change(value, value), type: .text, isInsert: false)
        #expect(equal.same == nil && equal.from == "A•••")
        let other = HTMLChange("notes", SamplePlan.change(value, .text("Ann")), type: .text, isInsert: false)
        #expect(other.same == "≠ same mask, values differ")
        let gone = HTMLChange("notes", SamplePlan.change(value, .null), type: .text, isInsert: false)
        #expect(gone.same == nil && gone.to == nil)
    }
}
