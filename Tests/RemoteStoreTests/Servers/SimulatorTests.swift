import Foundation
import TestServers
import Testing

@Suite(.timeLimit(.minutes(20))) struct SimulatorTests {
    /// What a client that is not ours gets of an address.
    private func status(_ address: String) async throws -> String {
        let script = """
            import sys, urllib.error, urllib.request
            try:
                print(urllib.request.urlopen(sys.argv[1], timeout=20).status)
            except urllib.error.HTTPError as error:
                print(error.status)
            except OSError:
                print("nobody")
            """
        return try await TestProcess("python3", ["-c", script, address]).finish()
    }

    @Test("each is there when it is started, with a database of its own, and gone when it is stopped")
    func simulators() async throws {
        let starts: [@Sendable () async throws -> Simulator] = [
            { try await Simulator.twenty() }, { try await Simulator.postgrest() },
        ]
        for start in starts {
            let simulator = try await start()
            #expect(simulator.endpoint.wholeMatch(of: /http:\/\/127\.0\.0\.1:\d+/) != nil)
            #expect(try await Int(status(simulator.endpoint + "/rest/people").dropLast()) != nil)
            simulator.stop()
            #expect(try await status(simulator.endpoint) == "nobody\n")
        }
    }

    @Test("the proxy stands before a server, with the faults that it is given")
    func proxy() async throws {
        let server = try await Simulator.twenty()
        let plain = try await Simulator.faultProxy(to: server.endpoint)
        #expect(try await status(plain.endpoint + "/rest/people") == status(server.endpoint + "/rest/people"))
        let faults = ["limited-silently": 0.5, "unavailable": 0.5]
        let broken = try await Simulator.faultProxy(to: server.endpoint, faults: faults, seed: 3)
        var seen: Set<String> = []
        for number in 0..<12 { seen.insert(try await status("\(broken.endpoint)/\(number)")) }
        #expect(seen == ["429\n", "503\n"])
        withExtendedLifetime((server, plain, broken)) {}
    }

    @Test("an option that there is not is an error with what the script says")
    func options() async {
        let error = await #expect(throws: TestServerError.self) {
            _ = try await Simulator.faultProxy(to: "http://127.0.0.1:1", faults: ["nonsense": 1])
        }
        #expect(error?.description.contains("unrecognized arguments: --nonsense") == true)
    }
}
