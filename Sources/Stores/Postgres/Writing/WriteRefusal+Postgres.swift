extension WriteRefusal {
    /// What PostgreSQL's failure says of the change; nil where the store as a whole cannot be written.
    ///
    /// - Parameter table: of the statement that failed.
    init?(ofPostgres error: any Error, table: String) {
        if let refusal = error as? WriteRefusal {
            self = refusal
            return
        }
        guard let failure = error as? PostgresFailure, let state = failure.state else { return nil }
        // A trigger's statement may have failed in another table.
        let table = failure.table ?? table
        let constraint = failure.constraint.map { " (\($0))" } ?? ""
        switch state {
        case "23505": why = "another row of table \(table) has the same value, which must be unique\(constraint)"
        case "23502": why = "\(failure.column.map { "column \($0)" } ?? "a column") of table \(table) must not be NULL"
        case "23503":
            why =
                "a foreign key would lead nowhere\(constraint): a row refers to one that is not there, or is referred to"
        case "23514": why = "a CHECK constraint of table \(table) does not hold\(constraint)"
        case "23P01": why = "an exclusion constraint of table \(table) does not hold\(constraint)"
        case "22001": why = "a value is longer than its column of table \(table) takes"
        case "54000": why = "a value is longer than an index of table \(table) takes"
        case "22021", "22P05": why = PostgresValue.refusedText
        case "42501": why = "the role may not write table \(table), or what a trigger of it writes (42501)"
        case "428C9": why = "a column of table \(table) gets its values from the server alone"
        case "22P02", "22007", "22008", "22003":
            why = "a column of table \(table) has a type that cannot hold the value"
        case _ where state.hasPrefix("P0"): why = "a trigger of table \(table) refuses it"
        case _ where failure.isOf("22", "23", "42", "44", "0A", "38", "39", "2F"):
            why = "table \(table) cannot be written so (SQLSTATE \(state))"
        default: return nil
        }
    }
}
