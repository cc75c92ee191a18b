import ApplyProbe
import Audit
import Contacts
import Foundation
import Ledger
import Rules

extension ProbeFolder {
    /// What an audit of the three stores starts from, by the rules that compare them.
    func auditInput() -> AuditInput {
        let stores = Self.stores.map { AuditInput.Store(reader: store($0), allowEmpty: false) }
        var input = AuditInput(
            verb: "audit",
            version: "test",
            canonical: stores[0],
            stores: Array(stores.dropFirst()),
            schema: .standard,
            rules: .standard,
            configuration: Self.configuration
        )
        input.kinds = [.drift, .duplicate]
        input.recheck.delay = .zero
        input.now = { Self.now }
        return input
    }

    /// Audits the stores, which brings their rolls up to date.
    func audit(_ state: StateFolder, _ ledger: Ledger) async throws -> AuditReport {
        try await AuditRun(input: auditInput(), state: state, ledger: ledger) { _ in }.run().report
    }

    /// Makes the folder with three stores of these shapes that hold the same people, and the history of an audit of them.
    func make(_ shapes: [StoreShape], _ people: [Person]) async throws -> [TestStore] {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let stores = stores(shapes)
        for store in stores { try store.create(people) }
        let folder = try StateFolder(path: state)
        let report = try await audit(folder, try await Ledger.open(in: folder))
        guard report.verdict == .consistent else { throw StoresDiffer(lines: report.driftLines) }
        return stores
    }

    /// The stores, of these shapes.
    func stores(_ shapes: [StoreShape]) -> [TestStore] {
        zip(Self.stores, shapes).map { TestStore(name: $0, path: file(of: $0), shape: $1) }
    }

    /// A copy of all of it.
    func copy(to path: String) throws -> ProbeFolder {
        try FileManager.default.copyItem(atPath: self.path, toPath: path)
        return ProbeFolder(path)
    }

    func remove() {
        // What cannot be removed is the system's temporary folder to clear.
        _ = try? FileManager.default.removeItem(atPath: path)
    }

    /// A path that nothing has yet; in memory where the system has such a folder, for SIGKILL leaves the files alone.
    static func newPath() -> String {
        let memory = "/dev/shm/"
        let folder = FileManager.default.isWritableFile(atPath: memory) ? memory : NSTemporaryDirectory()
        return folder + "rollcall-crash-" + UUID().uuidString
    }
}

/// Stores that a test makes equal are not.
struct StoresDiffer: Error {
    let lines: [String]
}

extension AuditReport {
    /// `rule store contact` of each confirmed finding of drift or of a repeated key, in order of their text.
    var driftLines: [String] {
        findings.filter { $0.state == .confirmed && ($0.kind == .drift || $0.rule == .duplicateKey) }
            .filter { $0.rule != .driftSchema }
            .map { "\($0.rule.name) \($0.stores.joined(separator: "+")) \($0.contact ?? "-")" }.sorted()
    }

    /// The contacts of these findings.
    var driftingContacts: Set<String> {
        Set(driftLines.compactMap { $0.split(separator: " ").last.map(String.init) })
    }
}
