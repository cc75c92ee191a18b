/// Which tables of a PostgREST service hold the contacts, and how they are read.
package struct SupabaseStoreSettings: Sendable, Hashable {
    /// The schema that the tables are in; the service must expose it.
    package var schema = "public"
    /// Which tables and columns hold the contacts.
    package var tables = TableSettings()
    /// How long one request may take.
    package var timeout: Duration = .seconds(60)
    /// Rows that are asked for at a time, at least one; a service that gives fewer is asked more often.
    package var pageSize = 1_000
    /// Whether the key's role is known to pass over row-level security. Where it is not, the store is unproved when the
    /// planner expects more rows than the role is shown.
    package var seesAllRows = false

    /// The tables of schema `public`, read as usual.
    package init() {}
}
