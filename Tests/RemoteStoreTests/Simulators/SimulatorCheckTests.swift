import TestServers
import Testing

/// The servers that stand for Supabase, Twenty and a bad line are themselves checked by clients that are not ours.
@Suite(.timeLimit(.minutes(20))) struct SimulatorCheckTests {
    @Test("a client that is not ours finds what it expects", arguments: ["postgrest", "twenty", "fault_proxy"])
    func check(name: String) async throws {
        let printed = try await Simulator.check(name)
        // One line for each check.
        #expect(printed.split(separator: "\n").count >= 5, "\(printed)")
    }

    @Test("a check that fails is a failure, and says what it printed")
    func failing() async {
        let error = await #expect(throws: TestServerError.self) { _ = try await Simulator.check("nothing") }
        #expect(error?.description.contains("check_nothing.py") == true)
    }
}
