import Contacts
import Fingerprint
import Reconcile
import Repair
import Testing

/// Damaged values: no source, repaired where that is certain, else left to a person.
@Suite struct PlannerDamageTests {
    /// Finds job titles that contain a question mark; `?x` certainly was `x`, `x?` is lost.
    private final class QuestionMarks: RecordInspector {
        private let place: Int?

        init(_ layout: StoreLayout) { place = layout.index(of: "job_title") }

        func inspectContent(_ record: RecordView) -> [FieldDamage] {
            guard let place else { return [] }
            let text = Array(record.text(place))
            guard text.contains(UInt8(ascii: "?")) else { return [] }
            let isCertain = text.first == UInt8(ascii: "?")
            return [
                FieldDamage(
                    .corruptionEncoding,
                    field: "job_title",
                    "was lost",
                    text: text,
                    proposed: isCertain ? Array(text.dropFirst()) : nil
                )
            ]
        }

        func inspectRow(_ record: RecordView) -> [FieldDamage] { [] }
    }

    private let inspector: @Sendable (StoreLayout) -> any RecordInspector = { QuestionMarks($0) }

    private func stores(
        _ titles: [String],
        history: String? = nil,
        others: (inout PlannerStores) throws -> Void = { _ in }
    ) async throws -> PlannerStores {
        var stores = try PlannerStores(["crm", "app"])
        try stores.addEverywhere(["first_name": "Ada", "job_title": history ?? titles[0], "version": 3])
        if history != nil { try await stores.remember() }
        for (name, title) in zip(stores.names, titles) { try stores.set(name, "job_title = '\(title)'") }
        try others(&stores)
        return stores
    }

    @Test func `A certain repair is written where all are damaged alike`() async throws {
        let planned = try await stores(["?Boss", "?Boss", "?Boss"]).plan(inspector: inspector)
        #expect(
            planned.words == [
                "warehouse update job_title", "crm update job_title", "app update job_title",
            ]
        )
        #expect(planned.operations.allSatisfy { $0.fields["job_title"]?.to == .text("Boss") && $0.conflict == nil })
    }

    @Test func `A certain repair is written where the others hold what it was`() async throws {
        let planned = try await stores(["Boss", "?Boss", "Boss"], history: "Boss").plan(inspector: inspector)
        #expect(planned.words == ["crm update job_title"])
        #expect(planned.value("job_title", in: "crm") == .text("Boss"))
        let canonical = try await stores(["?Boss", "Boss", "Boss"], history: "Boss").plan(inspector: inspector)
        #expect(canonical.words == ["warehouse update job_title"])
        #expect(canonical.operation("warehouse")?.conflict == nil)
    }

    @Test func `A repair that another sound value speaks against is left with the majority's value`() async throws {
        let planned = try await stores(["Boss", "?Chief", "Boss"], history: "Boss").plan(inspector: inspector)
        #expect(planned.operations.isEmpty)
        #expect(planned.left == ["crm: job_title"])
        #expect(planned.manual.first?.proposed == ["job_title": .text("Boss")])
    }

    @Test func `A lost value is no source, and the rest of its record is no move`() async throws {
        let stores = try await stores(["Boss", "Bo?s", "Boss"], history: "Boss") { stores in
            try stores.set("app", "first_name = 'Eve', version = 4")
        }
        let planned = try await stores.plan(inspector: inspector)
        #expect(planned.words == ["warehouse update first_name version", "crm update first_name version"])
        #expect(planned.left == ["crm: job_title"])
        #expect(planned.manual.first?.proposed == ["job_title": .text("Boss")])
        // Without anybody who sees the damage both have moved, and the newer one wins the whole record.
        #expect(try await stores.plan().words.contains { $0.contains("crm update first_name job_title") })
    }

    @Test func `What canonical has lost goes nowhere, and nothing goes there`() async throws {
        let stores = try await stores(["Bo?s", "Boss", "Chief"], history: "Boss")
        try stores.remove("app")
        let planned = try await stores.plan(inspector: inspector)
        #expect(planned.words == ["app insert contact_id first_name version"])
        #expect(planned.left == ["warehouse: job_title"])
        #expect(planned.manual.first?.proposed == ["job_title": .text("Boss")])
    }

    @Test func `Damage that nobody asked to repair is only named where stores differ`() async throws {
        let alike = try await stores(["?Boss", "?Boss", "?Boss"]).plan(repairsDamage: false, inspector: inspector)
        #expect(alike.operations.isEmpty)
        #expect(alike.manual.isEmpty)
        let differing = try await stores(["Boss", "?Boss", "Boss"]).plan(repairsDamage: false, inspector: inspector)
        #expect(differing.operations.isEmpty)
        #expect(differing.left == ["crm: job_title"])
    }

    @Test func `What only the comparison shows gets what all others hold`() async throws {
        let stores = try await stores(["Manager", "Manag", "Manager"], history: "Manager")
        let planned = try await stores.plan(inspection: { _, _ in
            { difference in
                difference.stores.indices
                    .filter { difference.stores[$0].fields.contains("job_title") }
                    .map { ($0, FieldDamage(.corruptionTruncated, field: "job_title", "was cut off")) }
            }
        })
        #expect(planned.words == ["crm update job_title"])
        #expect(planned.value("job_title", in: "crm") == .text("Manager"))
        // Without it the store that was cut off has moved.
        #expect(try await stores.plan().words == ["warehouse update job_title", "app update job_title"])
    }
}
