import CCurl
import Foundation

/// One transfer, as libcurl carries it out. It belongs to the thread that drives it.
final class Transfer {
    typealias Completion = CheckedContinuation<Result<HTTPResponse, TransportError>, Never>

    let id: Int
    let plan: TransferPlan
    let easy: UnsafeMutableRawPointer
    /// When the last byte came or went, or the connection was not there yet.
    private(set) var lastProgress: ContinuousClock.Instant
    private let completion: Completion
    private let errorBuffer: UnsafeMutablePointer<CChar>
    private var headerList: UnsafeMutablePointer<curl_slist>?
    private var answer = Answer()
    private var sent: curl_off_t = 0

    /// What has come of the answer.
    private struct Answer {
        var headers: [(name: String, value: String)] = []
        var headerBytes = 0
        var body: [UInt8] = []
        /// Why no more of it is taken.
        var refusal: TransportError?
    }

    /// The most bytes that the headers of an answer may have.
    private static let maximumHeaderBytes = 256 << 10

    /// A transfer that is ready to be driven; nil where there is no memory for it, `completion` is then not called.
    init?(id: Int, plan: TransferPlan, completion: Completion) {
        guard let easy = curl_easy_init() else { return nil }
        self.id = id
        self.plan = plan
        self.easy = easy
        self.completion = completion
        lastProgress = .now
        errorBuffer = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorBuffer.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        for line in plan.headers {
            guard let longer = curl_slist_append(headerList, line) else { return nil }
            headerList = longer
        }
        guard configure() else { return nil }
    }

    deinit {
        curl_easy_cleanup(easy)
        curl_slist_free_all(headerList)
        errorBuffer.deallocate()
    }

    /// Tells libcurl what is wanted; false where it has no memory or lacks the feature.
    private func configure() -> Bool {
        let numbers: [(CURLoption, Int)] = [
            (CURLOPT_NOSIGNAL, 1),
            (CURLOPT_PATH_AS_IS, 1),
            (CURLOPT_FOLLOWLOCATION, 0),
            (CURLOPT_SSL_VERIFYPEER, 1),
            (CURLOPT_SSL_VERIFYHOST, 2),
            (CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2),
            (CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS),
            // Without TLS it would wait for a whole answer to learn that the connection cannot be shared.
            (CURLOPT_PIPEWAIT, plan.isEncrypted ? 1 : 0),
            (CURLOPT_SUPPRESS_CONNECT_HEADERS, 1),
            (CURLOPT_CONNECTTIMEOUT_MS, plan.settings.connectTimeout.milliseconds),
            (CURLOPT_TIMEOUT_MS, plan.totalTimeout.milliseconds),
            (CURLOPT_FRESH_CONNECT, plan.needsFreshConnection ? 1 : 0),
            (CURLOPT_FORBID_REUSE, plan.isEncrypted ? 0 : 1),
            (CURLOPT_NOBODY, plan.method == .head ? 1 : 0),
        ]
        var texts: [(CURLoption, String)] = [
            (CURLOPT_PROTOCOLS_STR, plan.isEncrypted ? "https" : "http"),
            (CURLOPT_URL, plan.address),
            (CURLOPT_USERAGENT, plan.userAgent),
            (CURLOPT_ACCEPT_ENCODING, "gzip"),
        ]
        if plan.isDirect { texts.append((CURLOPT_NOPROXY, "*")) }
        if let file = plan.settings.certificateFile { texts.append((CURLOPT_CAINFO, file)) }
        let me = Unmanaged.passUnretained(self).toOpaque()
        return numbers.allSatisfy { rollcall_curl_set_long(easy, $0, $1) == CURLE_OK }
            && texts.allSatisfy { rollcall_curl_set_text(easy, $0, $1) == CURLE_OK }
            && rollcall_curl_set_error_buffer(easy, errorBuffer) == CURLE_OK
            && rollcall_curl_set_headers(easy, headerList) == CURLE_OK
            && rollcall_curl_set_sinks(easy, Self.receiveBody, Self.receiveHeader, me) == CURLE_OK
            && configureBody()
    }

