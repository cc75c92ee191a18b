import Contacts
import Fingerprint

/// Canonical texts in BigQuery's SQL (docs/canonical-form.md), each an expression that is NULL where the value is absent.
enum BigQueryTexts {
    /// ASCII white space, inside brackets.
    private static let space = #" \t\n\v\f\r"#
    /// Unicode's White_Space, likewise.
    private static let whiteSpace =
        #"\x{9}-\x{D}\x{20}\x{85}\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}"#

    /// A text in NFC, with line feeds alone. Most are ASCII, which NFC leaves as it is.
    static func text(_ sql: String) -> String {
        let composed = "IF(BYTE_LENGTH(\(sql)) = LENGTH(\(sql)), \(sql), NORMALIZE(\(sql), NFC))"
        return #"REPLACE(REPLACE(\#(composed), '\r\n', '\n'), '\r', '\n')"#
    }

    /// Without ASCII white space around.
    static func trimmed(_ sql: String) -> String { stripped(sql, space) }

    /// Without Unicode's white space around.
    static func trimmedWhiteSpace(_ sql: String) -> String { stripped(sql, whiteSpace) }

    private static func stripped(_ sql: String, _ set: String) -> String {
        "REGEXP_REPLACE(\(sql), r'^[\(set)]+|[\(set)]+$', '')"
    }

    static func matches(_ sql: String, _ pattern: String) -> String { "REGEXP_CONTAINS(\(sql), r'\(pattern)')" }

    /// The key of a column of texts: NULL where it is blank.
    static func id(_ sql: String) -> String {
        let hex = "[0-9A-Fa-f]"
        let uuid = "^[\(space)]*\(hex){8}-\(hex){4}-\(hex){4}-\(hex){4}-\(hex){12}[\(space)]*$"
        return """
            CASE WHEN \(matches(sql, "^[\(space)]*$")) THEN NULL
            WHEN \(matches(sql, "^[\(space)]*[+-]?[0-9]{1,38}(?:\\.0+)?[\(space)]*$")) THEN \(integer(sql))
            WHEN \(matches(sql, uuid)) THEN LOWER(\(trimmed(sql)))
            ELSE \(text(trimmed(sql))) END
            """
    }

    /// The canonical digits of a text that is an integer.
    static func integer(_ sql: String) -> String {
        let digits = #"REGEXP_REPLACE(\#(sql), r'^[\#(space)]*\+?(-?)0*([0-9]+)(?:\.0+)?[\#(space)]*$', r'\1\2')"#
        return "REGEXP_REPLACE(\(digits), r'^-0$', '0')"
    }

    /// Whether a text is an integer, space around it allowed.
    static func isInteger(_ sql: String) -> String {
        matches(sql, #"^[\#(space)]*[+-]?[0-9]+(?:\.0+)?[\#(space)]*$"#)
    }

    /// Whether a text is blank.
    static func isBlank(_ sql: String) -> String { matches(sql, "^[\(space)]*$") }

    /// Whether a text is ASCII.
    static func isASCII(_ sql: String) -> String { "BYTE_LENGTH(\(sql)) = LENGTH(\(sql))" }

    /// `t` or `f` for the words of a bool in a text; NULL for any other.
    static func bool(_ sql: String) -> String {
        let word = "LOWER(\(trimmed(sql)))"
        return """
            CASE WHEN \(matches(word, #"^(?:1(?:\.0+)?|t|y|true|yes)$"#)) THEN 't' \
            WHEN \(matches(word, #"^(?:0(?:\.0+)?|f|n|false|no)$"#)) THEN 'f' END
            """
    }

    /// Dates that need no calendar to be known as such, with a year or without: all but the 29th of February.
    static let date: String = {
        let year = "[0-9]{3}[1-9]|[0-9]{2}[1-9][0-9]|[0-9][1-9][0-9]{2}|[1-9][0-9]{3}|-"
        let days = [
            "(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])", "(?:0[13-9]|1[0-2])-(?:29|30)", "(?:0[13578]|1[02])-31",
        ]
        return "^(?:\(year))-(?:\(days.joined(separator: "|")))$"
    }()

    /// A netstring.
    static func netstring(_ sql: String) -> String { "CONCAT(CAST(BYTE_LENGTH(\(sql)) AS STRING), ':', \(sql), ',')" }
}
