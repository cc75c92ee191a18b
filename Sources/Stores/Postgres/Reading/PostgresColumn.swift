/// A column as the catalog has it, and the form in which its values are handed over.
struct PostgresColumn: Sendable, Hashable {
    /// How a value goes in and out.
    enum Form: Sendable, Hashable {
        /// As its type writes it.
        case text
        /// Text that is JSON.
        case json
        /// An array, each element as its type writes it.
        case list
        /// The bytes themselves.
        case bytes
    }

    /// What a column's type is beneath any domain, as far as it matters here.
    enum Kind: Sendable, Hashable {
        case integer
        case numeric
        case uuid
        /// `text` and `varchar`.
        case text
        case other
    }

    let name: String
    /// The type in SQL, with its modifier: `character varying(20)`.
    let type: String
    /// The same without its modifier.
    let plainType: String
    let form: Form
    let kind: Kind
    /// The type's own name beneath any domain.
    let baseType: String
    /// Whether the role may read it.
    let isReadable: Bool
    /// Whether it takes no NULL.
    let isRequired: Bool
    /// Whether the server computes it.
    let isGenerated: Bool
    /// Whether the server numbers it and takes no number that does not say that it overrides.
    let isAlwaysNumbered: Bool

    /// The column's value as SQL that a binary result hands over in its form.
    ///
    /// - Parameter alias: of the table, with its dot.
    func selected(_ alias: String) -> String {
        let column = alias + SQLName.quoted(name)
        return switch form {
        case .text, .json: "\(column)::pg_catalog.text"
        case .list: "\(column)::pg_catalog.text[]"
        case .bytes: "\(column)::pg_catalog.bytea"
        }
    }

    /// The type of that expression.
    var selectedType: String {
        switch form {
        case .text, .json: "pg_catalog.text"
        case .list: "pg_catalog.text[]"
        case .bytes: "pg_catalog.bytea"
        }
    }

    /// The type as a store declares it: upper-case, an array so called in words, as SQL has it.
    var declared: String {
        let type = type.uppercased()
        return type.hasSuffix("[]") ? type.dropLast(2) + " ARRAY" : type
    }
}
