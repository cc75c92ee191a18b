package import Contacts
package import Foundation

/// The access token of a Google credential, fetched when it is first needed and again before it expires.
package actor GoogleAuthorization: Authorization {
    private let source: GoogleTokenSource
    private let isTrusted: Bool
    private let stopwatch: Stopwatch
    private var token: GoogleToken?
    /// The fetch under way, which all who need a token wait for.
    private var fetch: (id: Int, task: Task<Result<GoogleToken, TransportError>, Never>)?
    private var lastFetch = 0

    /// Fetches nothing yet.
    ///
    /// - Parameters:
    ///   - scope: what the token is to allow, such as `https://www.googleapis.com/auth/bigquery`.
    ///   - isTrusted: whether the token may go to other hosts than googleapis.com and loopback, because the configuration
    ///     says so.
    ///   - clock: measures how long the token is good for.
    ///   - now: the time that a service account signs.
    package init(
        credentials: GoogleCredentials,
        client: HTTPClient,
        scope: String,
        isTrusted: Bool = false,
        clock: any Clock<Duration> = ContinuousClock(),
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        stopwatch = Stopwatch(clock)
        source = GoogleTokenSource(
            credentials: credentials,
            client: client,
            scope: scope,
            stopwatch: stopwatch,
            now: now
        )
        self.isTrusted = isTrusted
    }

    /// The header `Authorization`, with a token that is good for five minutes more, or for half its life.
    ///
    /// - Throws: `credentials` where Google refuses them, which no waiting mends; else what stood in the way. The message
    ///   quotes nothing of the answer.
    package func headers() async throws(TransportError) -> [(name: String, value: Secret)] {
        let token = try await currentToken()
        return [("Authorization", Secret("Bearer \(token.secret.reveal())"))]
    }

    /// Drops the token; the next request fetches one.
    package func renew() { token = nil }

    /// Yes.
    package nonisolated var canRenew: Bool { true }

    /// Google's hosts and this machine.
    package nonisolated func mayGo(to endpoint: Endpoint) -> Bool {
        isTrusted || endpoint.isLoopback || GoogleCredentials.isGoogle(endpoint)
    }

    private func currentToken() async throws(TransportError) -> GoogleToken {
        if let token, token.goodUntil > stopwatch.elapsed() { return token }
        let (id, task) = fetch ?? beginFetch()
        let result = await task.value
        if fetch?.id == id {
            fetch = nil
            token = try? result.get()
        }
        return try result.get()
    }

    private func beginFetch() -> (id: Int, task: Task<Result<GoogleToken, TransportError>, Never>) {
        lastFetch += 1
        // A task of its own: it goes on for the others when the one who began it is cancelled.
        let task = Task { [source] in await source.fetch() }
        let begun = (lastFetch, task)
        fetch = begun
        return begun
    }
}
