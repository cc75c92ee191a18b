import Contacts
import StoreConformance
import Stores
import TestServers
import Testing

/// Errors say what to do, and tell nothing that is nobody's business.
@Suite(.timeLimit(.minutes(20))) struct SupabaseErrorTests {
    @Test("a wrong key")
    func wrongKey() async throws {
        let bench = try await SupabaseBench()
        let error = try await bench.store(key: "sb_secret_expired").failure()
        #expect(error.code == .credentials)
        #expect(error.message.contains("stores.app.serviceKey"))
        #expect(!error.message.contains("sb_secret"))
    }

    @Test("a table and a schema that are not there")
    func missing() async throws {
        let bench = try await SupabaseBench()
        let table = try await bench.store { $0.tables.table = "people" }.failure()
        #expect(table.code == .noTable)
        #expect(table.message.contains("public.people") && table.message.contains("contacts_master"))
        let schema = try await bench.store { $0.schema = "private" }.failure()
        #expect(schema.code == .noTable)
        #expect(schema.message.contains("stores.app.schema"))
        let child = try await bench.store { $0.tables.identifiers = .table("mails") }.failure()
        #expect(child.code == .noTable)
        #expect(child.message.contains("stores.app.identifiers"))
    }

    @Test("a column without a right")
    func missingRight() async throws {
        let bench = try await SupabaseBench(.usual, ["--deny", "contacts_master.notes"])
        let error = try await bench.store().failure()
        #expect(error.code == .denied)
        #expect(error.message.contains("public.contacts_master"))
        // What is not read needs no right.
        let (records, _) = try await bench.store { $0.tables.fields["notes"] = .notHeld }.readThrough()
        #expect(records.isEmpty)
    }

    @Test("a column that was renamed is missing in the layout")
    func renamed() async throws {
        let bench = try await SupabaseBench()
        let store = try bench.store { $0.tables.fields["nickname"] = .held(.init(column: "nick")) }
        #expect(try await store.open(notify: { _ in }).layout.missing == ["nickname"])
        let key = try bench.store { $0.tables.fields["contact_id"] = .held(.init(column: "id")) }
        #expect(try await key.failure().code == .noKey)
    }

    @Test("nobody at the address")
    func unreachable() async throws {
        let bench = try await SupabaseBench()
        let error = try await bench.store(endpoint: "http://127.0.0.1:1").failure()
        #expect(error.code == .unreachable)
    }

    @Test("no PostgREST at the address")
    func elsewhere() async throws {
        let bench = try await SupabaseBench()
        let error = try await bench.store(endpoint: bench.simulator.endpoint + "/nothing").failure()
        #expect(error.code == .protocolViolation)
        #expect(error.message.contains("stores.app.url"))
    }

    @Test("a key that may not write")
    func readOnly() async throws {
        let bench = try await SupabaseBench(.usual, ["--read-only"])
        await #expect(throws: StoreError.self) { _ = try await bench.store().openForWriting(notify: { _ in }) }
    }

    @Test("a line that fails now and then loses and doubles nothing", arguments: 1...4)
    func faults(seed: Int) async throws {
        let contacts = (0..<400).map { LogicalContact(key: String($0)) }
        let bench = try await SupabaseShape.usual.bench(contacts, ["--max-rows", "30"])
        let proxy = try await Simulator.faultProxy(
            to: bench.simulator.endpoint,
            faults: [
                "limited-silently": 0.05, "error": 0.05, "unavailable": 0.05, "reset-after": 0.05, "truncated": 0.05,
            ],
            seed: seed
        )
        let (records, proof) = try await bench.store(endpoint: proxy.endpoint).readThrough()
        proxy.stop()
        #expect(Set(records.map(\.row)).count == 400)
        #expect(proof.rows == 400)
    }
}
