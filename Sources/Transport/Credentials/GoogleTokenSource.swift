import Contacts
import Foundation

/// An access token.
struct GoogleToken: Sendable {
    let secret: Secret
    /// In the time of the stopwatch that the source was given.
    let goodUntil: Duration
}

/// Exchanges a Google credential for access tokens.
struct GoogleTokenSource: Sendable {
    let credentials: GoogleCredentials
    let client: HTTPClient
    let scope: String
    let stopwatch: Stopwatch
    let now: @Sendable () -> Date

    /// So long before its end a token is not used any more.
    private static let margin = Duration.seconds(300)

    /// Asks once for a token.
    func fetch() async -> Result<GoogleToken, TransportError> {
        do throws(TransportError) {
            let begin = stopwatch.elapsed()
            let response = try await client.send(try request(), to: credentials.tokenEndpoint, secretHeaders: [])
            return .success(try token(in: response, askedAt: begin))
        } catch {
            return .failure(error)
        }
    }

    // MARK: The question

    private func request() throws(TransportError) -> HTTPRequest {
        switch credentials.kind {
        case .serviceAccount(let email, let keyID, let key):
            let assertion = SignedAssertion(
                issuer: email,
                keyID: keyID,
                audience: credentials.tokenEndpoint.description,
                scope: scope,
                issuedAt: now()
            )
            guard let signed = try? assertion.signed(with: key) else {
                throw TransportError(.credentials, "The private key of the Google credentials cannot sign.")
            }
            return form([
                ("grant_type", Secret("urn:ietf:params:oauth:grant-type:jwt-bearer")), ("assertion", signed),
            ])
        case .authorizedUser(let clientID, let clientSecret, let refreshToken):
            return form([
                ("grant_type", Secret("refresh_token")), ("client_id", Secret(clientID)),
                ("client_secret", clientSecret), ("refresh_token", refreshToken),
            ])
        case .metadataServer:
            let request = HTTPRequest(
                .get,
                "computeMetadata/v1/instance/service-accounts/default/token",
                query: [("scopes", scope)],
                headers: [("Metadata-Flavor", "Google")]
            )
            return bounded(request)
        }
    }

    private func form(_ fields: [(name: String, value: Secret)]) -> HTTPRequest {
        var request = HTTPRequest(.post, "")
        let text = fields.map { "\($0.name)=\($0.value.reveal().percentEncoded)" }.joined(separator: "&")
        request.body = Array(text.utf8)
        request.contentType = "application/x-www-form-urlencoded"
        // Another token more does no harm.
        request.isRepeatable = true
        return bounded(request)
    }

    private func bounded(_ request: HTTPRequest) -> HTTPRequest {
        var request = request
        request.maximumBytes = 1 << 20
        request.timeout = .seconds(30)
        return request
    }

    // MARK: The answer

    private func token(in response: HTTPResponse, askedAt begin: Duration) throws(TransportError) -> GoogleToken {
        guard response.status == 200 else { throw refusal(response) }
        let host = credentials.tokenEndpoint.host
        if case .metadataServer = credentials.kind, response.header("metadata-flavor") != "Google" {
            throw TransportError(.badAnswer, "What answers at \(host) is not Google's metadata server.")
        }
        let answer = try? response.json()
        guard let text = answer?["access_token"]?.string, !text.isEmpty,
            let seconds = answer?["expires_in"].flatMap({ $0.int ?? $0.string.flatMap { Int64($0) } }),
            (1...86_400).contains(seconds)
        else {
            throw TransportError(.badAnswer, "\(host) answers without an access token and its lifetime.")
        }
        let life = Duration.seconds(seconds)
        let use = life > Self.margin * 2 ? life - Self.margin : life / 2
        return GoogleToken(secret: Secret(text), goodUntil: begin + use)
    }

    private func refusal(_ response: HTTPResponse) -> TransportError {
        let host = credentials.tokenEndpoint.host
        guard response.status < 500, response.status != 429, response.status != 408 else {
            return TransportError(
                .badAnswer,
                "\(host) gives out no token (status \(response.status)).",
                isRetryable: true
            )
        }
        var message = "\(host) refuses the Google credentials (status \(response.status)\(reason(response)))."
        if let skew = skew(response), abs(skew) > 300 {
            message += " The clock of this machine is \(abs(skew) / 60) min \(skew > 0 ? "fast" : "slow"): set it."
        } else {
            message += " Check that the account or its key was not removed, or sign in again."
        }
        return TransportError(.credentials, message)
    }

    /// The words of RFC 6749; others are not shown.
    private static let reasons: Set = [
        "invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type",
        "invalid_scope", "access_denied",
    ]

    private func reason(_ response: HTTPResponse) -> String {
        guard let word = try? response.json()["error"]?.string, Self.reasons.contains(word) else { return "" }
        return ", \(word)"
    }

    /// By how many seconds our clock is before the server's.
    private func skew(_ response: HTTPResponse) -> Int? {
        guard let date = response.date else { return nil }
        return Int(now().timeIntervalSince(date))
    }
}
