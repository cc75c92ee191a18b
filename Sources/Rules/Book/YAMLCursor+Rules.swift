/// What custom rules and waivers read alike.
extension YAMLCursor {
    private static let longestLine = 500

    /// A name out of some that exist.
    ///
    /// - Parameters:
    ///   - what: of what it is the name, for the error.
    ///   - names: nil: any name will do.
    func name(of what: String, in names: [String]?) throws(ConfigurationError) -> String {
        let name = try text()
        if let names, !names.contains(name) {
            throw error("no \(what) has this name" + Suggestion.clause(for: name, among: names))
        }
        return name
    }

    /// A text for people, of one line.
    func line() throws(ConfigurationError) -> String {
        let text = try text()
        let isPlain = text.unicodeScalars.allSatisfy { scalar in
            ![.control, .lineSeparator, .paragraphSeparator].contains(scalar.properties.generalCategory)
        }
        guard isPlain, text.count <= Self.longestLine else {
            throw error("must be one line of at most \(Self.longestLine) characters")
        }
        return text
    }
}
