import CCurl
import Foundation
import Synchronization

/// Carries out transfers on a thread of its own, which alone uses libcurl.
final class TransferDriver: Sendable {
    private enum Command {
        case begin(id: Int, TransferPlan, Transfer.Completion)
        case cancel(id: Int)
    }

    private struct State {
        var commands: [Command] = []
        var isClosed = false
        var lastID = 0
    }

    private let state = Mutex(State())
    /// Used by the thread, but for waking it up, which libcurl allows from anywhere while the handle lives: the thread
    /// frees it after the state is closed, and the others wake it up under the state's lock, while that is open.
    private nonisolated(unsafe) let multi: UnsafeMutableRawPointer?

    /// Connections kept open for later requests.
    private static let keptConnections = 16
    private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    init() { multi = Self.isReady ? curl_multi_init() : nil }

    /// Begins the thread. To be called once; it ends by `close`.
    func start() {
        guard multi != nil else { return close() }
        let thread = Thread { self.run() }
        thread.name = "rollcall-http"
        thread.start()
    }

    /// Ends the thread, and the transfers under way with `cancelled`. May be called again.
    func close() {
        state.withLock { state in
            guard !state.isClosed else { return }
            state.isClosed = true
            wake()
        }
    }

    /// Carries out one transfer; the task's cancellation breaks it off.
    func carryOut(_ plan: TransferPlan) async -> Result<HTTPResponse, TransportError> {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { completion in
                let isTaken = submit(.begin(id: id, plan, completion))
                guard isTaken else { return completion.resume(returning: .failure(.closed)) }
                // A cancellation until here came before there was anything to cancel.
                if Task.isCancelled { submit(.cancel(id: id)) }
            }
        } onCancel: {
            submit(.cancel(id: id))
        }
    }

    /// Hands a command to the thread; false where it has ended.
    @discardableResult
    private func submit(_ command: Command) -> Bool {
        state.withLock { state in
            guard !state.isClosed else { return false }
            state.commands.append(command)
            wake()
            return true
        }
    }

    private func wake() {
        if let multi { curl_multi_wakeup(multi) }
    }

    // MARK: On the thread

    private func run() {
        ignoreBrokenPipes()
        rollcall_curl_keep_connections(multi, Self.keptConnections)
        var transfers: [Transfer] = []
        while carryOutCommands(&transfers) {
            var running: Int32 = 0
            curl_multi_perform(multi, &running)
            endFinished(&transfers)
            let patience = endIdle(&transfers)
            curl_multi_poll(multi, nil, 0, patience, nil)
        }
        for transfer in transfers {
            curl_multi_remove_handle(multi, transfer.easy)
            transfer.fail(.cancelled, TransportError.closed.message)
        }
        transfers = []
        curl_multi_cleanup(multi)
    }

    /// Writing to a connection that the other side has closed is an error like others, not the end of the program.
    private func ignoreBrokenPipes() {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    /// Does what was asked since the last time; false at the end.
    private func carryOutCommands(_ transfers: inout [Transfer]) -> Bool {
        let (commands, isClosed) = state.withLock { state in
            defer { state.commands = [] }
            return (state.commands, state.isClosed)
        }
        for command in commands {
            switch command {
            case .begin(let id, let plan, let completion):
                begin(id, plan, completion, &transfers)
            case .cancel(let id):
                end(transfers.filter { $0.id == id }, of: &transfers) {
                    $0.fail(.cancelled, TransportError.cancelled.message)
                }
            }
        }
        return !isClosed
    }

    private func begin(
        _ id: Int,
        _ plan: TransferPlan,
        _ completion: Transfer.Completion,
        _ transfers: inout [Transfer]
    ) {
        guard let transfer = Transfer(id: id, plan: plan, completion: completion),
            curl_multi_add_handle(multi, transfer.easy) == CURLM_OK
        else {
            let message = "The request to \(plan.host) cannot be begun: libcurl has no memory, or lacks HTTP/2 or TLS."
            return completion.resume(returning: .failure(TransportError(.connect, message)))
        }
        transfers.append(transfer)
    }

    private func endFinished(_ transfers: inout [Transfer]) {
        var result = CURLE_OK
        while let easy = rollcall_curl_next_ended(multi, &result) {
            end(transfers.filter { $0.easy == easy }, of: &transfers) { $0.complete(result) }
        }
    }

    /// Ends transfers that stand still.
    ///
    /// - Returns: how long the others may, in milliseconds.
    private func endIdle(_ transfers: inout [Transfer]) -> Int32 {
        let now = ContinuousClock.now
        var patience = Duration.seconds(60)
        let idle = transfers.filter { transfer in
            let left = transfer.plan.settings.idleTimeout - transfer.idleTime(at: now)
            patience = min(patience, left > .zero ? min(left, .seconds(1)) : .zero)
            return left <= .zero
        }
        end(idle, of: &transfers) {
            $0.fail(.timeout, "\($0.plan.host) stopped sending.", isRetryable: true)
        }
        return Int32(patience.milliseconds)
    }

    private func end(_ ending: [Transfer], of transfers: inout [Transfer], by completing: (Transfer) -> Void) {
        for transfer in ending {
            completing(transfer)
            curl_multi_remove_handle(multi, transfer.easy)
            transfers.removeAll { $0 === transfer }
        }
    }
}

extension TransportError {
    /// What is left of a client that was closed.
    fileprivate static let closed = TransportError(.cancelled, "The HTTP client was closed.")
}
