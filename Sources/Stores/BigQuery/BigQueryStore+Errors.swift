import Contacts
import Transport

extension BigQueryStore {
    /// What BigQuery's refusal means to whoever runs the audit. Its own words are left out, since they may quote values; the names of tables
    /// are ours.
    func storeError(_ failure: BigQueryFailure, _ operation: String) -> StoreError {
        let place = "\(settings.project).\(settings.dataset)"
        switch (failure.reason, failure.status) {
        case ("bytesBilledLimitExceeded", _):
            return error(
                .tooCostly,
                operation,
                "BigQuery would bill more than \(settings.maximumBytesBilled) bytes for one statement. Raise"
                    + " stores.\(name).maximumBytesBilled if that is what it may cost."
            )
        case ("responseTooLarge", _):
            return error(
                .input,
                operation,
                "the result is larger than BigQuery keeps without a table for it (10 GB). Set stores.\(name).pushdown to true,"
                    + " so that only what differs is read."
            )
        case ("quotaExceeded", _), ("rateLimitExceeded", _), ("jobRateLimitExceeded", _), (_, 429):
            return error(
                .unreachable,
                operation,
                "BigQuery says that a quota of project \(settings.project) is used up (\(failure.reason)). Try again later, or"
                    + " raise the quota.",
                isRetryable: true
            )
        case (_, 401):
            return error(
                .credentials,
                operation,
                "BigQuery does not accept the credential. Check stores.\(name).credentials; it may be expired or revoked."
            )
        case ("accessDenied", _), ("billingNotEnabled", _), (_, 403):
            return error(
                .denied,
                operation,
                "the credential may not do this in \(place) (\(failure.reason)). It needs BigQuery Job User in the project and"
                    + " BigQuery Data Viewer on the dataset (Data Editor for repairs), and no column may be closed to it."
            )
        case ("notFound", _), (_, 404):
            return error(
                .noTable,
                operation,
                "BigQuery finds no such project, dataset or table: \(place). Check stores.\(name).project, dataset, table and"
                    + " location."
            )
        case ("stopped", _), ("timeout", _):
            return error(
                .unreachable,
                operation,
                "BigQuery ended a statement before it was done (\(failure.reason)). Try again, or raise stores.\(name).timeout.",
                isRetryable: true
            )
        default:
            let isServers = failure.isTransient || failure.status >= 500
            return error(
                isServers ? .unreachable : .input,
                operation,
                "BigQuery could not run a statement (status \(failure.status), \(failure.reason)\(failure.place))."
                    + (isServers
                        ? " Try again later."
                        : " Check that the tables of stores.\(name) are still what its columns were found to be."),
                isRetryable: isServers
            )
        }
    }

    /// Any error of a piece of work as the store's own.
    func wrapped(_ error: any Error, _ operation: String) -> any Error {
        switch error {
        case let failure as BigQueryFailure: storeError(failure, operation)
        case let error as TransportError: StoreError.of(error, store: name, operation)
        default: error
        }
    }

    /// The server's answer is not what BigQuery's interface says.
    func violation(_ operation: String, _ what: String) -> StoreError {
        error(
            .protocolViolation,
            operation,
            "the answer of \(service.endpoint.host) is not BigQuery's: \(what). Check stores.\(name).endpoint."
        )
    }
}
