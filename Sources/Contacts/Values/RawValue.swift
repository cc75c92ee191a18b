/// One value as a store handed it over, owned. The borrowed form is `RawCell`.
package enum RawValue: Sendable, Hashable {
    case null
    case integer(Int64)
    case real(Double)
    /// In whatever encoding the store held; UTF-8 is expected, not promised.
    case text([UInt8])
    case blob([UInt8])
    /// JSON text whose value this is.
    case json([UInt8])
    /// Rows or elements, with the index of the primary one; nil where none is.
    case list([RawValue], primary: Int?)

    /// A text as UTF-8.
    package static func text(_ string: String) -> RawValue { .text(Array(string.utf8)) }

    /// A copy of a borrowed cell.
    package init(copying cell: RawCell) {
        switch cell.kind {
        case .null: self = .null
        case .integer: self = .integer(cell.number)
        case .real: self = .real(cell.real)
        case .text: self = .text(Array(cell.bytes))
        case .blob: self = .blob(Array(cell.bytes))
        case .json: self = .json(Array(cell.bytes))
        case .list:
            self = .list(cell.members.map { RawValue(copying: $0) }, primary: cell.number < 0 ? nil : Int(cell.number))
        }
    }

    /// Lends the value as a cell that is valid during `body` only.
    package func withCell<Result>(_ body: (RawCell) throws -> Result) rethrows -> Result {
        try Self.withCells([self]) { try body($0[0]) }
    }

    /// Lends several values as cells, in order, valid during `body` only.
    package static func withCells<Result>(
        _ values: [RawValue],
        _ body: (UnsafeBufferPointer<RawCell>) throws -> Result
    ) rethrows -> Result {
        // Offsets into one arena first, pointers once it stands still: however many members a list has, the stack does
        // not grow.
        var bytes: [UInt8] = []
        var members: [RawCell] = []
        var cells: [RawCell] = []
        for value in values { cells.append(value.cell(&bytes, &members)) }
        return try bytes.withUnsafeBytes { arena in
            for index in members.indices { members[index].rebase(onto: arena.baseAddress) }
            return try members.withUnsafeBytes { memberArena in
                for index in cells.indices {
                    cells[index]
                        .rebase(
                            onto: cells[index].kind == .list ? memberArena.baseAddress : arena.baseAddress
                        )
                }
                return try cells.withUnsafeBufferPointer(body)
            }
        }
    }

    /// The cell of this value, with `start` an offset: into `bytes`, or into `members` for a list.
    private func cell(_ bytes: inout [UInt8], _ members: inout [RawCell]) -> RawCell {
        switch self {
        case .null: return .null
        case .integer(let number): return RawCell(kind: .integer, number: number)
        case .real(let number): return RawCell(kind: .real, number: Int64(bitPattern: number.bitPattern))
        case .text(let content): return Self.append(content, .text, &bytes)
        case .blob(let content): return Self.append(content, .blob, &bytes)
        case .json(let content): return Self.append(content, .json, &bytes)
        case .list(let values, let primary):
            // A list inside a list is no store's shape; its members are read as absent ones.
            let cells = values.map { value in
                if case .list = value { RawCell.null } else { value.cell(&bytes, &members) }
            }
            let offset = members.count * MemoryLayout<RawCell>.stride
            members += cells
            return RawCell(
                kind: .list,
                number: Int64(primary ?? -1),
                start: UnsafeRawPointer(bitPattern: offset),
                count: values.count
            )
        }
    }

    private static func append(_ content: [UInt8], _ kind: RawCell.Kind, _ bytes: inout [UInt8]) -> RawCell {
        let offset = bytes.count
        bytes += content
        return RawCell(kind: kind, start: UnsafeRawPointer(bitPattern: offset), count: content.count)
    }
}

extension RawCell {
    /// Turns an offset in `start` into an address.
    fileprivate mutating func rebase(onto base: UnsafeRawPointer?) {
        guard kind.rawValue >= Kind.text.rawValue else { return }
        start = base.map { $0 + Int(bitPattern: start) }
    }
}
