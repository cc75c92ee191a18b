import Contacts

/// Reads e-mails and phones of some contacts from the child table.
struct ChildReader: Sendable {
    let child: SupabaseLayout.Child
    let reader: TableReader

    init(_ child: SupabaseLayout.Child, client: PostgRESTClient, pageSize: Int) {
        self.child = child
        reader = TableReader(
            client: client,
            table: child.table,
            rowNames: child.rowNames,
            columns: child.needed,
            pageSize: pageSize
        )
    }

    /// The lists of one contact, by type.
    typealias Lists = [String: RawValue]

    /// The rows that are read at all.
    static let types = "in.(email,phone)"

    /// Portions that are asked for at the same time.
    private static let width = 4

    /// The lists of contacts by their keys, and how many rows they are made of.
    ///
    /// - Parameter keys: as the contact table holds them; those without rows are left out of the answer.
    func lists(of keys: [RawValue], operation: String) async throws -> (lists: [String: Lists], rows: Int) {
        let texts = Set(keys.compactMap(Self.text)).filter(child.contact.admits).sorted()
        let portions = FilterText.portions(texts.map(FilterText.member), room: reader.room)
            .map { Array(texts[$0]) }
        var members: [String: [String: [Member]]] = [:]
        var count = 0
        func take(_ rows: [TableReader.Row]) {
            for row in rows {
                guard let key = Self.text(row.values[0]), let type = Self.text(row.values[1]) else { continue }
                members[key, default: [:]][type, default: []].append(member(row))
                count += 1
            }
        }
        try await withThrowingTaskGroup(of: [TableReader.Row].self) { group in
            for (index, portion) in portions.enumerated() {
                if index >= Self.width, let rows = try await group.next() { take(rows) }
                group.addTask { try await rows(of: portion, operation) }
            }
            while let rows = try await group.next() { take(rows) }
        }
        return (members.mapValues { $0.mapValues(Self.list) }, count)
    }

    private func rows(of keys: [String], _ operation: String) async throws -> [TableReader.Row] {
        let members = keys.map(FilterText.member).joined(separator: ",")
        let conditions = [
            (name: FilterText.name(child.contact.name), value: "in.(\(members))"),
            (name: FilterText.name(child.type.name), value: Self.types),
        ]
        let asked = Set(keys.map { $0.lowercased() })
        return try await reader.rows(conditions, limit: .max, operation: operation) { row in
            Self.text(row.values[0]).map { asked.contains($0.lowercased()) } ?? false
        }
    }

    private struct Member {
        let value: RawValue
        let isPrimary: Bool
    }

    private func member(_ row: TableReader.Row) -> Member {
        let flag = child.primary == nil ? .null : row.values[3]
        return Member(value: row.values[2], isPrimary: IdentifierFlags.isMark(flag))
    }

    private static func list(_ members: [Member]) -> RawValue {
        .list(members.map(\.value), primary: members.firstIndex(where: \.isPrimary))
    }

    /// A key as texts are compared: a number as its digits.
    static func text(_ value: RawValue) -> String? {
        switch value {
        case .integer(let number): String(number)
        case .text(let bytes), .blob(let bytes): String(decoding: bytes, as: UTF8.self)
        case .null, .real, .json, .list: nil
        }
    }
}
