import Rules

/// Values that only a `rollcall.yaml` has.
extension YAMLCursor {
    /// The absolute path that a path of the file means.
    func path(in folder: ConfigurationFolder) throws(ConfigurationError) -> String {
        let text = try text()
        guard !text.contains("\0") else { throw error("must be a path") }
        return folder.path(to: text)
    }

    /// Refuses a key that cannot be the name of a store or field: 1 to 64 of `A-Z a-z 0-9 _ -`.
    func checkName(_ name: String, of what: String) throws(ConfigurationError) {
        guard name.wholeMatch(of: /[A-Za-z0-9_-]{1,64}/) != nil else {
            throw error("the name of a \(what) must be 1 to 64 letters, digits, _ or -", at: keyPosition)
        }
    }
}
