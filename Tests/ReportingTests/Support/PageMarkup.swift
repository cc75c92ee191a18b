import Testing

/// What no page may lose to a name, however hostile.
enum PageMarkup {
    /// Checks that a page has the same markup as one with a harmless name in its place, and no character that hides or
    /// reorders text.
    static func check(_ page: String, like harmless: String, sourceLocation: SourceLocation = #_sourceLocation) {
        let (page, harmless) = (Array(page.unicodeScalars), Array(harmless.unicodeScalars))
        for mark in ["<", ">", "\"", "'"] as [Unicode.Scalar] {
            #expect(
                page.count { $0 == mark } == harmless.count { $0 == mark },
                "\(mark)",
                sourceLocation: sourceLocation
            )
        }
        #expect(
            page.allSatisfy { $0 != "\u{202E}" && $0 != "\0" && $0 != "\u{1B}" && $0 != "\u{2028}" },
            sourceLocation: sourceLocation
        )
    }

    /// Checks that a page loads nothing and runs nothing but what carries the nonce `n0nce`.
    static func checkPolicy(_ page: String, sourceLocation: SourceLocation = #_sourceLocation) {
        let policy =
            "default-src 'none'; style-src 'nonce-n0nce'; script-src 'nonce-n0nce'; base-uri 'none'; "
            + "form-action 'none'; img-src data:"
        #expect(page.contains(policy), sourceLocation: sourceLocation)
        for word in ["http:", "https:", "@import", "url(", " src=", "<img", "<form", "innerHTML", "style=\"", "eval("] {
            #expect(!page.contains(word), "\(word)", sourceLocation: sourceLocation)
        }
        #expect(page.ranges(of: "<script").count == page.ranges(of: "<script nonce=\"n0nce\">").count)
        #expect(page.ranges(of: " onclick=").isEmpty && page.ranges(of: "<style nonce=\"n0nce\">").count == 1)
    }
}
