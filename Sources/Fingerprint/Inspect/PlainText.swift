import CXXHash

/// Text in which nothing can be damaged: printable ASCII but `&` and the backslash.
package enum PlainText {
    /// Where the plain stretch ends that begins at `start`; the text's count where it is plain to its end.
    package static func end(in text: UnsafeRawBufferPointer, from start: Int) -> Int {
        guard let base = text.baseAddress else { return text.count }
        return start + rollcall_first_unusual(base + start, text.count - start)
    }
}
