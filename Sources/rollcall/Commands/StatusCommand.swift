import ArgumentParser
import Contacts
import Foundation
import Ledger

/// `rollcall status`: the last run and what is open.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Says how the last run ended and which findings are open.",
        discussion: "EXAMPLE\n  rollcall status --format json\n\n"
            + ExitStatus.help([
                (.done, "done"), (.usage, "wrong usage or configuration"), (.failure, "an internal failure"),
            ])
    )

    @OptionGroup var common: CommonOptions

    /// What status prints as JSON.
    private struct Answer: Encodable {
        let lastRun: HistoryEntry?
        let lastVerdict: HistoryEntry?
        let open: [String: Int]
        let sync: SyncState
    }

    /// What waits, and whether the service is at work.
    private struct SyncState: Encodable {
        let isRunning: Bool
        let pending: Int
        let oldestPendingAt: Date?
        let dead: Int
        let openErrors: Int
    }

    func run() async throws {
        let session = try await Session(configuration: common.config)
        let status = try session.ledger.status()
        let changes = try session.ledger.changeCounts()
        let sync = SyncState(
            isRunning: try session.state.isServed(),
            pending: changes.pending,
            oldestPendingAt: changes.oldestPendingAt,
            dead: changes.dead,
            openErrors: try session.ledger.errors(openOnly: true, limit: 100_000).count
        )
        if common.format == .json {
            let answer = Answer(
                lastRun: status.lastRun,
                lastVerdict: status.lastVerdict,
                open: status.open,
                sync: sync
            )
            return try Output.json(answer)
        }
        if sync.isRunning { print("the sync service is at work") }
        if sync.pending > 0 { print("changes that wait: \(sync.pending)") }
        if sync.dead > 0 { print("changes that were given up: \(sync.dead)") }
        if sync.openErrors > 0 { print("open errors: \(sync.openErrors); see `rollcall errors`") }
        guard let last = status.lastRun else { return print("no run yet") }
        print("last run: \(last.id), \(last.verb), \(last.verdict?.rawValue ?? "no verdict"), exit \(last.exit)")
        if let verdict = status.lastVerdict, verdict.id != last.id {
            print("last verdict: \(verdict.verdict?.rawValue ?? "-") in \(verdict.id)")
        }
        if status.open.isEmpty { return print("no open findings") }
        print("open findings:")
        print(Output.table(status.open.sorted { $0.key < $1.key }.map { ["  \($0.key)", String($0.value)] }))
    }
}
