import Audit
import Contacts
import Fingerprint
import Foundation
import Ledger
import Repair

extension SyncCycle {
    /// The canonical text of a raw key; nil where it is none.
    static func key(_ raw: String) -> String? {
        let text = RawValue.text(raw).withCell { CanonicalKey().text(of: $0) }
        return text.map { String(decoding: $0, as: UTF8.self) }
    }

    /// An error in a sentence without values: errors that nobody foresaw are told by their type alone.
    package static func text(of error: any Error) -> String {
        switch error {
        case let error as StoreError: error.description
        case let error as AuditError: error.description
        case let error as LedgerError: error.message
        case let error as RepairError: error.message
        default: "an error that nobody foresaw: \(type(of: error))"
        }
    }

    /// Keeps why a cycle failed. What is kept already, as the refusal of a plan is, is counted.
    ///
    /// - Throws: `LedgerError` where Rollcall's own state is what failed, or fails too.
    static func report(_ error: any Error, to ledger: Ledger, at: Date) throws {
        switch error {
        case let error as StoreError:
            try ledger.report(LoggedError(error, run: nil, at: at))
        case AuditError.canonical(let error):
            try ledger.report(LoggedError(error, run: nil, at: at))
        case let error as LedgerError where !error.isRetryable && error.code != .unfinished:
            throw error
        case let error as RepairError where error.code == .tooLarge:
            // It was kept with the changes that it is about.
            break
        default:
            let (kind, code): (LoggedError.Kind, String) =
                switch error {
                case let error as LedgerError: (.sync, error.code.rawValue)
                case let error as RepairError: (.sync, error.code.rawValue)
                default: (.exception, "\(type(of: error))")
                }
            try ledger.report(LoggedError(kind, system: "rollcall", code: code, message: text(of: error), at: at))
        }
    }
}
