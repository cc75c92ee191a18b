import Contacts
import Rules

/// Reads credentials, in which every `${NAME}` stands for a variable of the environment, and gathers what is accepted
/// and should be changed.
struct CredentialReader {
    /// A credential as it was read.
    struct Found {
        let secret: Secret
        /// Whether the file itself holds it.
        let isLiteral: Bool
    }

    private let environment: [String: String]
    /// What is accepted and should be changed, in the order in which it was read.
    private(set) var warnings: [ConfigurationError] = []

    init(environment: [String: String]) { self.environment = environment }

    /// A credential without which there is no going on.
    mutating func secret(_ cursor: YAMLCursor) throws(ConfigurationError) -> Secret {
        switch try find(cursor) {
        case .success(let found):
            if found.isLiteral { warnOfLiteral(cursor) }
            return found.secret
        case .failure(let missing): throw cursor.error(missing.why)
        }
    }

    /// A credential, or which variable is not there. A variable's value is not expanded again.
    ///
    /// - Throws: where the text is none, or a `${` in it begins no name of a variable.
    func find(_ cursor: YAMLCursor) throws(ConfigurationError) -> Result<Found, MissingCredential> {
        var rest = try cursor.unexpandedText()[...]
        var expanded = ""
        var missing: MissingCredential?
        let isLiteral = !rest.contains("${")
        while let start = rest.firstRange(of: "${") {
            expanded += rest[..<start.lowerBound]
            rest = rest[start.upperBound...]
            guard let end = rest.firstIndex(of: "}"), Self.isVariableName(rest[..<end]) else {
                throw cursor.error("\"${\" must begin the name of an environment variable: ${NAME}")
            }
            let name = String(rest[..<end])
            let value = environment[name]
            if let value, !value.isEmpty {
                expanded += value
            } else if missing == nil {
                let what = value == nil ? "is not set" : "is empty"
                missing = MissingCredential(key: cursor.path, why: "the environment variable \(name) \(what)")
            }
            rest = rest[rest.index(after: end)...]
        }
        if let missing { return .failure(missing) }
        return .success(Found(secret: Secret(expanded + rest), isLiteral: isLiteral))
    }

    mutating func warn(_ cursor: YAMLCursor, _ message: String) { warnings.append(cursor.error(message)) }

    /// A credential in the file goes wherever the file goes.
    mutating func warnOfLiteral(_ cursor: YAMLCursor) {
        warn(cursor, "the file holds the credential itself; put it into an environment variable and write ${NAME}")
    }

    private static func isVariableName(_ name: Substring) -> Bool {
        name.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]*/) != nil
    }
}
