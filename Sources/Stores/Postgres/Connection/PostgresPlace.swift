/// Which database a Postgres connection string names, as libpq reads it.
package struct PostgresPlace: Sendable, Hashable {
    /// A name, an address or the folder of a socket, several by comma; empty: libpq's own choice.
    package let host: String
    /// Several by comma where there are several hosts.
    package let port: String
    /// The user's name where the string names no database; empty where it names neither.
    package let database: String
    /// Whether the string holds a password.
    package let hasPassword: Bool

    /// Reads a URI, `postgresql://…`, or pairs such as `host=db dbname=contacts`; nil for anything else.
    package init?(_ dsn: String) {
        guard let settings = PostgresAddress.parse(dsn)?.filter({ !$0.value.isEmpty }) else { return nil }
        let service = settings["service"].map { "service:" + $0 }
        host = settings["host"] ?? settings["hostaddr"] ?? service ?? ""
        port = settings["port"] ?? "5432"
        database = settings["dbname"] ?? settings["user"] ?? ""
        hasPassword = settings["password"] != nil
    }
}
