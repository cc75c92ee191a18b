import Foundation
import Yams

/// One YAML file, parsed. Errors carry the file's name, line and column.
package struct YAMLDocument {
    /// The file as it is named in errors.
    package let file: String
    /// The top of the tree; nil when the file holds nothing but comments.
    package let root: YAMLCursor?

    /// The longest file that is read, in bytes.
    package static let maximumBytes = 1 << 20

    /// Parses a text that holds one document or none, and perhaps a byte order mark. Anchors are resolved; `<<` is a
    /// key like any other.
    package init(file: String, text: String) throws(ConfigurationError) {
        self.file = file
        let text = text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
        do {
            root = try Yams.compose(yaml: text).map { YAMLCursor(file: file, root: $0) }
        } catch let error as YamlError {
            throw ConfigurationError(error, file: file)
        } catch {
            throw ConfigurationError(file: file, message: "is not valid YAML: \(error.localizedDescription)")
        }
    }

    /// Reads and parses a file, which must be UTF-8 and at most `maximumBytes` long.
    package init(contentsOf path: String) throws(ConfigurationError) {
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
            throw ConfigurationError(file: path, message: "is a folder, not a file")
        }
        let bytes: Data
        do {
            let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? handle.close() }
            bytes = try handle.read(upToCount: Self.maximumBytes + 1) ?? Data()
        } catch {
            throw ConfigurationError(file: path, message: "cannot be read: \(error.localizedDescription)")
        }
        guard bytes.count <= Self.maximumBytes else {
            throw ConfigurationError(file: path, message: "is longer than \(Self.maximumBytes) bytes")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let (line, column) = Self.firstInvalid(in: bytes)
            throw ConfigurationError(file: path, line: line, column: column, message: "is not UTF-8")
        }
        try self.init(file: path, text: text)
    }

    /// The line and column of the first byte that is not UTF-8; of the end when all are.
    private static func firstInvalid(in bytes: Data) -> (line: Int, column: Int) {
        var (line, column) = (1, 1)
        var parser = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        while case .valid(let scalar) = parser.parseScalar(from: &iterator) {
            (line, column) = scalar.first == UInt8(ascii: "\n") ? (line + 1, 1) : (line, column + 1)
        }
        return (line, column)
    }
}

extension ConfigurationError {
    fileprivate init(_ error: YamlError, file: String) {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let what = context.map { "\($0.text), \(problem)" } ?? problem
            self.init(file: file, line: mark.line, column: mark.column, message: "is not valid YAML: \(what)")
        case .reader(let problem, let offset?, _, let yaml):
            let (line, column) = Self.place(after: yaml.prefix(offset))
            self.init(file: file, line: line, column: column, message: "is not valid YAML: \(problem)")
        case .duplicatedKeysInMapping(let duplicates, let context):
            self.init(
                file: file,
                line: context.mark.line,
                column: context.mark.column,
                message: "the key \"\(duplicates.min() ?? "")\" is set more than once"
            )
        default:
            self.init(file: file, message: "is not valid YAML")
        }
    }

    /// The line and column at which a text ends.
    private static func place(after text: Substring) -> (line: Int, column: Int) {
        let lineStart = text.lastIndex(where: \.isNewline).map { text.index(after: $0) } ?? text.startIndex
        return (text.count(where: \.isNewline) + 1, text[lineStart...].unicodeScalars.count + 1)
    }
}
