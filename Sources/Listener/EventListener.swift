package import Contacts
package import Logging
import Foundation
import Hummingbird
import HummingbirdCore
import NIOCore
import ServiceLifecycle

/// Takes the webhooks of stores, and shows how the service fares.
///
/// A webhook is a hint: it is answered with 2xx only when `sink` has returned, and nothing of its body is kept, logged or
/// written but what `EventHint` holds.
package struct EventListener: Service {
    private let settings: ListenerSettings
    private let responder: ListenerResponder
    private let onListening: @Sendable (_ port: Int) -> Void

    /// A listener that does not listen yet.
    ///
    /// - Parameters:
    ///   - hooks: one for each store at most.
    ///   - logger: is told what kind of error kept an event from being kept; never a value or a secret.
    ///   - onListening: is told the port, once connections are taken.
    ///   - sink: keeps a hint so that it outlives the process. It is called by many requests at once; where it throws, the
    ///     sender is told to come again.
    /// - Throws: `missingSecret` where a hook has no secret, or none that its sender could show.
    package init(
        _ settings: ListenerSettings,
        hooks: [EventHook],
        pages: ListenerPages,
        logger: Logger,
        onListening: @escaping @Sendable (_ port: Int) -> Void = { _ in },
        sink: @escaping @Sendable (EventHint) async throws -> Void
    ) throws(ListenerError) {
        try self.init(
            settings,
            hooks: hooks,
            pages: pages,
            time: .system,
            logger: logger,
            onListening: onListening,
            sink: sink
        )
    }

    /// As above, with clocks of its own.
    init(
        _ settings: ListenerSettings,
        hooks: [EventHook],
        pages: ListenerPages,
        time: ListenerTime,
        logger: Logger,
        onListening: @escaping @Sendable (_ port: Int) -> Void,
        sink: @escaping @Sendable (EventHint) async throws -> Void
    ) throws(ListenerError) {
        self.settings = settings
        self.onListening = onListening
        var routes: [String: HookRoute] = [:]
        for hook in hooks { routes[hook.store] = try HookRoute(hook, settings, time) }
        responder = ListenerResponder(
            routes: routes,
            pages: pages,
            counters: ListenerCounters(stores: Array(routes.keys)),
            bodyLimit: settings.bodyLimit,
            logger: logger,
            sink: sink
        )
    }

    /// Listens until the service is told to stop. Then no connection is taken any more, requests in hand are answered, and
    /// it returns.
    ///
    /// - Throws: `ListenerError` where it cannot listen, or stopped by itself.
    package func run() async throws {
        let server = Application(
            responder: responder,
            server: .http1(configuration: channel),
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: settings.port),
                backlog: 512,
                availableConnectionsDelegate: MaximumAvailableConnections(
                    settings.connectionLimit,
                    logger: responder.logger
                )
            ),
            onServerRunning: { [settings, onListening] channel in
                onListening(channel.localAddress?.port ?? settings.port)
            },
            logger: responder.logger
        )
        do {
            try await server.run()
        } catch {
            throw Self.explain(error, settings)
        }
    }

    private var channel: HTTP1Channel.Configuration {
        let (limit, counters) = (settings.bodyTimeout, responder.counters)
        var configuration = HTTP1Channel.Configuration(
            additionalChannelHandlers: [RequestDeadline(limit) { counters.refuse(.slow, store: nil) }],
            idleTimeout: TimeAmount(settings.headerTimeout)
        )
        configuration.httpDecoder = HTTP1Channel.Configuration.DecoderConfiguration(
            maxHeaderFieldSize: 8 << 10,
            maxHeaderListSize: 32 << 10,
            maxHeaderFieldCount: 100
        )
        return configuration
    }

    /// What keeps it from listening, in the words of the configuration.
    private static func explain(_ error: any Error, _ settings: ListenerSettings) -> any Error {
        let place = "sync.listen says \(settings.address)"
        switch error {
        case is CancellationError: return error
        case let error as IOError where error.errnoCode == EADDRINUSE:
            return ListenerError(
                .addressInUse,
                "\(place), where another program listens. Stop it, or set sync.listen to another port."
            )
        case let error as IOError where [EACCES, EPERM, EADDRNOTAVAIL, EAFNOSUPPORT].contains(error.errnoCode):
            return ListenerError(
                .badAddress,
                "\(place), where it cannot listen: \(String(cString: strerror(error.errnoCode))). "
                    + "Set it to an address of this machine and a port above 1023."
            )
        case is SocketAddressError, is SocketAddressError.UnknownHost:
            return ListenerError(.badAddress, "\(place), whose host has no address. Set it to one of this machine.")
        default:
            return ListenerError(
                .stopped,
                "The listener at \(settings.address) stopped by itself (\(type(of: error))). Start the service again."
            )
        }
    }
}
