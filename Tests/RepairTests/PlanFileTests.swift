import Contacts
import Foundation
import Repair
import TestSupport
import Testing

/// Plans on disk: whole, as they were made, and for their owner only.
@Suite struct PlanFileTests {
    private let folder: TemporaryFolder
    private var path: String { folder.url.appending(path: "plan.json").path }

    init() throws { folder = try TemporaryFolder() }

    private static func operation(_ contact: String, _ id: String = "a", to: RawValue = .text("x"))
        -> RepairPlan.Operation
    {
        RepairPlan.Operation(
            id: id,
            store: "crm",
            action: .update,
            contact: contact,
            locator: RepairPlan.Locator(key: .text("00\(contact)"), row: .integer(17)),
            guard: .exact,
            fields: ["job_title": RepairPlan.Change(from: .null, to: to)],
            expect: "xxh3-128:0",
            leave: nil,
            after: ["b"],
            because: ["f"],
            conflict: RepairPlan.Conflict(winner: "crm", loser: "app", fields: ["notes": .blob([0, 255])])
        )
    }

    private static func plan(_ operations: [RepairPlan.Operation] = [operation("7")]) -> RepairPlan {
        var counts = RepairPlan.Counts()
        counts.update = operations.count
        return RepairPlan(
            createdAt: Date(timeIntervalSince1970: 1_709_967_933.120_4),
            run: "r1",
            configuration: "sha256:c",
            roots: ["warehouse": "sha256:1", "crm": "sha256:2"],
            operations: operations,
            manual: [
                RepairPlan.Manual(
                    contact: "9",
                    stores: ["crm"],
                    why: "why",
                    fields: ["notes"],
                    proposed: ["notes": .real(1.5)]
                )
            ],
            summary: ["crm": counts]
        )
    }

    private func text() throws -> String { String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self) }

    private func code(_ body: () throws -> Void) -> RepairError.Code? {
        do {
            try body()
            return nil
        } catch { return (error as? RepairError)?.code }
    }

    @Test func `A plan comes back as it was sealed`() throws {
        let values: [RawValue] = [
            .null, .integer(.min), .real(0.1), .real(.infinity), .text("a\u{0}/\u{1F600}\""), .text([0xFF]),
            .blob([1, 2]),
            .json(Array(#"{"a": 1.50}"#.utf8)), .list([.text("a"), .integer(1)], primary: 1), .list([], primary: nil),
        ]
        let operations = values.enumerated().map { Self.operation("\($0)", "\($0)", to: $1) }
        let sealed = try PlanFile.sealed(Self.plan(operations))
        try PlanFile.write(sealed, to: path)
        #expect(try PlanFile.read(path: path) == sealed)
        #expect(sealed.createdAt == Date(timeIntervalSince1970: 1_709_967_933.120))
        #expect(try text().contains(#""createdAt":"2024-03-09T07:05:33.120Z""#))
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(try folder.names() == ["plan.json"])
    }

    @Test func `The id is of what is planned, the seal of all the rest`() throws {
        let first = try PlanFile.sealed(Self.plan())
        #expect(first.id.hasPrefix("sha256:"))
        var later = Self.plan()
        later.createdAt += 60
        later.run = "r2"
        let second = try PlanFile.sealed(later)
        #expect(second.id == first.id)
        #expect(second.seal != first.seal)
        for change: (inout RepairPlan) -> Void in [
            { $0.configuration = "sha256:d" }, { $0.roots["crm"] = "sha256:3" }, { $0.operations[0].expect = nil },
            { $0.manual[0].why = "other" }, { $0.manual = [] },
        ] {
            var plan = Self.plan()
            change(&plan)
            #expect(try PlanFile.sealed(plan).id != first.id)
        }
    }

    @Test func `Contacts are put in order, the operations of one stay in theirs`() throws {
        let operations = [Self.operation("9"), Self.operation("7", "z"), Self.operation("7", "a")]
        let sealed = try PlanFile.sealed(Self.plan(operations))
        #expect(sealed.operations.map(\.id) == ["z", "a", "a"])
        #expect(sealed.operations.map(\.contact) == ["7", "7", "9"])
        #expect(try PlanFile.sealed(Self.plan([operations[1], operations[2], operations[0]])).id == sealed.id)
    }

    @Test(arguments: [
        (#""to":"x""#, #""to":"y""#), (#""store":"crm""#, #""store":"app""#), (#""run":"r1""#, #""run":"r2""#),
        (#""after":["b"]"#, #""after":[]"#), ("2024-03-09", "2034-03-09"), (#""update":1"#, #""update":2"#),
    ])
    func `A plan that was edited is refused`(old: String, new: String) throws {
        try PlanFile.write(try PlanFile.sealed(Self.plan()), to: path)
        let edited = try text().replacingOccurrences(of: old, with: new)
        #expect(edited != (try text()))
        try Data(edited.utf8).write(to: URL(filePath: path))
        #expect(code { _ = try PlanFile.read(path: path) } == .edited)
    }

    @Test func `A plan that was cut off anywhere is none`() throws {
        try PlanFile.write(try PlanFile.sealed(Self.plan()), to: path)
        let whole = Data(try text().utf8)
        for count in stride(from: 0, to: whole.count - 2, by: 7) {
            try whole.prefix(count).write(to: URL(filePath: path))
            #expect(code { _ = try PlanFile.read(path: path) } == .notAPlan)
        }
    }

    @Test(arguments: [
        ("{}", RepairError.Code.notAPlan), ("no JSON", .notAPlan), (#"{"schema": "rollcall.report/1"}"#, .notAPlan),
        (#"{"schema": "rollcall.plan/1"}"#, .notAPlan), (#"{"schema": "rollcall.plan/2"}"#, .newer),
        (#"{"schema": "rollcall.plan/x"}"#, .notAPlan),
    ])
    func `What is no plan of this version is told apart`(content: String, expected: RepairError.Code) throws {
        try Data(content.utf8).write(to: URL(filePath: path))
        #expect(code { _ = try PlanFile.read(path: path) } == expected)
    }

    @Test func `A plan of a newer version is told even where it looks like one of this`() throws {
        try PlanFile.write(try PlanFile.sealed(Self.plan()), to: path)
        let newer = try text().replacingOccurrences(of: "rollcall.plan/1", with: "rollcall.plan/12")
        try Data(newer.utf8).write(to: URL(filePath: path))
        #expect(code { _ = try PlanFile.read(path: path) } == .newer)
    }

    @Test func `A file that is not there is none`() {
        #expect(code { _ = try PlanFile.read(path: path) } == .notAPlan)
    }

    @Test func `A plan is for its configuration and not for ever`() throws {
        let plan = try PlanFile.sealed(Self.plan())
        func check(_ configuration: String, after seconds: Double) -> RepairError.Code? {
            code {
                try PlanFile.check(
                    plan,
                    configuration: configuration,
                    maxAge: .seconds(3600),
                    now: plan.createdAt + seconds
                )
            }
        }
        #expect(check("sha256:c", after: 3600) == nil)
        #expect(check("sha256:c", after: 3601) == .tooOld)
        #expect(check("sha256:d", after: 0) == .otherConfiguration)
    }

    @Test func `What cannot be written leaves what was there`() throws {
        try PlanFile.write(try PlanFile.sealed(Self.plan()), to: path)
        #expect(throws: PlanFileError.self) { try PlanFile.write(Self.plan(), to: folder.url.path + "/no/plan.json") }
        #expect(throws: PlanFileError.self) { try PlanFile.write(Self.plan(), to: folder.url.path) }
        #expect(try folder.names() == ["plan.json"])
    }
}
