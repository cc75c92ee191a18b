import CPostgres
import Contacts

/// An answer of the server. Used by the thread of its connection.
final class PostgresResult {
    let handle: OpaquePointer

    /// Takes the answer over.
    init(_ handle: OpaquePointer) { self.handle = handle }

    deinit { PQclear(handle) }

    var status: ExecStatusType { PQresultStatus(handle) }
    var count: Int { Int(PQntuples(handle)) }
    /// The rows that a command changed, or that a COPY passed, as the server counts them; nil where it says nothing.
    var affected: Int? { PQcmdTuples(handle).flatMap { Int(String(cString: $0)) } }

    /// A value as text; nil for NULL. The bytes are what the server sent: text, for columns of type text in binary format.
    func text(_ row: Int, _ column: Int) -> String? {
        bytes(row, column).map { String(decoding: $0, as: UTF8.self) }
    }

    /// A value's bytes, valid as long as the answer; nil for NULL.
    func bytes(_ row: Int, _ column: Int) -> UnsafeRawBufferPointer? {
        guard PQgetisnull(handle, Int32(row), Int32(column)) == 0 else { return nil }
        let start = PQgetvalue(handle, Int32(row), Int32(column))
        return UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(handle, Int32(row), Int32(column))))
    }

    /// A boolean that was selected as text.
    func bool(_ row: Int, _ column: Int) -> Bool { text(row, column) == "true" }

    /// What the server says of a failure.
    var failure: PostgresFailure {
        func field(_ code: Character) -> String? {
            guard let ascii = code.asciiValue else { return nil }
            return PQresultErrorField(handle, Int32(ascii)).map { String(cString: $0) }
        }
        return PostgresFailure(
            state: field("C"),
            primary: field("M") ?? PostgresFailure.firstLine(PQresultErrorMessage(handle)),
            table: field("t"),
            column: field("c"),
            constraint: field("n")
        )
    }
}

extension PostgresFailure {
    /// libpq's message without what follows its first line: hints and details.
    static func firstLine(_ text: UnsafePointer<CChar>?) -> String {
        let text = text.map { String(cString: $0) } ?? ""
        return text.split(separator: "\n").first.map { String($0) } ?? "no reason given"
    }

    /// What libpq says of a connection that failed, with the SQLSTATE where the server gave one.
    static func connecting(_ handle: OpaquePointer?) -> PostgresFailure {
        let text = PQerrorMessage(handle).map { String(cString: $0) } ?? ""
        // Verbose messages have the state behind the severity: `FATAL:  28P01: password authentication failed …`.
        let match = text.firstMatch(of: /:  ([0-9A-Z]{5}): ([^\n]*)/)
        return PostgresFailure(
            state: match.map { String($0.output.1) },
            primary: match.map { String($0.output.2) } ?? firstLine(PQerrorMessage(handle))
        )
    }
}
