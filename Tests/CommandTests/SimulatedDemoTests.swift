import Foundation
import Testing

/// `demo --stores simulated`: the whole job over BigQuery's emulator, simulators of Twenty and Supabase, and SQLite.
///
/// `Tests/Simulators/demo_table.py` does the same for 20 seeds of 10,000 contacts.
@Suite(.serialized, .timeLimit(.minutes(20))) struct SimulatedDemoTests {
    /// The repository, below which `make setup-test` has installed the emulator.
    private static let root = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL.path

    private static func folder() -> String {
        FileManager.default.temporaryDirectory.path + "/rollcall-demo-" + UUID().uuidString
    }

    /// What the demo prints as JSON, as far as it is asked for here.
    private struct Answer: Decodable {
        struct Repair: Decodable {
            let applied: [String: Int]
            let appliedAgain: [String: Int]
            let undone: [String: Int]
            let listed: [String: Int]
            let notRestored: [String]
            let unrepaired: [String]
            let problems: [String]
        }

        let stores: String
        let faults: Int
        let found: Int
        let falseAlarms: [String]
        let cleanVerdict: String
        let repair: Repair
    }

    @Test(arguments: [1, 2, 3])
    func `every fault is found and nothing else, and each step of the repair does what it must`(_ seed: Int)
        async throws
    {
        let folder = Self.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let run = try await Program.run(
            [
                "demo", folder, "--stores", "simulated", "--contacts", "300", "--seed", String(seed), "--format",
                "json",
            ],
            in: Self.root
        )
        #expect(run.exit == 0, "\(run.errors)")
        let answer = try JSONDecoder().decode(Answer.self, from: Data(run.output.utf8))
        #expect(answer.stores == "simulated")
        #expect(answer.cleanVerdict == "consistent")
        #expect(answer.faults > 240 && answer.found == answer.faults && answer.falseAlarms.isEmpty)
        let repair = answer.repair
        #expect(repair.problems.isEmpty && repair.unrepaired.isEmpty && repair.notRestored.isEmpty)
        let done = try #require(repair.applied["done"])
        #expect(done > 240 && repair.appliedAgain["already"] == done && repair.appliedAgain["done"] == nil)
        // Who was added to the CRM is marked as deleted there, and the undo says so.
        let listed = try #require(repair.listed["crm"])
        #expect(repair.listed.count == 1 && repair.undone == ["done": done - listed, "notRestored": listed])
        #expect(try addresses(folder).allSatisfy { !$0.isAnswered })
    }

    @Test func `the servers end with a program that is killed`() async throws {
        let folder = Self.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let child = try Child(
            Program.path,
            ["demo", folder, "--stores", "simulated", "--contacts", "5000"],
            in: Self.root
        )
        for _ in 0..<6000 where !FileManager.default.fileExists(atPath: folder + "/rollcall.yaml") {
            try await Task.sleep(for: .milliseconds(50))
        }
        let addresses = try addresses(folder)
        #expect(addresses.count == 3 && addresses.allSatisfy(\.isAnswered))
        kill(child.identifier, SIGKILL)
        for _ in 0..<1200 where addresses.contains(where: \.isAnswered) { try await Task.sleep(for: .milliseconds(50)) }
        #expect(addresses.allSatisfy { !$0.isAnswered })
    }

    @Test(arguments: [
        (["-u", "ROLLCALL_BIGQUERY_EMULATOR", "PATH=/nowhere"], "make setup-test"),
        (
            ["ROLLCALL_BIGQUERY_EMULATOR=/nowhere/local-bigquery"],
            "ROLLCALL_BIGQUERY_EMULATOR names /nowhere/local-bigquery"
        ),
    ])
    func `a missing emulator is said with what to do, and nothing is left running`(
        _ environment: [String],
        _ words: String
    ) async throws {
        let workspace = try Workspace()
        let command = environment + [Program.path, "demo", "sample", "--stores", "simulated", "--contacts", "5"]
        let run = try await Child("/usr/bin/env", command, in: workspace.path).result()
        #expect(run.exit == 5)
        #expect(run.errors.contains(words), "\(run.errors)")
        #expect(try workspace.names(in: "sample/servers").isEmpty)
    }

    /// Where a server listens.
    private struct Address {
        let port: UInt16

        /// Whether anybody takes a connection there.
        var isAnswered: Bool {
            let handle = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(handle) }
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = inet_addr("127.0.0.1")
            return withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(handle, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                }
            }
        }
    }

    private func addresses(_ folder: String) throws -> [Address] {
        let text = try String(contentsOfFile: folder + "/rollcall.yaml", encoding: .utf8)
        return text.matches(of: /http:\/\/127\.0\.0\.1:(\d+)/).compactMap { UInt16($0.1).map(Address.init) }
    }
}
