package import Contacts

/// What stops an audit.
package enum AuditError: Error, Sendable, CustomStringConvertible {
    /// Without canonical nothing can be compared.
    case canonical(StoreError)

    package var description: String {
        switch self {
        case .canonical(let error): "the canonical store \(error)"
        }
    }
}
