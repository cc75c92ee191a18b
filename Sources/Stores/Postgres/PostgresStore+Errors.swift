import Contacts

extension PostgresStore {
    /// What the server's failure means to whoever runs the audit. Of the server's words only those are kept that hold no
    /// value.
    func storeError(_ failure: PostgresFailure, _ operation: String) -> StoreError {
        let told = failure.told
        func error(_ code: StoreError.Code, _ message: String, isRetryable: Bool = false) -> StoreError {
            self.error(code, operation, message, isRetryable: isRetryable)
        }
        guard let state = failure.state else {
            return error(
                .unreachable,
                "the connection to the server was lost: \(told). Run the same command again.",
                isRetryable: true
            )
        }
        switch state {
        case "42501": return error(.denied, denied(told))
        case "42P01": return error(.noTable, "a table is not there: \(told). Check stores.\(name).table.")
        case "3F000": return error(.noTable, "there is no schema \(settings.schema). Check stores.\(name).schema.")
        case "42703", "42804":
            return error(
                .changing,
                "a table was changed while it was read (\(told)). Run the same command again.",
                isRetryable: true
            )
        case "25006":
            return error(.readOnly, "the server takes no writes: \(told). Name the primary server in the dsn.")
        case "55P03":
            return error(
                .locked,
                "a table was locked for longer than \(settings.timeout). Try again when whoever holds it is done, or raise"
                    + " stores.\(name).timeout.",
                isRetryable: true
            )
        case "57014":
            return error(
                .unreachable,
                "a statement took longer than \(settings.timeout), or was cancelled at the server. Raise"
                    + " stores.\(name).timeout.",
                isRetryable: true
            )
        case "40001", "40P01":
            return error(
                .changing,
                "other writers were in the way again and again (\(state)). Run the same command again.",
                isRetryable: true
            )
        case "53100": return error(.full, "the server has no room left: \(told). Make room and run the command again.")
        case "XX001", "XX002":
            return error(.damaged, "the server says that the table is damaged: \(told). Restore it from a backup.")
        case PostgresLink.protocolViolation:
            return error(.protocolViolation, "the server's answer breaks the protocol: \(told).")
        default: break
        }
        if failure.isOf("28") { return error(.credentials, credentials(told)) }
        if failure.isOf("08", "53") || state.hasPrefix("57P") {
            return error(.unreachable, "the server does not serve: \(told). Try again later.", isRetryable: true)
        }
        return error(.input, "the server refuses it: \(told).")
    }

    /// What a failure to connect means.
    func connectingError(_ failure: PostgresFailure, _ address: PostgresAddress) -> StoreError {
        if failure.state == "3D000" {
            return error(
                .missing,
                "open",
                "\(address.place): \(failure.told). Check the database in stores.\(name).dsn."
            )
        }
        if failure.state != nil { return storeError(failure, "open") }
        let told = failure.told
        let lowercased = told.lowercased()
        if lowercased.contains("no password supplied") || lowercased.contains("password retrieved") {
            return error(.credentials, "open", credentials(told))
        }
        if ["ssl", "certificate", "tls"].contains(where: lowercased.contains) {
            let why =
                address.hasOwnTLSMode
                ? " Without an sslmode in stores.\(name).dsn a server that is not on this machine must prove its name"
                    + " (verify-full)." : ""
            return error(
                .untrusted,
                "open",
                "\(address.place) has no TLS certificate that can be trusted: \(told).\(why) Name the server as its"
                    + " certificate does, and the file of its authority in the dsn: ?sslmode=verify-full&sslrootcert=FILE."
            )
        }
        return error(
            .unreachable,
            "open",
            "there is no way to \(address.place): \(told). Check stores.\(name).dsn and the network.",
            isRetryable: true
        )
    }

    private func credentials(_ told: String) -> String {
        "the server does not let us in: \(told). Check the user and the password in stores.\(name).dsn."
    }

    private func denied(_ told: String) -> String {
        if told.contains("row-level security") {
            return "\(told). Rows that are hidden would look like rows that are missing: let the role of"
                + " stores.\(name).dsn be one that sees all of them (ALTER ROLE … BYPASSRLS)."
        }
        return "\(told). Grant it to the role of stores.\(name).dsn."
    }
}
