import Contacts
import Fingerprint

extension ColumnLayout {
    /// The columns that a change writes, each with its value and a field that reads it; those inside JSON merged.
    ///
    /// - Parameters:
    ///   - table: its name.
    ///   - check: throws where a field's column cannot be written.
    ///   - current: what a field's column holds.
    func written(
        by change: RecordChange,
        in table: String,
        check: (_ field: Int) throws(WriteRefusal) -> Void = { _ in },
        current: (_ field: Int) -> RawValue
    ) throws(WriteRefusal) -> [(field: Int, value: RawValue)] {
        var written: [(field: Int, value: RawValue)] = []
        let fields = layout.fields
        // Whole columns first, then what is inside of them.
        let order = change.values.keys.sorted { (fields[$0].path.count, $0) < (fields[$1].path.count, $1) }
        for field in order {
            guard case .column(let column) = sources[field], var value = change.values[field] else { continue }
            try check(field)
            let known = written.firstIndex { sources[$0.field] == sources[field] }
            let path = fields[field].path
            if path.isEmpty {
                guard known.map({ written[$0].value == value }) ?? true else {
                    throw WriteRefusal("column \(columns[column]) of table \(table) would get two values")
                }
            } else {
                let json = known.map { written[$0].value } ?? current(field)
                guard let edited = RecordEdit.setting(path, to: value, in: json) else {
                    throw WriteRefusal(
                        "column \(columns[column]) of table \(table) holds no JSON object in which"
                            + " \(path.joined(separator: ".")) could be set to that"
                    )
                }
                value = edited
            }
            if let known { written[known].value = value } else { written.append((field, value)) }
        }
        return written
    }

    /// As above; refuses columns that are computed.
    ///
    /// - Parameter places: of each field the place of its column in the table; nil where the column is computed.
    func written(
        by change: RecordChange,
        in table: String,
        places: [Int?],
        current: (_ field: Int) -> RawValue
    ) throws(WriteRefusal) -> [(field: Int, place: Int, value: RawValue)] {
        let computed = { (field: Int) throws(WriteRefusal) in
            if places[field] == nil, case .column(let column) = sources[field] {
                throw WriteRefusal("column \(columns[column]) of table \(table) is computed, and cannot be written")
            }
        }
        return try written(by: change, in: table, check: computed, current: current)
            .compactMap { field, value in places[field].map { (field, $0, value) } }
    }

    /// What a change says of identifiers that rows of the child table hold, in the order of the fields.
    func identifiers(of change: RecordChange) -> [IdentifierList] {
        change.values.keys.sorted()
            .compactMap { field in
                guard case .child(let type) = sources[field], let value = change.values[field] else { return nil }
                return IdentifierList(type: type, value: value, holdsOne: layout.fields[field].holdsOne)
            }
    }
}
