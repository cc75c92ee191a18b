import Logging
import Sync

/// What the sync service says of its work.
enum SyncText {
    /// What a cycle came to, in a sentence.
    static func sentence(_ report: SyncReport) -> String {
        var parts = ["\(report.written) operations done"]
        if report.manual > 0 { parts.append("\(report.manual) cases left to a person: see `rollcall conflicts`") }
        if report.dead > 0 { parts.append("\(report.dead) changes given up: see `rollcall errors`") }
        if !report.failed.isEmpty { parts.append("not read or written: \(report.failed.joined(separator: ", "))") }
        return parts.joined(separator: "; ")
    }

    static func log(_ notice: SyncNotice, _ logger: Logger) {
        switch notice {
        case .resumed(let report): log("resumed", report, nil, logger)
        case .readThrough(let report, let time): log("all stores read", report, time, logger)
        case .carriedOut(let report, let time): log("changes carried out", report, time, logger)
        case .failed(let why, let pause):
            logger.error("a cycle failed", metadata: ["why": "\(why)", "pause": "\(seconds(pause))"])
        case .untold(let why): logger.error("the alert was not sent", metadata: ["why": "\(why)"])
        }
    }

    private static func log(_ message: Logger.Message, _ report: SyncReport, _ time: Duration?, _ logger: Logger) {
        var metadata: Logger.Metadata = ["changes": "\(report.changes)", "done": "\(report.written)"]
        if let time { metadata["seconds"] = "\(seconds(time))" }
        if report.manual > 0 { metadata["manual"] = "\(report.manual)" }
        if report.dead > 0 { metadata["dead"] = "\(report.dead)" }
        if !report.failed.isEmpty { metadata["failed"] = "\(report.failed.joined(separator: ","))" }
        for (store, count) in report.agreed { metadata["agreed.\(store)"] = "\(count)" }
        logger.log(level: report.failed.isEmpty && report.dead == 0 ? .info : .warning, message, metadata: metadata)
    }

    private static func seconds(_ time: Duration) -> Double {
        ((Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18) * 1000).rounded() / 1000
    }
}
