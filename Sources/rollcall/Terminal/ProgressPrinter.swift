import Audit
import Foundation
import Repair
import Synchronization

/// Shows the progress of an audit, a plan, an apply or an undo on standard error: one line that is written over on a terminal, plain lines otherwise.
final class ProgressPrinter: Sendable {
    private struct State {
        var rows: [String: Int] = [:]
        var start = ContinuousClock.now
        var lastLine = ContinuousClock.now
        var hasLine = false
    }

    private let state = Mutex(State())
    private let isTerminal: Bool
    private let isQuiet: Bool
    private let isVerbose: Bool
    /// Rows of each store at its last complete reading.
    private let expected: [String: Int]

    init(quiet: Bool, verbose: Bool, expected: [String: Int]) {
        isTerminal = isatty(STDERR_FILENO) == 1
        isQuiet = quiet
        isVerbose = verbose
        self.expected = expected
    }

    func show(_ progress: AuditProgress) {
        guard !isQuiet else { return }
        switch progress {
        case .opening(let store): if isVerbose { line("opening \(store)") }
        case .waiting(let text): line(text)
        case .read(let store, let rows): count(store, rows)
        case .scanned(let store, let rows, let seconds):
            line("\(store): \(rows) rows in \(String(format: "%.1f", seconds)) s")
        case .comparing: if isVerbose { line("comparing") }
        case .rechecking(let suspects): line("reading \(suspects) suspect\(suspects == 1 ? "" : "s") again")
        case .planning(let contacts): line("planning for \(contacts) contact\(contacts == 1 ? "" : "s")")
        case .reporting: if isVerbose { line("writing the report") }
        }
    }

    func show(_ progress: ApplyProgress) {
        guard !isQuiet else { return }
        switch progress {
        case .waiting(let text): line(text)
        case .operation(let done, let all): step(done, of: all)
        case .verifying(0): if isVerbose { line("reading again what was written") }
        case .verifying(let contacts): if isVerbose { line("\(contacts) contacts read again") }
        }
    }

    /// Ends the line that is written over.
    func finish() { state.withLock { clear(&$0) } }

    private func count(_ store: String, _ rows: Int) {
        state.withLock { state in
            state.rows[store, default: 0] += rows
            let now = ContinuousClock.now
            guard isTerminal, now - state.lastLine > .milliseconds(100) else { return }
            state.lastLine = now
            let total = state.rows.values.reduce(0, +)
            let rate = Double(total) / max((now - state.start) / .seconds(1), 0.1)
            var text = "\(total) rows, \(Int(rate)) a second"
            let all = expected.values.reduce(0, +)
            if all > total, rate > 0 { text += ", \(Int(Double(all - total) / rate) + 1) s to go" }
            write("\r\u{1B}[K" + text)
            state.hasLine = true
        }
    }

    private func step(_ done: Int, of all: Int) {
        guard isTerminal else {
            if isVerbose || done == all { line("\(done) of \(all) operations") }
            return
        }
        state.withLock { state in
            let now = ContinuousClock.now
            guard done == all || now - state.lastLine > .milliseconds(100) else { return }
            state.lastLine = now
            let rate = Double(done) / max((now - state.start) / .seconds(1), 0.1)
            var text = "\(done) of \(all) operations, \(Int(rate)) a second"
            if done < all, rate > 0 { text += ", \(Int(Double(all - done) / rate) + 1) s to go" }
            write("\r\u{1B}[K" + text)
            state.hasLine = true
        }
    }

    private func line(_ text: String) {
        state.withLock { state in
            clear(&state)
            write(text + "\n")
        }
    }

    private func clear(_ state: inout State) {
        if state.hasLine { write("\r\u{1B}[K") }
        state.hasLine = false
    }

    private func write(_ text: String) {
        // Progress that nobody reads is no loss.
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }
}
