import Foundation

/// A state of the dataset's tables, by the server's clock.
struct BigQuerySnapshot: Sendable, Hashable {
    /// Microseconds since 1970.
    let microseconds: Int64

    var date: Date { Date(timeIntervalSince1970: Double(microseconds) / 1e6) }

    /// What follows a table in a FROM clause; nothing for what has no earlier states.
    func clause(_ table: BigQueryTable) -> String {
        table.isTable ? " FOR SYSTEM_TIME AS OF TIMESTAMP_MICROS(\(microseconds))" : ""
    }

    /// For people.
    var text: String {
        date.formatted(.iso8601.time(includingFractionalSeconds: true))
    }
}

extension BigQuerySnapshot? {
    /// What follows a table in a FROM clause.
    func clause(_ table: BigQueryTable) -> String { self?.clause(table) ?? "" }
}
