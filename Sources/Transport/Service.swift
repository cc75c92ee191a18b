import Contacts
import Foundation
import Synchronization

/// One remote service: its address, how it knows us, and how it is treated.
package final class Service: Sendable {
    /// What the store is called, for messages.
    let name: String
    /// Where every request goes, and every credential.
    package let endpoint: Endpoint
    private let authorization: any Authorization
    private let client: HTTPClient
    private let bucket: TokenBucket?
    private let retry: RetryPolicy
    private let stopwatch: Stopwatch
    private let breaker: CircuitBreaker
    private let random: Mutex<any RandomNumberGenerator & Sendable>
    /// Whether the service has taken our credential before.
    private let isKnown = Mutex(false)
    private let listener = Mutex<(@Sendable (String) -> Void)?>(nil)

    /// A service that nothing is sent to yet.
    ///
    /// - Parameters:
    ///   - name: the store's.
    ///   - rate: the most that is sent; nil: as fast as it answers.
    ///   - clock: for all waiting between requests.
    ///   - random: how long is waited before a request is sent again.
    package init(
        name: String,
        endpoint: Endpoint,
        authorization: any Authorization,
        client: HTTPClient,
        rate: Rate? = nil,
        retry: RetryPolicy = RetryPolicy(),
        clock: any Clock<Duration> = ContinuousClock(),
        random: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
    ) {
        self.name = name
        self.endpoint = endpoint
        self.authorization = authorization
        self.client = client
        self.retry = retry
        bucket = rate.map { TokenBucket($0, clock: clock) }
        stopwatch = Stopwatch(clock)
        breaker = CircuitBreaker(stopwatch)
        self.random = Mutex(random)
    }

    /// Has `notify` told from here on, in a sentence, when the service makes us wait for a second or more; whoever was told
    /// before no longer is.
    package func report(to notify: @escaping @Sendable (String) -> Void) { listener.withLock { $0 = notify } }

    /// Sends a request within the rate, and again while that is safe and there is hope.
    ///
    /// It is sent again after 429, at which nothing was done; after 500, 502, 503, 504 and failures of the connection where
    /// it is repeatable; after failures before anything was sent; and once after 401, with a credential
    /// fetched anew, or behind a pause with one that stays as it is and was taken before: gateways that restart refuse it, too.
    /// `Retry-After` is obeyed as far as the policy's budget goes.
    ///
    /// - Returns: the last answer, whatever its status.
    /// - Throws: the last failure where there was no answer; `circuitOpen` where the service has failed five times in a row
    ///   and is left alone for 30 s; `untrusted` where the credential may not go to the endpoint. Its `wasSent` speaks of
    ///   all attempts.
    package func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        guard authorization.mayGo(to: endpoint) else {
            throw TransportError(
                .untrusted,
                "The credentials are not sent to \(endpoint.host), which is not their service's. Check the endpoint."
            )
        }
        var wasSent = false
        do {
            return try await send(request, wasSent: &wasSent)
        } catch {
            // Whichever attempt it was that the service may have acted on.
            throw TransportError(
                error.code,
                error.message,
                isRetryable: error.isRetryable,
                wasSent: wasSent || error.wasSent
            )
        }
    }

    /// Attempt after attempt.
    ///
    /// - Parameter wasSent: becomes true when the service may have acted on one of them.
    private func send(_ request: HTTPRequest, wasSent: inout Bool) async throws(TransportError) -> HTTPResponse {
        var repeats = Repeats(policy: retry, isRepeatable: request.isRepeatable)
        var last: Result<HTTPResponse, TransportError>?
        while true {
            if let rest = breaker.admit() {
                // Who has tried before waits with the others; who comes is sent away.
                guard let last else { throw circuitOpen }
                guard repeats.spend(rest) else { return try last.get() }
                try await wait(rest)
                continue
            }
            let outcome = await attempt(request)
            last = outcome
            switch outcome {
            case .success(let response):
                if response.status == 401, try await renew(&repeats) { continue }
                if response.status < 400 { isKnown.withLock { $0 = true } }
                if response.status == 429 { await bucket?.drain() }
                wasSent = wasSent || response.status >= 500
            case .failure(let error):
                wasSent = wasSent || error.wasSent
            }
            guard let delay = random.withLock({ repeats.delay(after: outcome, now: Date(), random: &$0) }) else {
                return try outcome.get()
            }
            tell(outcome, delay)
            try await wait(delay)
        }
    }

    /// What is done once about a refused credential. The service has not acted.
    ///
    /// - Returns: whether the request is to be sent again.
    private func renew(_ repeats: inout Repeats) async throws(TransportError) -> Bool {
        guard authorization.canRenew || isKnown.withLock({ $0 }), repeats.renewOnce() else { return false }
        if authorization.canRenew {
            await authorization.renew()
        } else {
            guard repeats.spend(retry.base) else { return false }
            try await wait(retry.base)
        }
        return true
    }

    /// Sends the request once. The circuit has let it pass.
    private func attempt(_ request: HTTPRequest) async -> Result<HTTPResponse, TransportError> {
        var verdict = CircuitBreaker.Outcome.unknown
        defer { breaker.record(verdict) }
        do { try await bucket?.take() } catch { return .failure(.cancelled) }
        let headers: [(name: String, value: Secret)]
        do {
            headers = try await authorization.headers()
        } catch {
            // Whatever was sent for the credential: the request itself was not.
            return .failure(TransportError(error.code, error.message, isRetryable: error.isRetryable))
        }
        do {
            let response = try await client.send(request, to: endpoint, secretHeaders: headers)
            verdict = response.status < 500 ? .works : .fails
            return .success(response)
        } catch {
            verdict = error.isRetryable ? .fails : .unknown
            return .failure(error)
        }
    }

    private func wait(_ delay: Duration) async throws(TransportError) {
        do { try await stopwatch.sleep(delay) } catch { throw .cancelled }
    }

    private var circuitOpen: TransportError {
        TransportError(
            .circuitOpen,
            "\(endpoint.host) failed \(CircuitBreaker.maximumFailures) times in a row and is left alone for "
                + "\(CircuitBreaker.rest.components.seconds) s. Try again later.",
            isRetryable: true
        )
    }

    private func tell(_ outcome: Result<HTTPResponse, TransportError>, _ delay: Duration) {
        guard delay >= .seconds(1), let notify = listener.withLock({ $0 }) else { return }
        let seconds = delay.components.seconds
        switch outcome {
        case .success(let response):
            notify("\(name) answers with status \(response.status); it is asked again in \(seconds) s")
        case .failure(let error):
            notify("\(name): \(error.message) It is asked again in \(seconds) s")
        }
    }
}
