import Contacts
import Ledger
import Safety
import Testing

@Suite("The check of the change log")
struct ChangeLogCheckTests {
    private func check(_ bench: SafetyBench) async throws -> SafetyReport.Check {
        try await SafetyBench.outcome(ChangeLogCheck(ledger: bench.ledger, now: { SafetyBench.now }))
    }

    @Test("a sound log passes; what waits in it is as before, and no canary is left")
    func sound() async throws {
        let bench = try await SafetyBench()
        let event = ChangeEvent(
            id: "e",
            source: "crm",
            contact: "7",
            row: nil,
            change: .insert,
            origin: .polling,
            at: SafetyBench.now,
            createdAt: SafetyBench.now
        )
        _ = try bench.ledger.log([event])
        let check = try await check(bench)
        #expect(check.status == .pass && check.evidence.allSatisfy { $0.source == .live }, "\(check)")
        #expect(try bench.ledger.pendingChanges(limit: 10) == [event])
        #expect(try bench.count("sync_change_log") == 1 && bench.count("sync_processed_events") == 0)
    }

    @Test(
        "a log that lacks a table or column, loses, repeats or never ends an event fails",
        arguments: [
            "DROP TABLE sync_processed_events", "ALTER TABLE sync_change_log RENAME COLUMN metadata TO meta",
            "ALTER TABLE sync_conflicts RENAME COLUMN loser TO lost",
            "CREATE TRIGGER t BEFORE INSERT ON sync_change_log BEGIN SELECT RAISE(IGNORE); END",
            "CREATE TRIGGER t AFTER INSERT ON sync_change_log BEGIN DELETE FROM sync_change_log; END",
            "CREATE TRIGGER t AFTER INSERT ON sync_change_log BEGIN UPDATE sync_change_log SET source = 'x'; END",
            """
            CREATE TRIGGER t AFTER UPDATE OF processed ON sync_change_log WHEN NEW.processed
            BEGIN UPDATE sync_change_log SET processed = 0 WHERE sequence = NEW.sequence; END
            """,
            "CREATE TRIGGER t BEFORE INSERT ON sync_processed_events BEGIN SELECT RAISE(IGNORE); END",
            "CREATE TRIGGER t AFTER INSERT ON sync_processed_events BEGIN UPDATE sync_processed_events SET status = 'dead'; END",
            """
            CREATE TABLE other (event_id, destination, processed_at, status, error_message);
            DROP TABLE sync_processed_events;
            ALTER TABLE other RENAME TO sync_processed_events
            """,
        ]
    )
    func broken(sql: String) async throws {
        let bench = try await SafetyBench()
        try bench.execute(sql, in: "ledger")
        let check = try await check(bench)
        #expect(check.status == .fail && check.advice != nil, "\(check)")
    }
}
