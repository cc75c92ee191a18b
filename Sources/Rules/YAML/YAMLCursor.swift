import Yams

/// One value of a YAML file with its key path and place. Its getters are typed and throw `ConfigurationError`.
package struct YAMLCursor {
    /// A place in a file; both counted from 1, columns in Unicode scalars.
    package struct Position: Sendable, Hashable {
        /// The line, from 1.
        package let line: Int
        /// The column, from 1.
        package let column: Int
    }

    /// What a value is, as far as YAML says.
    package enum Shape: Sendable, Hashable {
        /// Nothing, or `~` or `null` without quotes.
        case null
        /// Quoted or plain, also what looks like a number or a bool.
        case scalar
        case list
        /// Keys with values; whether a key is there twice shows when it is read.
        case map
    }

    /// The file as the user named it.
    package let file: String
    /// The keys that lead here, parted by dots; a place in a list in brackets: `fields.notes.policy[0]`.
    package let path: String
    /// Where the key is; for the top and for members of lists, where the value is.
    package let keyPosition: Position
    /// Where the value begins; where the key is when nothing is written after it.
    package let position: Position
    private let node: Node

    /// The top of a file.
    init(file: String, root: Node) {
        self.init(file: file, path: "", key: nil, node: root)
    }

    private init(file: String, path: String, key: Node?, node: Node) {
        self.file = file
        self.path = path
        self.node = node
        let place = Position(node)
        keyPosition = key.map(Position.init) ?? place
        position = node.scalar.map { $0.string.isEmpty && $0.style == .plain } == true ? keyPosition : place
    }

    /// What the value is; reads nothing and refuses nothing.
    package var shape: Shape {
        switch node {
        case .scalar(let scalar): scalar.style == .plain && Self.nulls.contains(scalar.string) ? .null : .scalar
        case .sequence: .list
        case .mapping, .alias: .map
        }
    }

    private static let nulls: Set<String> = ["", "~", "null", "Null", "NULL"]

    /// The text of a scalar, quoted or not.
    var scalar: String? { shape == .scalar ? node.scalar?.string : nil }

    /// The text of a scalar without quotes, as a number or a bool is written.
    var plain: String? { shape == .scalar && node.scalar?.style == .plain ? scalar : nil }

    /// The members of a list, in order.
    package func list() throws(ConfigurationError) -> [YAMLCursor] {
        guard case .sequence(let sequence) = node else { throw error("must be a list") }
        return sequence.enumerated()
            .map { index, member in
                YAMLCursor(file: file, path: "\(path)[\(index)]", key: nil, node: member)
            }
    }

    /// A map whose keys the user chooses.
    package func map() throws(ConfigurationError) -> YAMLMap {
        guard case .mapping(let mapping) = node else { throw error("must be a map") }
        var entries: [(key: String, value: YAMLCursor)] = []
        var seen: Set<String> = []
        for (keyNode, value) in mapping {
            guard let key = keyNode.scalar?.string else {
                throw error("a key must be a text", at: Position(keyNode))
            }
            let keyPath = path.isEmpty ? key : "\(path).\(key)"
            let cursor = YAMLCursor(file: file, path: keyPath, key: keyNode, node: value)
            guard seen.insert(key).inserted else {
                throw error("the key \"\(key)\" is set more than once", at: cursor.keyPosition)
            }
            entries.append((key, cursor))
        }
        return YAMLMap(cursor: self, entries: entries)
    }

    /// A map of these keys at most; another one is refused with the key that was probably meant.
    ///
    /// - Parameter word: What the keys are, for the error.
    package func map(keys: [String], word: String = "key") throws(ConfigurationError) -> YAMLMap {
        let map = try map()
        for (key, value) in map.entries where !keys.contains(key) {
            throw value.error("unknown \(word)" + Suggestion.clause(for: key, among: keys), at: value.keyPosition)
        }
        return map
    }

    /// An error about this value, at the value or where told.
    package func error(_ message: String, at place: Position? = nil) -> ConfigurationError {
        let place = place ?? position
        return ConfigurationError(
            file: file,
            line: place.line,
            column: place.column,
            keyPath: path,
            message: message
        )
    }
}

extension YAMLCursor.Position {
    fileprivate init(_ node: Node) {
        self.init(line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
    }
}
