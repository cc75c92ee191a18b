import Dispatch
import Foundation

/// Takes SIGINT and SIGTERM for as long as it lives: the process does not die of them.
final class Signals {
    /// One element for each signal, those too that came before anybody listened.
    let received: AsyncStream<Void>
    private let sources: [any DispatchSourceSignal]

    init() {
        let (received, arrived) = AsyncStream.makeStream(of: Void.self)
        self.received = received
        sources = [SIGINT, SIGTERM]
            .map { number in
                signal(number, SIG_IGN)
                let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
                source.setEventHandler { arrived.yield() }
                source.resume()
                return source
            }
    }

    deinit { sources.forEach { $0.cancel() } }
}
