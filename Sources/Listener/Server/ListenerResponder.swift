import Contacts
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Reporting

/// Answers requests: those of hooks, and the pages.
struct ListenerResponder: HTTPResponder {
    typealias Context = BasicRequestContext

    /// What keeps hints.
    typealias Sink = @Sendable (EventHint) async throws -> Void

    let routes: [String: HookRoute]
    let pages: ListenerPages
    let counters: ListenerCounters
    let bodyLimit: Int
    let logger: Logger
    let sink: Sink

    /// When a sender may come again whose hint could not be kept.
    private static let pause = Duration.seconds(5)

    func respond(to request: Request, context: Context) async throws -> Response {
        let path = request.uri.path
        if path.hasPrefix("/hooks/"), let route = routes[String(path.dropFirst("/hooks/".count))] {
            return try await take(request, route)
        }
        guard let page = Page(rawValue: path) else { return refuse(Refusal(.path), store: nil) }
        guard request.method == .get || request.method == .head else {
            return refuse(Refusal(.method), store: nil, allowing: "GET, HEAD")
        }
        let response = await show(page)
        return request.method == .head ? response.createHeadResponse() : response
    }

    /// Answers 202 when the hint of a message was kept, and 204 where it has none for us.
    private func take(_ request: Request, _ route: HookRoute) async throws -> Response {
        guard request.method == .post else {
            return refuse(Refusal(.method), store: route.store, allowing: "POST")
        }
        do {
            let admission = try route.admit { name in HTTPField.Name(name).flatMap { request.headers[$0] } }
            let message = try await route.open(admission, body: try await body(of: request))
            guard let hint = message.hint else {
                counters.ignore(route.store)
                return Answer.empty(.noContent)
            }
            do {
                try await sink(hint)
            } catch {
                route.takeBack(message)
                // What an error says may hold a value; whoever threw it has told of it.
                logger.error(
                    "An event was not kept",
                    metadata: ["store": "\(route.store)", "error": "\(type(of: error))"]
                )
                throw Refusal(.unavailable, retryAfter: Self.pause)
            }
            counters.accept(route.store)
            return Answer.empty(.accepted)
        } catch let refusal as Refusal {
            return refuse(refusal, store: route.store)
        }
    }

    /// - Throws: `Refusal` where it is too long, or what the connection throws.
    private func body(of request: Request) async throws -> [UInt8] {
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > bodyLimit {
            throw Refusal(.size)
        }
        do {
            return Array(buffer: try await request.body.collect(upTo: bodyLimit))
        } catch is NIOTooManyBytesError {
            throw Refusal(.size)
        }
    }

    private func refuse(_ refusal: Refusal, store: String?, allowing methods: String? = nil) -> Response {
        counters.refuse(refusal.reason, store: store)
        var response = Answer.empty(refusal.status)
        response.headers[.allow] = methods
        response.headers[.retryAfter] = refusal.retryAfter.map { String($0.wholeSeconds) }
        return response
    }

    private func show(_ page: Page) async -> Response {
        switch page {
        case .health: return Answer.text("ok\n")
        case .readiness:
            return await pages.isReady() ? Answer.text("ready\n") : Answer.text("not ready\n", .serviceUnavailable)
        case .metrics: return Answer.metrics(counters.lines + (await pages.metrics()))
        case .status:
            do {
                return Answer.html(try StatusHTML.render(try await pages.status()))
            } catch {
                logger.error("There is no status to show", metadata: ["error": "\(type(of: error))"])
                return Answer.text("There is no status to show.\n", .serviceUnavailable)
            }
        }
    }

    /// The pages, by their paths.
    private enum Page: String {
        case status = "/"
        case health = "/healthz"
        case readiness = "/readyz"
        case metrics = "/metrics"
    }
}
