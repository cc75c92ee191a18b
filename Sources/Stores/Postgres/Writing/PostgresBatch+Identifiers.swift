import Contacts

extension PostgresBatch {
    /// The members that changes write into rows of identifiers, to be asked for together.
    func members(of changes: [RecordChange]) -> [PostgresConversion.Wanted] {
        guard let child = plan.layout.child else { return [] }
        return changes.flatMap(plan.layout.resolved.identifiers)
            .flatMap { list -> [PostgresConversion.Wanted] in
                guard case .list(let members, _) = list.value else { return [] }
                return members.map { PostgresConversion.Wanted(column: child.value, value: $0) }
            }
    }

    /// The rows of identifiers of all contacts that changes are about.
    func children(of changes: [Accepted]) throws -> Children {
        guard let child = plan.layout.child, let identifiers else { return [:] }
        let keyIndex = plan.layout.layout.index(of: ContactSchema.Name.key) ?? 0
        var keys: Set<[UInt8]> = []
        for one in changes {
            keys.formUnion(one.records.compactMap(keyText))
            // Of a contact that is added, or gets another key.
            if let value = one.change.values[keyIndex],
                case .text(let bytes)? = try? conversion.stored(value, plan.layout.key)
            {
                keys.insert(bytes)
            }
        }
        let all = Array(keys)
        let rows = try identifiers.rows(of: child, keys: all, beside: plan.layout.key)
        return Dictionary(uniqueKeysWithValues: all.enumerated().map { ($1, rows[$0] ?? []) })
    }

    /// Of these the rows that belong to a key.
    static func rows(of key: RawValue, _ children: Children) -> [StoredRow] {
        if case .text(let bytes) = key { children[bytes] ?? [] } else { [] }
    }

    /// What a change makes of the contact's rows of identifiers.
    ///
    /// - Parameter key: of the contact, as its column holds it.
    func identifierSteps(of change: RecordChange, key: RawValue, _ children: Children) throws -> [RowStep] {
        guard let table = plan.identifiers, let columns = table.identifierColumns else { return [] }
        let flag = columns.primary.flatMap { table.places[$0] }.map { table.columns[$0].kind }
        let steps = IdentifierSteps(
            table: table.name,
            columns: columns,
            usualFlag: flag == .integer || flag == .numeric ? "1" : "true",
            normal: normal,
            stored: { [conversion] value, column in
                guard let place = table.places[column] else { return value }
                return try conversion.stored(value, table.columns[place])
            },
            name: table.name
        )
        let rows = Self.rows(of: key, children)
        return try plan.layout.resolved.identifiers(of: change)
            .flatMap { list in
                let found = rows.filter { $0.image[columns.type] == .text(list.type) }
                return try steps.steps(list, key: key, found: found)
            }
    }
}

extension PostgresTable {
    /// Nil where it is no table of identifiers that could be written.
    var identifierColumns: IdentifierColumns? {
        IdentifierColumns { name in
            columns.first { $0.name.lowercased() == name }.map { ($0.name, $0.isRequired) }
        }
    }
}
