import NIOCore
import NIOHTTPTypes

/// Closes a connection whose request has not come to its end in time, whether somebody waits for the rest or not.
final class RequestDeadline: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart

    private let limit: TimeAmount
    private let onExpiry: @Sendable () -> Void
    private var timer: Scheduled<Void>?

    /// - Parameters:
    ///   - limit: from the header to the end of the body.
    ///   - onExpiry: is told that a connection was closed.
    init(_ limit: Duration, onExpiry: @escaping @Sendable () -> Void) {
        self.limit = TimeAmount(limit)
        self.onExpiry = onExpiry
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            timer?.cancel()
            let channel = context.channel
            timer = context.eventLoop.scheduleTask(in: limit) { [onExpiry] in
                onExpiry()
                channel.close(promise: nil)
            }
        case .body: break
        case .end: stop()
        }
        context.fireChannelRead(data)
    }

    func channelInactive(context: ChannelHandlerContext) {
        stop()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { stop() }

    private func stop() {
        timer?.cancel()
        timer = nil
    }
}
