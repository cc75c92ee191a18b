import GRDB

/// How a store of the tests spells a contact.
enum StoreShape: Sendable {
    /// A numeric primary key, a mark of deletion, identifiers in a table of their own.
    case plain
    /// Text keys that may repeat, booleans as words; else as `plain`.
    case texts
    /// Text keys that do not repeat, no mark of deletion; identifiers in a table of their own.
    case bare
    /// Text keys that do not repeat, identifiers as JSON lists, the sync metadata in one JSON column with the mark of
    /// deletion, no `ai_insights`.
    case packed

    var hasChildren: Bool { self != .packed }
    var hasInsights: Bool { self != .packed }

    func key(_ id: Int) -> DatabaseValue { self == .plain ? id.databaseValue : "\(id)".databaseValue }

    func bool(_ flag: Bool) -> DatabaseValue { self == .texts ? "\(flag)".databaseValue : flag.databaseValue }

    /// The tables, empty.
    var tables: String {
        let key =
            switch self {
            case .plain: "INTEGER PRIMARY KEY"
            case .texts: "TEXT"
            case .bare, .packed: "TEXT PRIMARY KEY"
            }
        let metadata = self == .packed ? "sync_metadata TEXT" : "version INTEGER, last_updated TEXT"
        let others =
            (self == .plain || self == .texts ? ", deleted_at TEXT" : "") + (hasInsights ? ", ai_insights TEXT" : "")
            + (hasChildren ? "" : ", emails TEXT, phones TEXT")
        let children = """
            CREATE TABLE contact_identifiers (
                contact_id \(self == .plain ? "INTEGER" : "TEXT") NOT NULL, identifier_type TEXT NOT NULL,
                identifier_value TEXT NOT NULL, identifier_normalized TEXT, is_primary INTEGER NOT NULL);
            CREATE INDEX identifiers_by_contact ON contact_identifiers (contact_id);
            """
        return """
            CREATE TABLE contacts_master (
                contact_id \(key), first_name TEXT, last_name TEXT, job_title TEXT, notes TEXT, birthday TEXT,
                is_me \(self == .texts ? "TEXT" : "INTEGER"), \(metadata)\(others));
            \(self == .texts ? "CREATE INDEX contacts_by_key ON contacts_master (contact_id);" : "")
            \(hasChildren ? children : "")
            """
    }
}
