import Contacts

/// Asks the server what a column would hold once a value is written to it: what the journal says must be what is found.
final class PostgresConversion {
    private let link: PostgresLink
    private var known: [Wanted: Result<RawValue, WriteRefusal>] = [:]

    /// A value that is to be written.
    struct Wanted: Hashable {
        let column: PostgresColumn
        let value: RawValue
    }

    init(_ link: PostgresLink) { self.link = link }

    /// Asks for many values at once; `stored` then knows them.
    func prepare(_ wanted: some Sequence<Wanted>) throws {
        var open: [PostgresColumn: [RawValue]] = [:]
        for one in Set(wanted) where known[one] == nil {
            if let value = Self.kept(one) {
                known[one] = value
            } else {
                open[one.column, default: []].append(one.value)
            }
        }
        for (column, values) in open { try ask(column, values[...]) }
    }

    /// The value as the column keeps it. A constraint, or the column's length, may yet refuse it.
    func stored(_ value: RawValue, _ column: PostgresColumn) throws -> RawValue {
        let wanted = Wanted(column: column, value: value)
        if known[wanted] == nil { try prepare([wanted]) }
        guard let result = known[wanted] else { return value }
        return try result.get()
    }

    /// The value where the column keeps it as it is, or the reason why it does not; nil where the server knows.
    private static func kept(_ wanted: Wanted) -> Result<RawValue, WriteRefusal>? {
        let column = wanted.column
        do throws(WriteRefusal) {
            switch (column.form, wanted.value) {
            case (_, .null): return .success(.null)
            case (.bytes, .blob): return .success(wanted.value)
            case (.bytes, .text(let bytes)), (.bytes, .json(let bytes)): return .success(.blob(bytes))
            case (.list, _):
                guard case .list(let members, _) = try list(wanted.value, column) else { return nil }
                let texts = try members.map { member throws(WriteRefusal) in
                    member == .null ? RawValue.null : .text(try PostgresValue.text(member, column))
                }
                return column.baseType == "_text" ? .success(.list(texts, primary: nil)) : nil
            default:
                let text = try PostgresValue.text(wanted.value, column)
                if column.form == .text, column.kind == .text { return .success(.text(text)) }
                return column.baseType == "json" ? .success(.json(text)) : nil
            }
        } catch {
            return .failure(error)
        }
    }

    /// A value of a column of lists as a list: it may come as a JSON array.
    private static func list(_ value: RawValue, _ column: PostgresColumn) throws(WriteRefusal) -> RawValue {
        switch value {
        case .null, .list: return value
        case .text(let bytes), .json(let bytes):
            guard let members = (try? JSONValue(parsing: bytes))?.array else { fallthrough }
            let texts = members.map { member in
                member.isNull ? RawValue.null : .text(member.string.map { Array($0.utf8) } ?? member.bytes)
            }
            return .list(texts, primary: nil)
        default: throw WriteRefusal("column \(column.name) takes a list, not a single value")
        }
    }

    /// Asks for values of one column; where the server refuses them together, for each half.
    private func ask(_ column: PostgresColumn, _ values: ArraySlice<RawValue>) throws {
        guard let first = values.first else { return }
        do {
            try link.execute("SAVEPOINT rollcall_value")
            let results = try converted(column, values)
            try link.execute("RELEASE SAVEPOINT rollcall_value")
            for (value, result) in zip(values, results) { known[Wanted(column: column, value: value)] = result }
        } catch {
            guard let refusal = WriteRefusal(ofPostgres: error, table: "") else { throw error }
            try link.execute("ROLLBACK TO SAVEPOINT rollcall_value; RELEASE SAVEPOINT rollcall_value")
            guard values.count > 1 else {
                let isTooLong = (error as? PostgresFailure)?.state == "22001"
                let why = isTooLong ? refusal.why : "column \(column.name) has a type that cannot hold the value"
                known[Wanted(column: column, value: first)] = .failure(WriteRefusal(why))
                return
            }
            let middle = values.startIndex + values.count / 2
            try ask(column, values[..<middle])
            try ask(column, values[middle...])
        }
    }

    private func converted(_ column: PostgresColumn, _ values: ArraySlice<RawValue>) throws
        -> [Result<RawValue, WriteRefusal>]
    {
        let texts = try values.map { value in
            try PostgresValue.parameter(column.form == .list ? Self.list(value, column) : value, column)
        }
        let (value, isExact) = Self.cast(column)
        let result = try link.query(
            """
            SELECT (\(value))::\(column.selectedType), (\(isExact))::pg_catalog.text
            FROM pg_catalog.unnest($1::pg_catalog.text[]) WITH ORDINALITY AS n(v, place) ORDER BY n.place
            """,
            [PostgresArray.literal(texts)]
        )
        return (0..<result.count)
            .map { row in
                guard result.bool(row, 1) else {
                    return .failure(WriteRefusal("column \(column.name) would keep less of the value than it is"))
                }
                return .success(PostgresValue.value(result.bytes(row, 0), column.form))
            }
    }

    /// The text `n.v` as the column's type, and whether nothing of it is lost.
    private static func cast(_ column: PostgresColumn) -> (value: String, isExact: String) {
        let whole = "n.v::\(column.plainType)"
        switch column.baseType {
        // Without a length, by which a cast would cut it.
        case "bpchar", "varchar": return ("n.v::pg_catalog.\(column.baseType)", "true")
        case "bit", "varbit": return ("n.v::pg_catalog.\"\(column.baseType)\"", "true")
        case "date": return ("n.v::\(column.type)", "n.v::pg_catalog.timestamp = n.v::pg_catalog.date")
        case "timestamp":
            // A zone that is written is not left out.
            let instant = "(n.v::pg_catalog.timestamptz AT TIME ZONE 'UTC')"
            return ("\(instant)::\(column.type)", "\(instant) = \(instant)::\(column.type)")
        case "numeric", "timestamptz", "time", "timetz", "interval":
            return ("n.v::\(column.type)", column.type == column.plainType ? "true" : "\(whole) = n.v::\(column.type)")
        default: return ("n.v::\(column.type)", "true")
        }
    }
}
