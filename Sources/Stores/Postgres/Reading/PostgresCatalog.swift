import Contacts

/// What the catalog says of a table: its columns, its keys and its size.
struct PostgresCatalog: Sendable {
    /// An index whose columns are all plain ones.
    struct Index: Sendable, Hashable {
        let columns: [String]
        let isPrimary: Bool
        let isUnique: Bool
        /// Whether every row is in it.
        let isWhole: Bool
    }

    let oid: String
    /// The table's name in its own letter case.
    let table: String
    /// `r` a table, `p` a partitioned one, `v` a view, `m` a materialised one, `f` a foreign one.
    let kind: String
    let columns: [PostgresColumn]
    let indexes: [Index]
    /// Blocks of the table's own file.
    let blocks: Int64

    /// Nil where the schema has no such table.
    init?(table: String, store: PostgresStore, _ link: PostgresLink) throws {
        let found = try link.query(
            """
            SELECT c.oid::pg_catalog.text, c.relname::pg_catalog.text, c.relkind::pg_catalog.text,
                CASE WHEN c.relkind IN ('r', 'm') THEN pg_catalog.pg_relation_size(c.oid) / pg_catalog.current_setting(
                    'block_size')::pg_catalog.int8 ELSE 0 END::pg_catalog.text
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = $1 AND pg_catalog.lower(c.relname) = pg_catalog.lower($2)
                AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
            ORDER BY c.relname = $2 DESC LIMIT 1
            """,
            [Array(store.settings.schema.utf8), Array(table.utf8)]
        )
        guard found.count == 1, let oid = found.text(0, 0), let name = found.text(0, 1), let kind = found.text(0, 2)
        else {
            return nil
        }
        self.oid = oid
        self.table = name
        self.kind = kind
        blocks = found.text(0, 3).flatMap { Int64($0) } ?? 0
        columns = try Self.columns(of: oid, link)
        indexes = try Self.indexes(of: oid, link)
    }

    /// Whether rows have a place of their own, a `ctid`, in this one table.
    var hasPlaces: Bool { kind == "r" || kind == "m" }

    func column(_ name: String) -> PostgresColumn? { columns.first { $0.name == name } }

    /// The columns of the primary key, else of a unique index none of whose columns may be NULL; nil where there is neither.
    var uniqueKey: [String]? {
        let whole = indexes.filter { $0.isUnique && $0.isWhole }
        if let primary = whole.first(where: \.isPrimary) { return primary.columns }
        return whole.filter { $0.columns.allSatisfy { column($0)?.isRequired == true } }
            .min { $0.columns.count < $1.columns.count }?
            .columns
    }

    /// Whether rows are found by that column without reading the table through.
    func isIndexed(_ column: String) -> Bool { indexes.contains { $0.isWhole && $0.columns.first == column } }

    /// Whether no two rows have the same value there.
    func isUnique(_ column: String) -> Bool {
        indexes.contains { $0.isUnique && $0.isWhole && $0.columns == [column] }
    }

    private static func columns(of oid: String, _ link: PostgresLink) throws -> [PostgresColumn] {
        let rows = try link.query(
            """
            SELECT a.attname::pg_catalog.text, pg_catalog.format_type(a.atttypid, a.atttypmod),
                pg_catalog.format_type(a.atttypid, NULL), b.typname::pg_catalog.text,
                (b.typcategory = 'A' AND b.typelem <> 0 AND b.typlen = -1)::pg_catalog.text,
                pg_catalog.has_column_privilege(a.attrelid, a.attnum, 'SELECT')::pg_catalog.text,
                a.attnotnull::pg_catalog.text, (a.attgenerated <> '')::pg_catalog.text,
                (a.attidentity = 'a')::pg_catalog.text
            FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
                LEFT JOIN pg_catalog.pg_type d ON d.oid = t.typbasetype
                JOIN pg_catalog.pg_type b ON b.oid = CASE WHEN t.typtype <> 'd' THEN t.oid
                    WHEN d.typtype = 'd' THEN d.typbasetype ELSE d.oid END
            WHERE a.attrelid = $1::pg_catalog.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
            """,
            [Array(oid.utf8)]
        )
        return (0..<rows.count)
            .map { row in
                let type = rows.text(row, 1) ?? ""
                let base = rows.text(row, 3) ?? ""
                let isArray = rows.bool(row, 4)
                return PostgresColumn(
                    name: rows.text(row, 0) ?? "",
                    type: type,
                    plainType: rows.text(row, 2) ?? type,
                    form: isArray ? .list : forms[base] ?? .text,
                    kind: kinds[base] ?? .other,
                    baseType: base,
                    isReadable: rows.bool(row, 5),
                    isRequired: rows.bool(row, 6),
                    isGenerated: rows.bool(row, 7),
                    isAlwaysNumbered: rows.bool(row, 8)
                )
            }
    }

    private static let forms: [String: PostgresColumn.Form] = ["json": .json, "jsonb": .json, "bytea": .bytes]
    private static let kinds: [String: PostgresColumn.Kind] = [
        "int2": .integer, "int4": .integer, "int8": .integer, "numeric": .numeric, "uuid": .uuid, "text": .text,
        "varchar": .text,
    ]

    private static func indexes(of oid: String, _ link: PostgresLink) throws -> [Index] {
        let rows = try link.query(
            """
            SELECT i.indexrelid::pg_catalog.text, i.indisprimary::pg_catalog.text, i.indisunique::pg_catalog.text,
                (i.indpred IS NULL)::pg_catalog.text, a.attname::pg_catalog.text
            FROM pg_catalog.pg_index i
                CROSS JOIN LATERAL pg_catalog.unnest(i.indkey::pg_catalog.int2[]) WITH ORDINALITY AS k(attnum, place)
                JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
            WHERE i.indrelid = $1::pg_catalog.oid AND i.indisvalid AND i.indisready AND i.indexprs IS NULL
                AND k.place <= i.indnkeyatts
            ORDER BY i.indexrelid, k.place
            """,
            [Array(oid.utf8)]
        )
        var order: [String] = []
        var found: [String: Index] = [:]
        for row in 0..<rows.count {
            let id = rows.text(row, 0) ?? ""
            if found[id] == nil { order.append(id) }
            found[id] = Index(
                columns: (found[id]?.columns ?? []) + [rows.text(row, 4) ?? ""],
                isPrimary: rows.bool(row, 1),
                isUnique: rows.bool(row, 2),
                isWhole: rows.bool(row, 3)
            )
        }
        return order.compactMap { found[$0] }
    }

    /// The tables of a schema, at most ten; nil where there is no such schema.
    static func tables(of store: PostgresStore, _ link: PostgresLink) throws -> [String]? {
        let rows = try link.query(
            """
            SELECT c.relname::pg_catalog.text FROM pg_catalog.pg_namespace n
                LEFT JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
            WHERE n.nspname = $1 ORDER BY 1 LIMIT 10
            """,
            [Array(store.settings.schema.utf8)]
        )
        return rows.count == 0 ? nil : (0..<rows.count).compactMap { rows.text($0, 0) }
    }
}
