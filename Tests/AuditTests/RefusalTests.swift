import Audit
import Contacts
import Testing

/// What a store refused is not planned again until a side changes.
@Suite struct RefusalTests {
    /// The nickname of contact 3 as an application has it, the newest of all.
    private static func rename(to nickname: String, version: Int, _ audit: SmallAudit) throws {
        try audit.execute(
            """
            UPDATE contacts_master SET nickname = '\(nickname)', version = \(version), last_updated = '2024-02-01T00:00:00Z'
            WHERE contact_id = '3'
            """,
            in: "app"
        )
    }

    @Test func `what a store refused, and what comes behind it, is left to a person until a side changes`()
        async throws
    {
        try await SmallAudit.with { audit in
            try audit.execute("CREATE UNIQUE INDEX one_each ON contacts_master (nickname)", in: "warehouse")
            try Self.rename(to: "P4", version: 6, audit)
            let words = ["warehouse update 3", "local update 3"]
            let first = try await audit.plan().plan
            #expect(first.words == words)
            let refused = try await audit.apply(first)
            #expect(refused.count(.unrepresentable) == 1 && refused.count(.failed) == 1)

            let second = try await audit.plan()
            #expect(second.plan.operations == [] && second.exit == 1)
            #expect(second.plan.manual.map(\.stores) == [["warehouse"], ["local"]])
            let why = try #require(Set(second.plan.manual.map(\.why)).first)
            #expect(second.plan.manual.map(\.why) == [why, why])
            #expect(why.hasPrefix("warehouse refused it before: "))
            #expect(why.hasSuffix("; --retry-refused tries it again") && !why.contains("P4"))
            #expect(try await audit.plan { $0.retriesRefused = true }.plan.operations == first.operations)

            try Self.rename(to: "Trey", version: 7, audit)
            let third = try await audit.plan().plan
            #expect(third.words == words)
            #expect(try await audit.apply(third).count(.done) == 2)
            #expect(try await audit.run().findings == [])
        }
    }

    @Test func `what was carried out since is no refusal`() async throws {
        try await SmallAudit.with { audit in
            try audit.execute("CREATE UNIQUE INDEX one_each ON contacts_master (nickname)", in: "warehouse")
            try Self.rename(to: "P4", version: 6, audit)
            let plan = try await audit.plan().plan
            #expect(try await audit.apply(plan).count(.unrepresentable) == 1)
            try audit.execute("DROP INDEX one_each", in: "warehouse")
            let retry = try await audit.plan { $0.retriesRefused = true }.plan
            let done = try await audit.apply(retry)
            #expect(done.count(.done) == 2)
            #expect(try await audit.undo(done.run.id).count(.done) == 2)
            #expect(try await audit.plan().plan.operations == plan.operations)
        }
    }
}
