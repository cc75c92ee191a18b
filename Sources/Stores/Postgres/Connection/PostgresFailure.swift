/// What the server, or libpq on the way to it, says that went wrong. Its DETAIL, which quotes rows, is never read.
struct PostgresFailure: Error, Sendable {
    /// The SQLSTATE, five characters; nil where libpq itself failed.
    let state: String?
    /// The server's words; for this module only, since they may quote values.
    private let primary: String
    let table: String?
    let column: String?
    let constraint: String?

    init(
        state: String?,
        primary: String,
        table: String? = nil,
        column: String? = nil,
        constraint: String? = nil
    ) {
        self.state = state
        self.primary = primary
        self.table = table
        self.column = column
        self.constraint = constraint
    }

    /// Whether the state is of one of these classes, its first two characters.
    func isOf(_ classes: String...) -> Bool { state.map { classes.contains(String($0.prefix(2))) } ?? false }

    /// The server's words where they are about names, rights, connections and files, and cannot hold a value; else the
    /// state alone. What an application raises itself is never told.
    var told: String {
        guard let state else { return primary }
        if state == PostgresLink.protocolViolation { return primary }
        let isHarmless = isOf("08", "0A", "25", "28", "3D", "3F", "53", "55", "57", "58") || isHarmlessName(state)
        return isHarmless ? "\(primary) (\(state))" : "SQLSTATE \(state)"
    }

    /// Of class 42 those that name tables, columns and rights; a syntax error quotes the text around it. XX001 and XX002 are
    /// about files.
    private func isHarmlessName(_ state: String) -> Bool {
        ["42501", "42P01", "42703", "42883", "42704", "42P17", "42702", "XX001", "XX002"].contains(state)
    }
}
