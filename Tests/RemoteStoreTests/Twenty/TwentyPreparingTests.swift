import Contacts
import Stores
import Testing
import Transport

/// What a workspace needs to hold contacts, and making it.
@Suite(.timeLimit(.minutes(20))) struct TwentyPreparingTests {
    private func made(_ store: TwentyStore) async throws -> [String: StorePart.Outcome] {
        var outcomes: [String: StorePart.Outcome] = [:]
        for part in try await store.lacking(notify: { _ in }) {
            outcomes[part.name] = try await store.make(part, notify: { _ in })
        }
        return outcomes
    }

    @Test("the fields that are lacking are made with their types, once", arguments: ["legacy", "mixed", "direct"])
    func fields(shape: String) async throws {
        let bench = try await TwentyBench(["--metadata", shape], isPrepared: false)
        let store = try bench.store()
        let parts = try await store.lacking(notify: { _ in })
        #expect(parts.contains { $0.name == "contactId" && $0.statement.contains("TEXT") })
        #expect(
            !parts.contains {
                ["firstName", "lastName", "jobTitle", "emails", "phones", "createdAt"].contains($0.name)
            }
        )
        #expect(try await store.lacking(notify: { _ in }) == parts, "asking makes nothing")
        #expect(try await made(store).values.allSatisfy { $0 == .made })
        #expect(try await store.lacking(notify: { _ in }) == [])
        #expect(try await store.make(parts[0], notify: { _ in }) == .wasThere)
        let layout = try await bench.session(store) { $0.layout }
        #expect(layout.missing == [])
        func type(_ name: String) -> String? { layout.columns.first { $0.name == name }?.type }
        #expect(type("isMe") == "BOOLEAN" && type("birthday") == "DATE" && type("llmContext") == "RAW_JSON")
        #expect(type("version") == "NUMBER" && type("lastUpdated") == "DATE_TIME" && type("sourceSystems") == "ARRAY")
    }

    @Test("fields that the configuration has elsewhere, or not at all, are not made")
    func mapped() async throws {
        let bench = try await TwentyBench(isPrepared: false)
        let store = try bench.store { settings in
            settings.fields["notes"] = .notHeld
            settings.fields["title"] = .held(FieldOverride.Held(column: "salutation"))
        }
        let names = try await store.lacking(notify: { _ in }).map(\.name)
        #expect(!names.contains("notes") && !names.contains("title") && names.contains("nickname"))
    }

    @Test("a name that Twenty does not take is refused with advice, and the others are made")
    func refused() async throws {
        let bench = try await TwentyBench(["--reserved", "title"], isPrepared: false)
        let store = try bench.store()
        let outcomes = try await made(store)
        #expect(outcomes.filter { $0.value != .made }.keys.sorted() == ["title"])
        guard case .refused(let why) = outcomes["title"] else {
            Issue.record("title was not refused")
            return
        }
        #expect(why.contains("stores.crm.fields.title"))
        #expect(try await store.lacking(notify: { _ in }).map(\.name) == ["title"])
    }

    @Test("without the right to the data model nothing is made, and the error says what is needed")
    func denied() async throws {
        let bench = try await TwentyBench(["--no-data-model"], isPrepared: false)
        let error = await #expect(throws: StoreError.self) { _ = try await bench.store().lacking(notify: { _ in }) }
        #expect(error?.code == .denied)
    }
}
