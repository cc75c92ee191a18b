import Foundation
import Repair
import Synchronization

/// Counts checkpoints, and ends the process at one of them without a word, as a power cut would.
final class KillSwitch: Sendable {
    private let place: Int?
    private let held = Mutex<[String]>([])

    /// - Parameter place: the checkpoint to end at, from 1; nil: none.
    init(at place: Int?) { self.place = place }

    /// The checkpoints that were passed, in order.
    var passed: [String] { held.withLock { $0 } }

    func pass(_ checkpoint: ApplyCheckpoint) {
        let count = held.withLock { passed in
            passed.append("\(checkpoint)")
            return passed.count
        }
        guard count == place else { return }
        kill(getpid(), SIGKILL)
        while true { pause() }
    }
}