    private func configureBody() -> Bool {
        guard plan.method != .get && plan.method != .head || plan.body != nil else { return true }
        return rollcall_curl_set_body(easy, plan.body ?? [], curl_off_t(plan.body?.count ?? 0)) == CURLE_OK
            && rollcall_curl_set_text(easy, CURLOPT_CUSTOMREQUEST, plan.method.rawValue) == CURLE_OK
    }

    // MARK: The answer

    private static let receiveBody: rollcall_curl_sink = { bytes, size, count, context in
        guard let bytes, let context else { return 0 }
        let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
        return transfer.receive(body: UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
    }

    private static let receiveHeader: rollcall_curl_sink = { bytes, size, count, context in
        guard let bytes, let context else { return 0 }
        let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
        return transfer.receive(header: UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
    }

    private func receive(body bytes: UnsafeRawBufferPointer) -> Bool {
        lastProgress = .now
        guard bytes.count <= plan.maximumBytes - answer.body.count else {
            answer.refusal = TransportError(
                .tooLarge,
                "The answer of \(plan.host) has more than the \(plan.maximumBytes) bytes that are taken. Check that the endpoint is the "
                    + "service's own.",
                wasSent: true
            )
            return false
        }
        answer.body.append(contentsOf: bytes)
        return true
    }

    private func receive(header bytes: UnsafeRawBufferPointer) -> Bool {
        lastProgress = .now
        answer.headerBytes += bytes.count
        guard answer.headerBytes <= Self.maximumHeaderBytes else {
            answer.refusal = TransportError(
                .badAnswer,
                "The headers in the answer of \(plan.host) have more than \(Self.maximumHeaderBytes) bytes.",
                wasSent: true
            )
            return false
        }
        let line = String(decoding: bytes, as: UTF8.self)
        // An interim answer came before; the last one counts.
        if line.hasPrefix("HTTP/") { answer.headers = [] }
        if let colon = line.firstIndex(of: ":") {
            let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespacesAndNewlines)
            answer.headers.append((String(line[..<colon]), value))
        }
        return true
    }

    // MARK: The end

    /// How long it has been without a byte, once it was connected.
    func idleTime(at now: ContinuousClock.Instant) -> Duration {
        let count = rollcall_curl_info_offset(easy, CURLINFO_SIZE_UPLOAD_T)
        if count != sent || rollcall_curl_info_offset(easy, CURLINFO_PRETRANSFER_TIME_T) == 0 { lastProgress = now }
        sent = count
        return lastProgress.duration(to: now)
    }

    /// Ends the waiting of whoever asked. To be called once.
    func complete(_ result: CURLcode) { completion.resume(returning: outcome(result)) }

    /// Ends the waiting of whoever asked, with an error. To be called once.
    func fail(_ code: TransportError.Code, _ message: String, isRetryable: Bool = false) {
        let error = TransportError(code, message, isRetryable: isRetryable, wasSent: wasSent)
        completion.resume(returning: .failure(error))
    }

    private func outcome(_ result: CURLcode) -> Result<HTTPResponse, TransportError> {
        if let refusal = answer.refusal { return .failure(refusal) }
        guard result == CURLE_OK else {
            let failure = TransferFailure(
                code: result,
                host: plan.host,
                detail: String(cString: errorBuffer),
                secrets: plan.secrets,
                wasSent: wasSent,
                isConnected: rollcall_curl_info_offset(easy, CURLINFO_PRETRANSFER_TIME_T) > 0
            )
            return .failure(failure.error)
        }
        let status = rollcall_curl_info_long(easy, CURLINFO_RESPONSE_CODE)
        let response = HTTPResponse(status: status, headers: answer.headers, body: answer.body)
        if let redirect = response.redirect(from: plan.host) { return .failure(redirect) }
        return .success(response)
    }

    /// Whether any of the request may have reached the server.
    private var wasSent: Bool { rollcall_curl_info_long(easy, CURLINFO_REQUEST_SIZE) > 0 }
}
