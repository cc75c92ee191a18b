import HTTPTypes
import Hummingbird

/// Answers, none of which is to be kept by anybody in between.
enum Answer {
    static func empty(_ status: HTTPResponse.Status) -> Response { Response(status: status, headers: headers(nil)) }

    static func text(_ text: String, _ status: HTTPResponse.Status = .ok) -> Response {
        make(text, "text/plain; charset=utf-8", status)
    }

    static func html(_ text: String) -> Response { make(text, "text/html; charset=utf-8", .ok) }

    /// Lines of the OpenMetrics text format, and their end.
    static func metrics(_ lines: [String]) -> Response {
        let text = (lines + ["# EOF"]).map { "\($0)\n" }.joined()
        return make(text, "application/openmetrics-text; version=1.0.0; charset=utf-8", .ok)
    }

    private static func make(_ text: String, _ type: String, _ status: HTTPResponse.Status) -> Response {
        Response(status: status, headers: headers(type), body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    private static func headers(_ type: String?) -> HTTPFields {
        var fields = HTTPFields()
        fields[.cacheControl] = "no-store"
        fields[.xContentTypeOptions] = "nosniff"
        fields[.contentType] = type
        return fields
    }
}
