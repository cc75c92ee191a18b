/// What is wrong in a configuration or rule file, and where. It never holds a value of the file, only the names of
/// its keys, so that a credential cannot get into a log.
package struct ConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file as the user named it.
    package let file: String
    /// Counted from 1; nil where the file as a whole is meant.
    package let line: Int?
    /// Counted from 1, in Unicode scalars; nil where `line` is.
    package let column: Int?
    /// The keys that lead to the place, parted by dots: `stores.local.path`; empty at the top.
    package let keyPath: String
    /// What is wrong and what to do, to be read after the key path.
    package let message: String

    /// An error at a place. `message` must hold no value of the file.
    package init(file: String, line: Int? = nil, column: Int? = nil, keyPath: String = "", message: String) {
        self.file = file
        self.line = line
        self.column = column
        self.keyPath = keyPath
        self.message = message
    }

    /// `rollcall.yaml:12:5: stores.local.pth: unknown key; did you mean "path"?`
    package var description: String {
        var place = file
        if let line, let column { place += ":\(line):\(column)" }
        return keyPath.isEmpty ? "\(place): \(message)" : "\(place): \(keyPath): \(message)"
    }
}
