import Contacts

/// A table that is written: its columns as they are stored, how its rows are named, and what the server does by itself when
/// it is written.
struct PostgresTable: Sendable {
    let name: String
    /// The name as SQL, in its schema.
    let quoted: String
    /// Those that are stored, in the table's order; computed ones are not.
    let columns: [PostgresColumn]
    /// The places in `columns`, by name.
    let places: [String: Int]
    let names: PostgresNames
    /// The places of the columns of a row's name.
    let namePlaces: [Int]
    let followers: [Follower]

    /// A foreign key of another table, or of this one, whose rows the server changes along with the row that they refer to.
    struct Follower: Sendable, Hashable {
        /// The name as SQL, in its schema.
        let table: String
        /// The columns of that table, and those here to which they refer.
        let columns: [String]
        let targets: [String]
        let followsDeletes: Bool
        let followsUpdates: Bool
    }

    /// What the catalog says of a table.
    ///
    /// - Parameter key: as `PostgresNames` has it.
    /// - Throws: `StoreError` where it is no table whose rows can be written one by one and restored.
    init(_ catalog: PostgresCatalog, key: [PostgresColumn], store: PostgresStore, _ link: PostgresLink) throws {
        guard ["r", "p"].contains(catalog.kind) else {
            throw store.error(
                .readOnly,
                "open",
                "\(catalog.table) is a view or a foreign table, whose rows cannot be written as they are read. Set"
                    + " stores.\(store.name).table to the table behind it."
            )
        }
        name = catalog.table
        quoted = store.table(catalog.table)
        let columns = catalog.columns.filter { !$0.isGenerated }
        self.columns = columns
        if let hidden = columns.first(where: { !$0.isReadable }) {
            throw store.error(
                .denied,
                "open",
                "the role of stores.\(store.name).dsn may not read column \(hidden.name) of table \(catalog.table): what it"
                    + " writes could not be taken back. Grant SELECT on the whole table."
            )
        }
        let columnNames = columns.map(\.name)
        let places = Dictionary(zip(columnNames, columnNames.indices)) { first, _ in first }
        self.places = places
        names = PostgresNames(catalog, key: key)
        namePlaces = names.columns.compactMap { places[$0.name] }
        guard namePlaces.count == names.columns.count else {
            throw store.error(
                .readOnly,
                "open",
                "the key of table \(catalog.table) is computed by the server, and its rows cannot be written one by one."
            )
        }
        followers = try Self.followers(of: catalog.oid, link)
    }

    /// All stored columns of a row as SQL, behind its name.
    ///
    /// - Parameter alias: of the table, with its dot.
    func selected(_ alias: String) -> String {
        (names.selected(alias) + columns.map { $0.selected(alias) }).joined(separator: ", ")
    }

    /// The foreign keys that refer to a table and make the server change other rows.
    private static func followers(of oid: String, _ link: PostgresLink) throws -> [Follower] {
        let rows = try link.query(
            """
            SELECT k.oid::pg_catalog.text, n.nspname::pg_catalog.text, t.relname::pg_catalog.text,
                a.attname::pg_catalog.text, r.attname::pg_catalog.text,
                (k.confdeltype IN ('c', 'n', 'd'))::pg_catalog.text, (k.confupdtype IN ('c', 'n', 'd'))::pg_catalog.text
            FROM pg_catalog.pg_constraint k
                JOIN pg_catalog.pg_class t ON t.oid = k.conrelid JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
                CROSS JOIN LATERAL ROWS FROM (pg_catalog.unnest(k.conkey), pg_catalog.unnest(k.confkey))
                    WITH ORDINALITY AS c(own, other, place)
                JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = c.own
                JOIN pg_catalog.pg_attribute r ON r.attrelid = k.confrelid AND r.attnum = c.other
            WHERE k.contype = 'f' AND k.confrelid = $1::pg_catalog.oid AND k.conparentid = 0
                AND (k.confdeltype IN ('c', 'n', 'd') OR k.confupdtype IN ('c', 'n', 'd'))
            ORDER BY k.oid, c.place
            """,
            [Array(oid.utf8)]
        )
        let groups = Dictionary(grouping: 0..<rows.count) { rows.text($0, 0) ?? "" }
        return groups.sorted { $0.key < $1.key }
            .compactMap { _, own in
                guard let first = own.first else { return nil }
                return Follower(
                    table: SQLName.quoted(rows.text(first, 1) ?? "") + "." + SQLName.quoted(rows.text(first, 2) ?? ""),
                    columns: own.map { rows.text($0, 3) ?? "" },
                    targets: own.map { rows.text($0, 4) ?? "" },
                    followsDeletes: rows.bool(first, 5),
                    followsUpdates: rows.bool(first, 6)
                )
            }
    }

    // MARK: Rows

    /// A row of an answer that selects `selected`.
    ///
    /// - Parameter first: the place of the row's name in it.
    func row(_ result: PostgresResult, _ row: Int, from first: Int = 0) -> StoredRow {
        let name = names.name((0..<names.count).map { result.text(row, first + $0) })
        var image: StoredRow.Image = [:]
        for (place, column) in columns.enumerated() {
            image[column.name] = PostgresValue.value(result.bytes(row, first + names.count + place), column.form)
        }
        return StoredRow(name: name, image: image)
    }

    /// The name that a row with these columns gets; nil where the server chooses it.
    func name(of image: [String: RawValue]) -> RowID? {
        guard names.kind != .place else { return nil }
        var values: [String?] = []
        for place in namePlaces {
            guard case .text(let bytes)? = image[columns[place].name] else { return nil }
            values.append(String(decoding: bytes, as: UTF8.self))
        }
        return names.name(values)
    }
}
