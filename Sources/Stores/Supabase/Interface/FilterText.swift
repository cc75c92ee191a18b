/// Names and values as PostgREST's query strings have them, before they are percent-encoded.
enum FilterText {
    /// Words that are no column where they begin a filter.
    private static let reserved: Set = [
        "select", "order", "limit", "offset", "columns", "on_conflict", "and", "or", "not",
    ]

    /// A column's name, in quotation marks where its characters would mean something else.
    static func name(_ name: String) -> String {
        let isPlain = name.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]*/) != nil && !reserved.contains(name)
        return isPlain ? name : quoted(name)
    }

    /// A value as a list or a tree of conditions has it.
    static func quoted(_ value: String) -> String {
        let escaped = value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "\"\(escaped)\""
    }

    /// A value of a list, in quotation marks where it needs them.
    static func member(_ value: String) -> String {
        value.wholeMatch(of: /[A-Za-z0-9_+\-]+/) != nil ? value : quoted(value)
    }

    /// Bytes that a text takes in an address.
    static func length(_ text: String) -> Int {
        text.utf8.reduce(0) { sum, byte in
            let isPlain =
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF) || "-._~".utf8.contains(byte)
            return sum + (isPlain ? 1 : 3)
        }
    }

    /// Parts of a list, none of which is longer than there is room or has more than `limit` members.
    ///
    /// - Parameters:
    ///   - texts: what each member stands for in an address.
    ///   - room: bytes of an address.
    static func portions(_ texts: [String], room: Int, limit: Int = 100) -> [Range<Int>] {
        var portions: [Range<Int>] = []
        var start = 0
        var bytes = 0
        for (index, text) in texts.enumerated() {
            let own = length(text) + 3
            if index > start, bytes + own > room || index - start == limit {
                portions.append(start..<index)
                start = index
                bytes = 0
            }
            bytes += own
        }
        if start < texts.count { portions.append(start..<texts.count) }
        return portions
    }
}

/// One condition on a column.
struct Filter: Sendable {
    let column: String
    let comparison: String
    let value: String

    /// As a parameter of its own, whose value is taken as it is.
    var parameter: (name: String, value: String) { (FilterText.name(column), "\(comparison).\(value)") }

    /// As a part of `and` or `or`.
    var condition: String {
        let isWord = comparison == "is"
        return "\(FilterText.name(column)).\(comparison).\(isWord ? value : FilterText.quoted(value))"
    }

    /// Bytes of the parameter in an address.
    var length: Int { FilterText.length(parameter.name) + FilterText.length(parameter.value) + 2 }
}
