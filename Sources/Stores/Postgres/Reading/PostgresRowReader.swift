import CPostgres
import Contacts

/// Reads rows of a `PostgresSelect` as cells, borrowed from the server's answer.
final class PostgresRowReader {
    /// A value of a row in binary format; -1: NULL.
    struct Value {
        var start: UnsafeRawPointer?
        var count: Int
    }

    private let layout: PostgresLayout
    /// Values before the contact's own: the row's name.
    let nameCount: Int
    /// Values of a row.
    let valueCount: Int
    private let values: UnsafeMutableBufferPointer<Value>
    private let cells: UnsafeMutableBufferPointer<RawCell>
    /// Where each cell's value is, and its form.
    private let places: [(value: Int, form: PostgresColumn.Form, flags: Int)]
    /// The members of each cell that is a list.
    private var members: [UnsafeMutableBufferPointer<RawCell>]

    init(layout: PostgresLayout) {
        self.layout = layout
        let nameCount = layout.names.count
        self.nameCount = nameCount
        let columnCount = nameCount + layout.columns.count
        valueCount = columnCount + (layout.child == nil ? 0 : 2 * PostgresSelect.identifierTypes.count)
        values = .allocate(capacity: valueCount)
        values.initialize(repeating: Value(start: nil, count: -1))
        cells = .allocate(capacity: layout.sources.count)
        cells.initialize(repeating: .null)
        places = layout.sources.map { source in
            switch source {
            case .column(let column): return (nameCount + column, layout.columns[column].form, -1)
            case .child(let type):
                let place = columnCount + 2 * (PostgresSelect.identifierTypes.firstIndex(of: type) ?? 0)
                return (place, .list, place + 1)
            }
        }
        members = layout.sources.map { _ in .allocate(capacity: 8) }
    }

    deinit {
        values.deallocate()
        cells.deallocate()
        for member in members { member.deallocate() }
    }

    // MARK: Values

    /// Takes a tuple of COPY's binary format.
    ///
    /// - Parameter columns: how many it has; at most `valueCount`.
    /// - Returns: where it ends; nil where the bytes are no such tuple.
    func takeTuple(_ bytes: UnsafeRawBufferPointer, from start: Int, columns: Int) -> Int? {
        guard let base = bytes.baseAddress, start + 2 <= bytes.count,
            Int(Int16(bigEndian: (base + start).loadUnaligned(as: Int16.self))) == columns
        else { return nil }
        var index = start + 2
        for place in 0..<columns {
            guard index + 4 <= bytes.count else { return nil }
            let count = Int(Int32(bigEndian: (base + index).loadUnaligned(as: Int32.self)))
            index += 4
            values[place] = Value(start: base + index, count: count)
            if count > 0 { index += count }
        }
        return index <= bytes.count ? index : nil
    }

    /// Takes a row of a result in binary format, which must last until the record was used.
    func takeRow(_ result: PostgresResult, _ row: Int) {
        for place in 0..<valueCount {
            let bytes = result.bytes(row, place)
            values[place] = Value(start: bytes?.baseAddress, count: bytes?.count ?? -1)
        }
    }

    // MARK: Records

    /// The row that was taken last; valid as long as its bytes, and until the next is taken.
    func record() -> BorrowedRecord? {
        for index in cells.indices {
            let place = places[index]
            let value = values[place.value]
            guard value.count >= 0 else {
                cells[index] = .null
                continue
            }
            switch place.form {
            case .text: cells[index] = RawCell(kind: .text, start: value.start, count: value.count)
            case .json: cells[index] = RawCell(kind: .json, start: value.start, count: value.count)
            case .bytes: cells[index] = RawCell(kind: .blob, start: value.start, count: value.count)
            case .list:
                let primary = place.flags < 0 ? -1 : Self.firstMark(values[place.flags])
                guard var cell = PostgresArray.cell(value.start, value.count, &members[index]) else { return nil }
                cell.number = Int64(primary)
                cells[index] = cell
            }
        }
        return BorrowedRecord(row: row, cells: UnsafeBufferPointer(cells))
    }

    /// The key of a tuple of `PostgresSelect.keys` that was taken last.
    var key: RawCell {
        let value = values[nameCount]
        return value.count < 0 ? .null : RawCell(kind: .text, start: value.start, count: value.count)
    }

    private static func firstMark(_ flags: Value) -> Int {
        guard flags.count > 0, let start = flags.start else { return -1 }
        let bytes = UnsafeRawBufferPointer(start: start, count: flags.count)
        return bytes.firstIndex(of: UInt8(ascii: "1")) ?? -1
    }

    /// The name of the row that was taken last.
    var row: RowID {
        if layout.names.kind == .number, let number = Self.number(values[0]) { return .integer(number) }
        if nameCount == 1 { return .text(Self.literal(values[0])) }
        return .text((0..<nameCount).map { Self.literal(values[$0]) }.joined(separator: ", "))
    }

    private static func number(_ value: Value) -> Int64? {
        guard value.count > 0, let start = value.start else { return nil }
        let bytes = UnsafeRawBufferPointer(start: start, count: value.count)
        let isNegative = bytes[0] == UInt8(ascii: "-")
        var number: Int64 = 0
        // Counted downwards, so that the lowest number is one.
        for byte in bytes.dropFirst(isNegative ? 1 : 0) { number = number * 10 - Int64(byte &- 0x30) }
        return isNegative ? number : -number
    }

    private static func literal(_ value: Value) -> String {
        guard value.count >= 0 else { return "NULL" }
        return PostgresNames.literal(UnsafeRawBufferPointer(start: value.start, count: value.count))
    }
}
