package import Contacts
package import Foundation

extension LoggedError {
    /// What is kept of a store that could not be read or written.
    ///
    /// - Parameter run: the run that met it.
    package init(_ error: StoreError, run: String?, at: Date) {
        self.init(
            error.code.errorKind,
            system: error.store,
            run: run,
            code: error.code.rawValue,
            message: error.message,
            at: at
        )
    }
}

extension StoreError.Code {
    /// The kind that it is kept as.
    fileprivate var errorKind: LoggedError.Kind {
        switch self {
        case .missing, .noTable: .notFound
        case .notADatabase, .damaged, .locked, .hotJournal, .noKey, .badMapping, .changing, .full, .input: .database
        case .unreachable, .protocolViolation: .network
        case .readOnly, .credentials, .denied, .untrusted: .permission
        case .tooCostly: .other
        }
    }
}
