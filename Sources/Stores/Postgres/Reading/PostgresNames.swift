import Contacts

/// How the rows of a table are named and found again.
struct PostgresNames: Sendable {
    /// What a row's name is made of.
    enum Kind: Sendable, Hashable {
        /// The one column of its primary key, which holds whole numbers.
        case number
        /// The SQL literals of columns that no two rows share.
        case columns
        /// The literals of the key and the row's place in the file, which an update changes: a table without a primary key.
        case place
        /// The literals of the key alone: a view.
        case key
    }

    let kind: Kind
    /// The columns of a name, in its order.
    let columns: [PostgresColumn]

    /// - Parameter key: the columns by which rows of a table without a primary key are told apart as far as may be.
    init(_ catalog: PostgresCatalog, key: [PostgresColumn]) {
        guard let unique = catalog.uniqueKey?.compactMap(catalog.column) else {
            kind = catalog.hasPlaces ? .place : .key
            columns = key
            return
        }
        kind = unique.count == 1 && unique[0].kind == .integer ? .number : .columns
        columns = unique
    }

    /// Values of a name.
    var count: Int { columns.count + (kind == .place ? 1 : 0) }

    /// The values of a row's name as SQL, each a text.
    ///
    /// - Parameter alias: of the table, with its dot.
    func selected(_ alias: String) -> [String] {
        let texts = columns.map { "\(alias)\(SQLName.quoted($0.name))::pg_catalog.text" }
        return kind == .place ? texts + ["\(alias)ctid::pg_catalog.text"] : texts
    }

    /// The name of a row with these values.
    func name(_ values: [String?]) -> RowID {
        if kind == .number, let number = values.first?.flatMap({ Int64($0) }) { return .integer(number) }
        let literals = values.map { value in
            value.map { Array($0.utf8).withUnsafeBytes(Self.literal) } ?? "NULL"
        }
        return .text(literals.joined(separator: ", "))
    }

    /// A text as `RowLiteral` reads it. What is not ASCII is written in hexadecimal: two texts that differ in how their
    /// letters are composed are two to the server, and equal as Swift's strings.
    static func literal(_ bytes: UnsafeRawBufferPointer) -> String {
        let mark = UInt8(ascii: "'")
        if bytes.allSatisfy({ $0 != mark && $0 < 0x80 }) {
            return String(unsafeUninitializedCapacity: bytes.count + 2) { text in
                text[0] = mark
                for index in 0..<bytes.count { text[index + 1] = bytes[index] }
                text[bytes.count + 1] = mark
                return bytes.count + 2
            }
        }
        guard bytes.allSatisfy({ $0 < 0x80 }) else {
            return "t'" + bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() + "'"
        }
        return RowLiteral.text(of: RawCell(kind: .text, start: bytes.baseAddress, count: bytes.count))
    }

    /// The values of which a name is made; nil where no row of the table can have that name.
    func values(of name: RowID) -> [String?]? {
        switch (kind, name) {
        case (.number, .integer(let number)): return [String(number)]
        case (.columns, .text(let text)), (.key, .text(let text)), (.place, .text(let text)):
            guard let literals = RowLiteral.values(of: text), literals.count == count else { return nil }
            var values: [String?] = []
            for (index, literal) in literals.enumerated() {
                guard let value = value(literal, index) else { return nil }
                values.append(value)
            }
            return values
        default: return nil
        }
    }

    /// One value of a name; the outer nil: there is none such.
    private func value(_ literal: RawValue, _ index: Int) -> String?? {
        switch literal {
        case .null: return kind == .columns || index == columns.count ? nil : .some(nil)
        case .text(let bytes):
            let text = String(decoding: bytes, as: UTF8.self)
            if index < columns.count { return PostgresKey(column: columns[index]).value(text).map { .some($0) } }
            return text.wholeMatch(of: /\([0-9]{1,10},[0-9]{1,5}\)/) == nil ? nil : .some(text)
        default: return nil
        }
    }

    // MARK: Conditions

    /// SQL on the alias `c` that finds rows, and the values of its parameters, from `$1` on.
    struct Condition {
        let sql: String
        let values: [[UInt8]?]
    }

    /// Names in one statement.
    private static let limit = 10_000

    /// Conditions that find the rows of these names, and perhaps others: what they find is to be compared by name.
    func conditions(_ names: Set<RowID>) -> [Condition] {
        let all = names.sorted().compactMap(values)
        return stride(from: 0, to: all.count, by: Self.limit)
            .map { start in condition(Array(all[start..<min(start + Self.limit, all.count)])) }
    }

    /// What finds rows whose keys are those of the names, wherever they are in the file.
    ///
    /// - Returns: nil where no name has a whole key.
    func keyCondition(_ names: [RowID]) -> Condition? {
        let keys = Set(names.compactMap(key)).filter { !$0.contains(nil) }
        return keys.isEmpty ? nil : keyCondition(Array(keys))
    }

    /// The values of a name without the row's place in the file.
    func key(_ name: RowID) -> [String?]? { values(of: name).map { Array($0.prefix(columns.count)) } }

    private func condition(_ names: [[String?]]) -> Condition {
        guard kind == .place else { return keyCondition(names) }
        let places = names.compactMap { $0[columns.count] }
        return Condition(sql: "c.ctid = ANY ($1::pg_catalog.tid[])", values: [PostgresArray.literal(places)])
    }

    private func keyCondition(_ keys: [[String?]]) -> Condition {
        let arrays = columns.indices.map { index in
            PostgresArray.literal(keys.map { $0[index].map { Array($0.utf8) } })
        }
        let compared = columns.map { PostgresKey(column: $0) }
        if compared.count == 1 {
            let condition = compared[0].condition("c.")
            let isNull = "c.\(SQLName.quoted(columns[0].name)) IS NULL"
            return Condition(
                sql: keys.contains { $0[0] == nil } ? "(\(condition) OR \(isNull))" : condition,
                values: arrays
            )
        }
        let own = compared.map { $0.compared("c.") }.joined(separator: ", ")
        let unnested = compared.enumerated().map { "pg_catalog.unnest($\($0 + 1)::\($1.comparedType)[])" }
        return Condition(
            sql: "(\(own)) IN (SELECT * FROM ROWS FROM (\(unnested.joined(separator: ", "))) AS n)",
            values: arrays
        )
    }

    /// SQL on the alias `c` that finds the row of one name.
    ///
    /// - Parameter first: the number of its first parameter.
    /// - Returns: nil where no row can have that name.
    func condition(of name: RowID, from first: Int) -> Condition? {
        guard let values = values(of: name) else { return nil }
        var parts: [String] = []
        for (index, column) in columns.enumerated() {
            let key = PostgresKey(column: column)
            let parameter = "$\(first + index)::\(key.comparedType)"
            parts.append(
                kind == .columns || kind == .number
                    ? "\(key.compared("c.")) = \(parameter)" : "\(key.compared("c.")) IS NOT DISTINCT FROM \(parameter)"
            )
        }
        if kind == .place { parts.append("c.ctid = $\(first + columns.count)::pg_catalog.tid") }
        return Condition(sql: parts.joined(separator: " AND "), values: values.map { $0.map { Array($0.utf8) } })
    }
}
