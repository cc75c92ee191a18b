import ArgumentParser
import Audit
import Foundation
import Ledger
import Listener
import Repair
import Rules

/// What an error is to whoever called: an exit code and a message.
struct Failure {
    private let error: any Error

    init(_ error: any Error) { self.error = error }

    /// Prints the error and returns its exit code. Help and version go to standard output and are no failure.
    func report(_ arguments: [String]) -> Int32 {
        if error is CancellationError {
            print(to: .standardError, "rollcall: interrupted; what was recorded is whole")
            return ExitStatus.interrupted.rawValue
        }
        if let exit = error as? CommandExit {
            return exit.status.rawValue
        }
        if let usage = error as? ConfigurationError {
            print(to: .standardError, "rollcall: \(usage)")
            return ExitStatus.usage.rawValue
        }
        if let usage = error as? UsageError {
            print(to: .standardError, "rollcall: \(usage.message)")
            return ExitStatus.usage.rawValue
        }
        if let listener = error as? ListenerError {
            print(to: .standardError, "rollcall: \(listener.message)")
            return (listener.code == .stopped ? ExitStatus.failure : .usage).rawValue
        }
        if let ledger = error as? LedgerError {
            print(to: .standardError, "rollcall: \(ledger.message)")
            return ledger.status.rawValue
        }
        if let repair = error as? RepairError {
            print(to: .standardError, "rollcall: \(repair.message)")
            return repair.status.rawValue
        }
        if Rollcall.exitCode(for: error) == .success {
            print(to: .standardOutput, Rollcall.fullMessage(for: error))
            return ExitStatus.done.rawValue
        }
        if Rollcall.exitCode(for: error) == .validationFailure {
            print(to: .standardError, Rollcall.fullMessage(for: error))
            return ExitStatus.usage.rawValue
        }
        print(to: .standardError, "rollcall: \(error)")
        return ExitStatus.failure.rawValue
    }

    private func print(to handle: FileHandle, _ text: String) {
        // A reader that went away cannot be told anything.
        try? handle.write(contentsOf: Data((text + "\n").utf8))
    }
}

extension LedgerError {
    fileprivate var status: ExitStatus {
        switch code {
        case .historyKey, .unknown: .usage
        case .unfinished: .refused
        default: .failure
        }
    }
}

extension RepairError {
    /// What is refused so that nothing is lost, and what could not be done as it was asked.
    fileprivate var status: ExitStatus {
        switch code {
        case .edited, .newer, .otherConfiguration, .tooOld, .tooLarge, .unfinished: .refused
        case .notAPlan, .noSuchRun: .usage
        }
    }
}

/// Ends a command that has said all it has to say.
struct CommandExit: Error {
    let status: ExitStatus
}

/// A wrong call; the message says what to do.
struct UsageError: Error {
    let message: String
}
