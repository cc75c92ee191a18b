import Contacts
import Foundation

/// How a value is looked up in a column.
struct PostgresKey {
    let column: PostgresColumn

    /// The column as SQL that is compared with a value of `comparedType`: as it is where an index of its own serves.
    ///
    /// - Parameter alias: of the table, with its dot.
    func compared(_ alias: String) -> String {
        column.kind == .other ? column.selected(alias) : alias + SQLName.quoted(column.name)
    }

    /// The type with which it is compared.
    var comparedType: String {
        switch column.kind {
        case .integer: "pg_catalog.int8"
        case .numeric: "pg_catalog.numeric"
        case .uuid: "pg_catalog.uuid"
        case .text, .other: "pg_catalog.text"
        }
    }

    /// SQL that finds rows whose column has one of the values in the array `$1`.
    func condition(_ alias: String) -> String { "\(compared(alias)) = ANY ($1::\(comparedType)[])" }

    /// Whether rows of a canonical key may have spellings that `spellings` does not name.
    var hasOtherSpellings: Bool { column.kind == .text || column.kind == .other }

    /// What the column may hold for a canonical key; empty where it cannot hold it.
    func spellings(of key: String) -> [String] {
        switch column.kind {
        case .integer, .numeric, .uuid: return value(key).map { [$0] } ?? []
        case .text, .other:
            if key.utf8.contains(0) { return [] }
            return KeySpellings.texts(of: key)
        }
    }

    /// A text as a value that is compared; nil where the column cannot hold it.
    func value(_ text: String) -> String? {
        switch column.kind {
        case .integer: Int64(text).map { String($0) }
        case .numeric: text.wholeMatch(of: /-?[0-9]{1,100}(\.[0-9]{1,100})?/) == nil ? nil : text
        case .uuid: UUID(uuidString: text) == nil ? nil : text
        case .text, .other: text.utf8.contains(0) ? nil : text
        }
    }
}
