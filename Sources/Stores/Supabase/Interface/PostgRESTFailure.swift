import Contacts
import Transport

/// An answer that is an error: of Postgres, of PostgREST, or of what stands before it. Its own words may hold values of
/// contacts and go nowhere.
struct PostgRESTFailure: Sendable {
    let status: Int
    /// The SQLSTATE, or PostgREST's own code; empty where there is none.
    let code: String
    /// The constraint or column that the server names.
    private let named: String?

    init(_ response: HTTPResponse) {
        status = response.status
        let body = try? response.json()
        code = body?["code"]?.string ?? ""
        let message = body?["message"]?.string ?? ""
        named = message.firstMatch(of: /(?:constraint|column) "([A-Za-z0-9_]+)"/).map { String($0.output.1) }
    }

    /// Whether Postgres itself says so: the transaction is rolled back then.
    private var isOfDatabase: Bool {
        code.utf8.count == 5 && code.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) }
    }

    /// Whether it may have been done nevertheless.
    var isUnclear: Bool { status >= 500 && !isOfDatabase || status == 408 }

    /// Whether it is about the row that was to be written, and another row may be taken.
    var isAboutRow: Bool { isConflict || isTooMany || isBusy || refusal(table: "") != nil }

    /// Whether another row has the key.
    var isConflict: Bool { code == "23505" }

    /// Whether more rows were met than the request allows; none was changed.
    var isTooMany: Bool { code == "PGRST124" }

    /// Whether another transaction was in the way.
    var isBusy: Bool { code.hasPrefix("40") && isOfDatabase || code == "55P03" }

    /// Why the database does not take a row, in a sentence without values; nil where it is about something else.
    func refusal(table: String) -> String? {
        guard isOfDatabase else { return nil }
        let what = named.map { " (\($0))" } ?? ""
        switch code {
        case "22001": return "a value is longer than its column of table \(table) takes"
        case "22P05", "22021": return "table \(table) takes no text with the character U+0000"
        case "23502": return "a column of table \(table) must not be NULL\(what)"
        case "23503":
            return "a foreign key would lead nowhere: a row of table \(table) refers to one that is not there, or is"
                + " referred to\(what)"
        case "23505": return "another row of table \(table) has the same value, which must be unique\(what)"
        case "23514": return "a CHECK constraint of table \(table) does not hold\(what)"
        case "428C9": return "a column of table \(table) is computed, and cannot be written\(what)"
        case "P0001": return "a trigger of table \(table) refuses it"
        default: break
        }
        if code.hasPrefix("22") { return "a value is none of its column's type in table \(table) (\(code))" }
        if code.hasPrefix("23") { return "a constraint of table \(table) refuses it\(what) (\(code))" }
        return nil
    }

    /// What it means to whoever runs the audit.
    ///
    /// - Parameter table: that was asked for; nil where none was.
    func storeError(store: String, schema: String, table: String?, operation: String) -> StoreError {
        func error(_ code: StoreError.Code, _ message: String, isRetryable: Bool = false) -> StoreError {
            StoreError(code, store: store, operation: operation, message: message, isRetryable: isRetryable)
        }
        let name = table.map { "\(schema).\($0)" } ?? "the service"
        let tells = "status \(status)" + (isToken ? ", \(code)" : "")
        switch (status, code) {
        case (_, "PGRST106"):
            return error(
                .noTable,
                "schema \(schema) is not exposed. Check stores.\(store).schema, and the exposed schemas in the project's"
                    + " API settings."
            )
        case (_, "PGRST205"), (_, "42P01"):
            return error(
                .noTable,
                "there is no table \(name). Set stores.\(store).table; a table that was just made is seen after `NOTIFY"
                    + " pgrst, 'reload schema'`."
            )
        case (_, "42703"), (_, "PGRST204"):
            return error(.badMapping, "table \(name) lacks a column that it had when it was opened. Try again.")
        case (_, "25006"):
            return error(.readOnly, "the database takes no writes at the moment (\(tells)). Try again when it does.")
        case (_, "53100"):
            return error(.full, "the database has no room left (\(tells)). Make room and run the same command again.")
        case (_, "57014"):
            return error(
                .unreachable,
                "the database broke a request to \(name) off after its statement timeout. Raise the role's"
                    + " statement_timeout, or add an index on the key.",
                isRetryable: true
            )
        case (401, _) where code != "42501":
            return error(
                .credentials,
                "the service does not accept the key (\(tells)). Check stores.\(store).serviceKey: it may be wrong,"
                    + " expired or revoked."
            )
        // Without a right the status is 401 where the key is nobody's in particular.
        case (401, _), (403, _), (405, _):
            return error(
                operation == "write" ? .readOnly : .denied,
                "the key's role may not \(operation == "write" ? "write" : "read") all of \(name) (\(tells)). Grant it the"
                    + " right, on every column, or use the service_role or secret key."
            )
        case (404, _):
            return error(
                .protocolViolation,
                "there is no PostgREST at stores.\(store).url (\(tells)). It is the project's URL, without a path."
            )
        case (429, _):
            return error(
                .unreachable,
                "the service takes no more requests for the moment (\(tells)). Try again later.",
                isRetryable: true
            )
        case (500..., _):
            return error(.unreachable, "the service fails (\(tells)). Try again later.", isRetryable: true)
        default:
            return error(
                .protocolViolation,
                "the service refuses a request about \(name) (\(tells)). It must be PostgREST 12.2 or later."
            )
        }
    }

    /// Whether the code is fit for a message.
    private var isToken: Bool { code.wholeMatch(of: /[A-Z0-9]{5,8}/) != nil }
}
