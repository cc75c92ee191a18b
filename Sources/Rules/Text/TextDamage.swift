/// How a text is damaged.
package enum TextDamage: String, Sendable, Hashable, CaseIterable {
    /// UTF-8 that was read as Latin-1 or Windows-1252, once or several times: `JosÃ©`.
    case mojibake
    /// U+FFFD, which stands where something could not be read.
    case replacement
    /// Control characters other than tab and the ends of lines (LF, CR): U+0000 to U+001F and U+007F to U+009F.
    case control
    /// HTML entities left in the text: `Jos&eacute;`.
    case entity
    /// Escape sequences left in the text: `Jos\u00e9`, `Jos\xc3\xa9`.
    case escape
    /// Bytes that are not UTF-8.
    case invalid
}
