import CCurl
import Contacts

/// A failure as libcurl tells it, and the error that callers see.
struct TransferFailure {
    let code: CURLcode
    let host: String
    /// What libcurl says of it.
    let detail: String
    /// What must not be in the message.
    let secrets: [Secret]
    let wasSent: Bool
    /// Whether there was a connection to send on.
    let isConnected: Bool

    var error: TransportError {
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST:
            return make(.resolve, "The name \(host) has no address. Check the endpoint and the network.", true)
        case CURLE_COULDNT_RESOLVE_PROXY:
            return make(.resolve, "The proxy of the environment has no address. Check HTTPS_PROXY and NO_PROXY.", true)
        case CURLE_COULDNT_CONNECT, CURLE_INTERFACE_FAILED:
            return make(.connect, "No connection to \(host)\(reason). Check that it runs and the port is right.", true)
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS:
            return make(
                .tls,
                "The certificate of \(host) does not verify\(reason). It is never used unverified: have the server show "
                    + "one that the system trusts, for the name in the endpoint."
            )
        case CURLE_SSL_CACERT_BADFILE:
            return make(
                .tls,
                "The file of trusted certificates cannot be read. Check that it is there and in PEM form."
            )
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_SSL_SHUTDOWN_FAILED, CURLE_USE_SSL_FAILED:
            return make(.tls, "No secure connection to \(host)\(reason). Check that its port speaks TLS.", true)
        case CURLE_OPERATION_TIMEDOUT:
            return isConnected
                ? make(.timeout, "\(host) did not answer in time.", true)
                : make(.timeout, "\(host) could not be connected to in time. Check the endpoint and the network.", true)
        case CURLE_PARTIAL_FILE: return make(.truncated, "The answer of \(host) ended before its end.", true)
        case CURLE_BAD_CONTENT_ENCODING:
            return make(.badAnswer, "The answer of \(host) is not compressed as it claims.", true)
        case CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_HTTP2, CURLE_HTTP2_STREAM,
            CURLE_SEND_FAIL_REWIND:
            return make(.reset, "\(host) broke the connection off before its answer was there.", true)
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_HTTP_RETURNED_ERROR:
            return make(.badAnswer, "What answers at \(host) does not speak HTTP. Check the endpoint's port.")
        case CURLE_PROXY:
            return make(.connect, "The proxy of the environment refuses the way to \(host). Check HTTPS_PROXY.", true)
        default:
            return make(.badAnswer, "The exchange with \(host) failed: \(String(cString: curl_easy_strerror(code))).")
        }
    }

    private func make(_ code: TransportError.Code, _ message: String, _ isRetryable: Bool = false) -> TransportError {
        TransportError(code, message, isRetryable: isRetryable, wasSent: wasSent)
    }

    /// libcurl's words as an insertion, where they are harmless: printable, short, without a secret.
    private var reason: String {
        let text = String(decoding: detail.utf8.filter { (0x20..<0x7F).contains($0) }.prefix(160), as: UTF8.self)
        let isHarmless = !secrets.contains { !$0.reveal().isEmpty && text.contains($0.reveal()) }
        return isHarmless && !text.isEmpty ? " (\(text))" : ""
    }
}
