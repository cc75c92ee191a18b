package import Contacts

/// Where a Postgres store is and how it is read.
package struct PostgresStoreSettings: Sendable {
    /// The connection string, as libpq reads it: `postgresql://user:password@host/database` or `host=… user=…`.
    package var dsn: Secret
    /// The schema that the tables are in.
    package var schema = "public"
    /// Which tables and columns hold the contacts.
    package var tables = TableSettings()
    /// How long to wait for the server: to connect, for a lock, for the answer to a statement, and for the next row of a
    /// scan, however long the scan itself takes.
    package var timeout: Duration = .seconds(60)

    /// The database that the connection string leads to, read as usual.
    package init(dsn: Secret) { self.dsn = dsn }
}
