import Foundation
import GRDB
import TestServers
import TestSupport
import Testing

/// `rollcall sync`, run as people run it.
@Suite(.timeLimit(.minutes(20))) struct SyncCommandTests {
    /// Asks until a condition holds, for longer than any machine is that busy.
    private func comes(_ condition: () throws -> Bool) async throws -> Bool {
        for _ in 0..<30_000 {
            do {
                if try condition() { return true }
            } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
                // It is being written.
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        return false
    }

    /// Changes a store as an application does: again, where the service is reading or writing it.
    private func change(_ workspace: Workspace, _ store: String, _ sql: String) async throws {
        #expect(
            try await comes {
                do {
                    try workspace.execute(store, sql)
                    return true
                } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
                    return false
                }
            }
        )
    }

    /// The objects of a log, one a line.
    private func log(_ text: String) throws -> [[String: String]] {
        try text.split(separator: "\n").filter { $0.hasPrefix("{") }
            .map { try JSONDecoder().decode([String: String].self, from: Data($0.utf8)) }
    }

    @Test func onceMakesTheStoresEqual() async throws {
        let workspace = try await Workspace.drifted(Workspace.rename(2, "Bea"))
        let first = try await workspace.run("sync", "--once", "--quiet")
        #expect(first.exit == 0, "\(first.errors)")
        #expect(try workspace.value("a", 2) == "Bea")
        #expect(try workspace.rows("a") == workspace.rows("b"))
        let rows = try workspace.rows("a")
        #expect(try await workspace.run("sync", "--once").output == "0 operations done\n")
        #expect(try workspace.rows("a") == rows)
        let history = try WrittenRun.all(try await workspace.run("history", "--format", "json").output)
        #expect(history.map(\.verb) == ["sync", "check", "sync", "sync", "check", "audit"])
    }

    @Test func whatIsLeftToAPersonIsSaid() async throws {
        let workspace = try await Workspace.drifted("DELETE FROM contacts_master WHERE contact_id = '1'")
        try workspace.execute("a", "DELETE FROM contacts_master WHERE contact_id = '2'")
        // The check's canary takes a number, too.
        let result = try await workspace.run("sync", "--once", "--quiet", "--skip-check")
        #expect(result.exit == 1, "\(result.errors)")
        // The one is inserted again, the deletion of the other waits for a person.
        #expect(try workspace.value("b", 1) == "Name 1")
        #expect(try workspace.value("b", 2) == "Name 2")
        let errors = try await workspace.run("errors", "--format", "json")
        #expect(errors.output.contains("\"code\" : \"manual\""))
        #expect(errors.output.contains("\"contact\" : \"2\""))
        #expect(try await workspace.run("errors", "resolve", "1").output == "error 1 is resolved\n")
        #expect(try await workspace.run("errors").output == "no open errors\n")
        #expect(try await workspace.run("errors", "resolve", "7").exit == 2)
    }

    @Test func theServiceCarriesChangesUntilItIsStopped() async throws {
        let workspace = try await Workspace.drifted()
        let service = try workspace.start("sync", "--no-events", "--interval", "1s")
        #expect(try await service.says("all stores read"))
        // Another one would not know what this one does.
        let second = try await workspace.run("sync", "--once")
        #expect(second.exit == 5)
        #expect(second.errors.contains("sync.lock is held by process \(service.identifier)"))
        try await change(workspace, "b", Workspace.rename(2, "Bea"))
        #expect(try await comes { try workspace.value("a", 2) == "Bea" })
        try await change(workspace, "a", Workspace.rename(3, "Cid"))
        #expect(try await comes { try workspace.value("b", 3) == "Cid" })
        service.interrupt()
        let result = try await service.result()
        #expect(result.exit == 130, "\(result.errors)")
        let lines = try log(result.errors)
        // Of the second change it may have been stopped before it said so.
        #expect(lines.contains { $0["message"] == "all stores read" && $0["done"] == "1" })
        #expect(!lines.contains { $0["level"] == "error" })
        #expect(try await workspace.run("audit", "--quiet").exit == 0)
        #expect(try await workspace.run("history", "verify").exit == 0)
    }

    @Test func aStoreThatIsAwayIsSaidAndCaughtUp() async throws {
        let workspace = try await Workspace.drifted()
        let (file, away) = (workspace.file("b.db"), workspace.file("b.db.away"))
        let service = try workspace.start("sync", "--no-events", "--interval", "1s")
        #expect(try await service.says("all stores read"))
        try FileManager.default.moveItem(atPath: file, toPath: away)
        #expect(try await service.says("\"failed\":\"b\""))
        #expect(try await workspace.run("errors").output.contains("not_found"))
        try await change(workspace, "a", Workspace.rename(3, "Cid"))
        try FileManager.default.moveItem(atPath: away, toPath: file)
        #expect(try await comes { try workspace.value("b", 3) == "Cid" })
        #expect(try await comes { try workspace.value("a", 3) == "Cid" })
        service.interrupt()
        #expect(try await service.result().exit == 130)
    }

    @Test func aKilledServiceGoesOnWhereItStopped() async throws {
        let workspace = try await Workspace.drifted(contacts: 400)
        for round in 0..<4 {
            let service = try workspace.start("sync", "--no-events", "--interval", "1s")
            // Of all rounds together they are few enough to be changed at once.
            for contact in 1...10 {
                try await change(workspace, "b", Workspace.rename(contact + round * 10, "Killed \(round)"))
            }
            // As soon as a plan is there, at whatever instant of it.
            _ = try await comes {
                let isDone = try workspace.value("a", 1 + round * 10) == "Killed \(round)"
                return isDone || FileManager.default.fileExists(atPath: workspace.file(".rollcall/sync-plan.json"))
            }
            kill(service.identifier, SIGKILL)
            #expect(try await service.result().exit == 128 + SIGKILL)
        }
        #expect(try await workspace.run("sync", "--once", "--quiet").exit == 0)
        #expect(try workspace.rows("a") == workspace.rows("b"))
        for contact in 1...40 { #expect(try workspace.value("a", contact) == "Killed \((contact - 1) / 10)") }
        #expect(try !workspace.names(in: ".rollcall").contains("sync-plan.json"))
    }

    @Test func whatIsNotSafeIsRefused() async throws {
        let workspace = try await Workspace.drifted(Workspace.rename(2, "Bea"))
        try workspace.tamperWithRun(1)
        let refused = try await workspace.run("sync", "--once")
        #expect(refused.exit == 4)
        #expect(refused.errors.contains("rollcall: Data Integrity: "), "\(refused.errors)")
        #expect(try workspace.value("a", 2) == "Name 2")
        #expect(try await workspace.run("sync", "--once", "--skip-check", "--quiet").exit == 0)
        #expect(try workspace.value("a", 2) == "Bea")
    }

    @Test func nothingToDoIsWrongUsage() async throws {
        let workspace = try await Workspace.drifted()
        #expect(try await workspace.run("sync", "--no-events", "--no-polling").exit == 2)
    }

    @Test func aWebhookReachesTheOtherStores() async throws {
        let remote = try await RemoteWorkspace()
        let secret = TestSecret.make("webhook")
        try remote.configure(["app"])
        let workspace = remote.workspace
        let prepared = try await workspace.run("sync", "--once", "--quiet")
        #expect(prepared.exit == 0, "\(prepared.errors)")
        let yaml = try workspace.text("rollcall.yaml")
        // Without the secret the listener does not start.
        let refused = try await workspace.run("sync")
        #expect(refused.exit == 2)
        #expect(refused.errors.contains("sync.webhookSecret.app"), "\(refused.errors)")

        let port = try Self.freePort()
        try workspace.write(yaml + "sync: {listen: \"127.0.0.1:\(port)\", webhookSecret: {app: \(secret)}}\n")
        let service = try workspace.start("sync", "--no-polling")
        #expect(try await service.says("\"listening\""))
        let taken = try await workspace.run("sync", "--config", try Self.copy(workspace))
        #expect(taken.exit == 2, "\(taken.errors)")
        #expect(taken.errors.contains("sync.listen says 127.0.0.1:\(port)"), "\(taken.errors)")

        try workspace.execute("a", Workspace.rename(2, "Bea"))
        let body =
            #"{"type":"UPDATE","table":"contacts_master","schema":"public","record":{"contact_id":"2"},"old_record":null}"#
        func post(_ secret: String) async throws -> String {
            try await TestProcess(
                "curl",
                [
                    "--silent", "--show-error", "--output", "/dev/null", "--write-out", "%{http_code}", "--data", body,
                    "--header", "Content-Type: application/json", "--header", "X-Rollcall-Secret: \(secret)",
                    "http://127.0.0.1:\(port)/hooks/app",
                ]
            )
            .finish()
        }
        #expect(try await post(TestSecret.make("other")) == "401")
        #expect(try await post(secret) == "202")
        #expect(try await service.says("changes carried out"))
        service.interrupt()
        let result = try await service.result()
        #expect(result.exit == 130, "\(result.errors)")
        #expect(try log(result.errors).contains { $0["message"] == "changes carried out" && $0["done"] == "1" })
        #expect(try await workspace.run("audit", "--quiet").exit == 0)
    }

    private static func freePort() throws -> Int {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        try withUnsafeMutablePointer(to: &address) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                try #require(bind(socket, pointer, length) == 0 && getsockname(socket, pointer, &length) == 0)
            }
        }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    /// The same configuration with a state folder of its own.
    private static func copy(_ workspace: Workspace) throws -> String {
        try workspace.write(try workspace.text("rollcall.yaml") + "state: other-state\n", to: "other.yaml")
        return "other.yaml"
    }
}
