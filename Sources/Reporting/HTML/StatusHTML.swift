package import Contacts
import Foundation

/// How the sync service fares, as one HTML page that loads nothing and runs nothing but its own script.
package enum StatusHTML {
    /// The page. The same status and nonce give the same text.
    ///
    /// - Parameter nonce: Letters and digits that no one can guess; for each page its own.
    /// - Throws: where the template is damaged.
    package static func render(_ status: ServiceStatus, nonce: String = HTMLReport.makeNonce()) throws -> String {
        let errors = status.stores.map(\.openErrors).reduce(0, +)
        let isCalm = status.phase == .running && errors == 0
        let page = HTMLRepairPage(
            nonce: nonce,
            title: "service \(status.phase.rawValue)",
            tone: isCalm ? "consistent" : "inconclusive",
            symbol: isCalm ? "✓" : "!",
            word: status.phase.rawValue,
            sentence: sentence(status, errors: errors),
            when: "as of \(Format.time(status.at))",
            figures: figures(status, errors: errors),
            sections: [stores(status)],
            evidence: [
                HTMLFact(name: "Started", value: UTCTime.text(status.startedAt)),
                HTMLFact(name: "Runs for", value: Format.duration(status.at.timeIntervalSince(status.startedAt))),
            ]
        )
        return try page.render()
    }

    private static func sentence(_ status: ServiceStatus, errors: Int) -> String {
        switch status.phase {
        case .starting: "The service is starting: nothing is propagated yet."
        case .stopping: "The service is stopping: what is in hand is finished, nothing more is taken."
        case .running:
            errors == 0
                ? "The service runs, and no error is open."
                : "The service runs, and \(Format.counted(errors, "error")) \(errors == 1 ? "is" : "are") open."
        }
    }

    private static func figures(_ status: ServiceStatus, errors: Int) -> [HTMLRepairPage.Figure] {
        let pending = status.stores.map(\.pendingEvents).reduce(0, +)
        return [
            HTMLRepairPage.Figure(status.stores.count, status.stores.count == 1 ? "store" : "stores", "configured"),
            HTMLRepairPage.Figure(pending, "pending", "events not yet carried over"),
            HTMLRepairPage.Figure(errors, "open", "errors; see rollcall errors"),
        ]
    }

    private static func stores(_ status: ServiceStatus) -> HTMLRepairSection {
        var section = HTMLRepairSection(id: "stores", heading: "Stores")
        guard !status.stores.isEmpty else {
            section.calm = "There is no store."
            return section
        }
        var table = HTMLRepairTable(
            "Stores",
            columns: ["Store", "Kind", "Last success", "Pending events", "Open errors"]
        )
        for store in status.stores {
            table.add(
                store.name,
                [
                    .text(store.kind), .text(store.lastSuccess.map(Format.time) ?? "never yet"),
                    .number(store.pendingEvents), .number(store.openErrors),
                ]
            )
        }
        section.table = table
        return section
    }
}
