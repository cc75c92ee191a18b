import Contacts
import Safety
import Testing

@Suite("The check of the error log")
struct ErrorReporterCheckTests {
    private func check(_ bench: SafetyBench) async throws -> SafetyReport.Check {
        try await SafetyBench.outcome(ErrorReporterCheck(ledger: bench.ledger, now: { SafetyBench.now }))
    }

    @Test("a sound log passes and holds no canary afterwards")
    func sound() async throws {
        let bench = try await SafetyBench()
        let check = try await check(bench)
        #expect(check.status == .pass && check.evidence.count == 3, "\(check)")
        #expect(try bench.count("sync_errors_log") == 0)
    }

    @Test(
        "a log that loses, changes or keeps open what is written fails",
        arguments: [
            "DROP TABLE sync_errors_log", "ALTER TABLE sync_errors_log RENAME COLUMN code TO number",
            "CREATE TRIGGER t BEFORE INSERT ON sync_errors_log BEGIN SELECT RAISE(IGNORE); END",
            "CREATE TRIGGER t AFTER INSERT ON sync_errors_log BEGIN DELETE FROM sync_errors_log; END",
            "CREATE TRIGGER t AFTER INSERT ON sync_errors_log BEGIN UPDATE sync_errors_log SET error_type = 'sync'; END",
            "CREATE TRIGGER t AFTER INSERT ON sync_errors_log BEGIN UPDATE sync_errors_log SET message = 'x'; END",
            """
            CREATE TRIGGER t AFTER UPDATE OF resolved_at ON sync_errors_log WHEN NEW.resolved_at IS NOT NULL
            BEGIN UPDATE sync_errors_log SET resolved_at = NULL WHERE id = NEW.id; END
            """,
            "CREATE TRIGGER t BEFORE DELETE ON sync_errors_log BEGIN SELECT RAISE(IGNORE); END",
        ]
    )
    func broken(sql: String) async throws {
        let bench = try await SafetyBench()
        try bench.execute(sql, in: "ledger")
        let check = try await check(bench)
        #expect(check.status == .fail && check.advice != nil, "\(check)")
    }
}
