/// A place in a rule file, kept for what can be found wrong with it only later.
package struct RulePlace: Sendable, Hashable {
    private let file: String
    private let position: YAMLCursor.Position
    private let keyPath: String

    /// Where the value's key is.
    init(keyOf cursor: YAMLCursor) {
        file = cursor.file
        position = cursor.keyPosition
        keyPath = cursor.path
    }

    /// The file's name without its folder, and the line: `own.yaml:12`.
    package var short: String { "\(file.split(separator: "/").last ?? ""):\(position.line)" }

    /// An error about the value whose key is there. `message` must hold no value of the file.
    package func error(_ message: String) -> ConfigurationError {
        ConfigurationError(
            file: file,
            line: position.line,
            column: position.column,
            keyPath: keyPath,
            message: message
        )
    }
}
