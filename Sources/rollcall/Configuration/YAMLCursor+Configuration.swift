import Contacts
import Rules

/// Values that only a `rollcall.yaml` has.
extension YAMLCursor {
    /// The absolute path that a path of the file means.
    func path(in folder: ConfigurationFolder) throws(ConfigurationError) -> String {
        let text = try text()
        guard !text.contains("\0") else { throw error("must be a path") }
        return folder.path(to: text)
    }

    /// A credential in which every `${NAME}` is replaced by that variable of the environment.
    func secret(_ environment: [String: String]) throws(ConfigurationError) -> Secret {
        var rest = try unexpandedText()[...]
        var expanded = ""
        while let start = rest.firstRange(of: "${") {
            expanded += rest[..<start.lowerBound]
            rest = rest[start.upperBound...]
            guard let end = rest.firstIndex(of: "}"), Self.isVariableName(rest[..<end]) else {
                throw error("\"${\" must begin the name of an environment variable: ${NAME}")
            }
            let name = String(rest[..<end])
            guard let value = environment[name] else { throw error("the environment variable \(name) is not set") }
            guard !value.isEmpty else { throw error("the environment variable \(name) is empty") }
            expanded += value
            rest = rest[rest.index(after: end)...]
        }
        return Secret(expanded + rest)
    }

    /// Refuses a key that cannot be the name of a store or field: 1 to 64 of `A-Z a-z 0-9 _ -`.
    func checkName(_ name: String, of what: String) throws(ConfigurationError) {
        guard name.wholeMatch(of: /[A-Za-z0-9_-]{1,64}/) != nil else {
            throw error("the name of a \(what) must be 1 to 64 letters, digits, _ or -", at: keyPosition)
        }
    }

    private static func isVariableName(_ name: Substring) -> Bool {
        name.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]*/) != nil
    }
}
