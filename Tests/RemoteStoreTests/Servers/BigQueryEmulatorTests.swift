import TestServers
import Testing

@Suite(.timeLimit(.minutes(20))) struct BigQueryEmulatorTests {
    @Test("each dataset is new, and Google's own client reads what is in it")
    func datasets() async throws {
        let emulator = try await BigQueryEmulator.shared()
        let first = try await emulator.dataset()
        let second = try await emulator.dataset()
        #expect(first != second)
        let table = "`\(emulator.project).\(first).t`"
        #expect(try await emulator.rows(of: "CREATE TABLE \(table) (n INT64, x STRING, d DATE)") == [])
        #expect(
            try await emulator.rows(of: "INSERT INTO \(table) VALUES (1, 'é', '2024-02-29'), (2, NULL, NULL)") == []
        )
        #expect(
            try await emulator.rows(of: "SELECT x, n, d FROM \(table) ORDER BY n") == [
                #"{"d": "2024-02-29", "n": 1, "x": "\u00e9"}"#, #"{"d": null, "n": 2, "x": null}"#,
            ]
        )
        await #expect(throws: TestServerError.self) {
            try await emulator.rows(of: "SELECT * FROM `\(emulator.project).\(second).t`")
        }
    }
}
