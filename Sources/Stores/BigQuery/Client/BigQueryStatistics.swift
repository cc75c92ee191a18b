import Contacts

/// What BigQuery says of a job that has ended.
struct BigQueryStatistics: Sendable {
    /// Whether a row access policy may have hidden rows from it.
    let isRowFiltered: Bool
    /// Whether a masking rule may have changed values.
    let isMasked: Bool
    /// Bytes that it read.
    let bytesProcessed: Int64

    /// The statistics of a job's resource.
    init(_ job: JSONValue) {
        let statistics = job["statistics"]
        let query = statistics?["query"]
        let isSet = { (name: String, flag: String) in
            [statistics?[name]?[flag], query?[name]?[flag]].contains { $0?.bool == true || $0?.string == "true" }
        }
        isRowFiltered = isSet("rowLevelSecurityStatistics", "rowLevelSecurityApplied")
        isMasked = isSet("dataMaskingStatistics", "dataMaskingApplied")
        bytesProcessed =
            query?["totalBytesProcessed"]?.wireInteger ?? statistics?["totalBytesProcessed"]?.wireInteger ?? 0
    }
}

extension JSONValue {
    /// A whole number, which Google's interfaces write as a string of digits.
    var wireInteger: Int64? { int ?? string.flatMap { Int64($0) } }
}
