package import Contacts
import Fingerprint

/// Whether live stores can be read: each is opened read only, a few records are read and asked for again by their keys, and
/// the store is asked for its proof and its rights.
package struct ConnectionCheck: SafetyCheck {
    package let name: SafetyReport.Check.Name
    private let stores: [SafetyInput.Store]
    private let notify: @Sendable (String) -> Void

    /// A store with more records is not read to its end, which is the audit's to do.
    static let limit = 1_000
    /// Records that are asked for again.
    static let asked = 3

    /// - Parameters:
    ///   - stores: those that the check is about; where there are none, that is a warning.
    ///   - notify: is told, in a sentence, when a store makes us wait.
    package init(
        name: SafetyReport.Check.Name,
        stores: [SafetyInput.Store],
        notify: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.name = name
        self.stores = stores
        self.notify = notify
    }

    package func run() async throws -> CheckOutcome {
        guard !stores.isEmpty else {
            return .warn("No store of \(kinds) is configured.", [], advice: "Add it to stores: if there is one.")
        }
        var evidence: [SafetyReport.Evidence] = []
        var missing: [String] = []
        var unwritable: [String] = []
        for store in stores {
            switch store.reader {
            case .failure(let error): missing.append("\(store.name) is left out: \(error.why)")
            case .success(let reader):
                do {
                    let seen = try await read(reader)
                    evidence += seen.evidence.map { SafetyReport.Evidence(.live, "\(store.name): \($0)") }
                    if seen.rights?.canWrite == false { unwritable.append(store.name) }
                } catch let error as StoreError {
                    return .fail("\(error)", evidence, advice: Self.advice(error.code, store.name))
                } catch let error as CheckFailure {
                    return .fail(error.message, evidence, advice: error.advice)
                }
            }
        }
        if !missing.isEmpty {
            return .warn(
                missing.joined(separator: "; ") + ".",
                evidence,
                advice: "Set the credential in the environment, or take the store out of the configuration."
            )
        }
        let names = stores.map { "\($0.name) (\((try? $0.reader.get())?.kind ?? ""))" }.joined(separator: ", ")
        if !unwritable.isEmpty {
            return .warn(
                "\(unwritable.joined(separator: ", ")) can be read and not written.",
                evidence,
                advice: "Audits need no more; before apply or sync, give the credential the right to write."
            )
        }
        return .pass("\(names): opened, read, and asked again for what was read.", evidence)
    }

    /// Which stores the check is about, in words.
    private var kinds: String {
        switch name {
        case .twentyConnection: "kind twenty"
        case .supabaseConnection: "kind supabase or postgres"
        default: "this kind"
        }
    }

    /// What was seen of a store, in clauses.
    private struct Seen {
        var evidence: [String] = []
        var rights: StoreRights?
    }

    private func read(_ store: any ContactStore) async throws -> Seen {
        let session = try await store.open(notify: notify)
        do {
            let seen = try await read(session, store)
            await session.close()
            return seen
        } catch {
            await session.close()
            throw error
        }
    }

    private func read(_ session: any StoreSession, _ store: any ContactStore) async throws -> Seen {
        var seen = Seen()
        let sink = SampleSink(layout: session.layout, keeping: Self.asked, limit: Self.limit)
        do {
            for portion in try await session.portions(limit: 1) { try await session.scan(portion, into: sink) }
            seen.evidence.append(try await session.prove().statement)
        } catch is SampleSink.Full {
            seen.evidence.append("\(sink.rows) rows read, of more; reading it to its end is for the audit")
        }
        if sink.unreadable > 0 { seen.evidence.append("\(sink.unreadable) of the rows cannot be decoded") }
        if !sink.requests.isEmpty {
            let found = try await session.fetch(sink.requests)
            let again = zip(sink.requests, found)
                .count { request, records in records.contains { $0.row == request.rows[0] } }
            guard again > 0 else {
                throw CheckFailure(
                    "\(store.name): none of \(sink.requests.count) records that were read is found again by its key.",
                    advice:
                        "Check the mapping of contact_id in stores.\(store.name), and whether the table is a view that"
                        + " changes."
                )
            }
            seen.evidence.append("\(again) of \(sink.requests.count) records found again by their keys")
        }
        if let session = session as? any RightsTelling {
            let rights = try await session.rights()
            seen.evidence.append(rights.statement)
            seen.rights = rights
        }
        return seen
    }

    private static func advice(_ code: StoreError.Code, _ store: String) -> String {
        switch code {
        case .unreachable: "See that the server of stores.\(store) runs and that this machine reaches it."
        case .credentials: "Renew the credential of stores.\(store)."
        case .denied: "Give the credential of stores.\(store) the right to read all rows of its tables."
        case .untrusted: "Check the address and the certificate of stores.\(store)."
        case .missing, .notADatabase, .noTable, .noKey, .badMapping: "Check stores.\(store) in the configuration."
        case .damaged: "Restore stores.\(store) from a backup; `rollcall audit` tells more of what is damaged."
        case .locked, .changing: "Try again when the store is written less."
        case .hotJournal, .readOnly, .full, .tooCostly, .protocolViolation, .input: "Do what the message says."
        }
    }
}
