import Contacts
import Fingerprint

/// A value's canonical text inside BigQuery, as SQL.
struct BigQueryText: Sendable {
    /// NULL where the value is absent, or not certain.
    private(set) var text: String
    /// Whether the canonical text cannot be told; nil: it always can.
    var isUncertain: String?
    /// What such a value is told apart by.
    var raw: String?
    /// Texts that stand for no value, where the text is not NULL for it; `uncertain` is not among them.
    var absentTexts: [String] = []

    /// The text of a value that is not certain, where it has no condition of its own.
    static let uncertain = "?"

    /// A scalar of a column, or a member of a set.
    ///
    /// - Parameters:
    ///   - sql: the value.
    ///   - keepsEmpty: whether an empty value is one of its own.
    /// - Returns: nil where nothing of that type can be told from such a column.
    init?(
        _ sql: String,
        _ column: BigQueryType,
        _ field: FieldType,
        mapping: FieldMapping,
        precision: TimeUnit,
        keepsEmpty: Bool
    ) {
        switch (field, column) {
        case (.text, .string): self.init(text: sql, mapping.field.policies, keepsEmpty)
        case (.id, .int64), (.int, .int64): self.init(text: "CAST(\(sql) AS STRING)")
        case (.id, .string): self.init(text: Self.absent(BigQueryTexts.id(sql), sql, keepsEmpty))
        case (.int, .string):
            self.init(sql, BigQueryTexts.integer(sql), where: BigQueryTexts.isInteger(sql), keepsEmpty)
        case (.real, .int64):
            // Beyond these a double is not the number.
            let limit = 9_007_199_254_740_992
            self.init(
                text: "IF(\(sql) BETWEEN -\(limit) AND \(limit), CAST(\(sql) AS STRING), NULL)",
                isUncertain: "NOT (\(sql) BETWEEN -\(limit) AND \(limit))",
                raw: "CAST(\(sql) AS STRING)"
            )
        case (.bool, .bool): self.init(text: "CASE WHEN \(sql) THEN 't' WHEN NOT \(sql) THEN 'f' END")
        case (.bool, .string):
            let word = BigQueryTexts.bool(sql)
            self.init(sql, word, where: "\(word) IS NOT NULL", keepsEmpty)
        case (.bool, .int64):
            self.init(
                text: "CASE \(sql) WHEN 1 THEN 't' WHEN 0 THEN 'f' END",
                isUncertain: "\(sql) NOT IN (0, 1)",
                raw: "CAST(\(sql) AS STRING)"
            )
        case (.date, .date):
            // The width of earlier years is not certain.
            self.init(
                text: "IF(EXTRACT(YEAR FROM \(sql)) >= 1000, FORMAT_DATE('%Y-%m-%d', \(sql)), NULL)",
                isUncertain: "EXTRACT(YEAR FROM \(sql)) < 1000",
                raw: "CAST(\(sql) AS STRING)"
            )
        case (.date, .string):
            let trimmed = BigQueryTexts.trimmed(sql)
            self.init(sql, trimmed, where: BigQueryTexts.matches(trimmed, BigQueryTexts.date), keepsEmpty)
        case (.timestamp, .timestamp):
            let instant = "UNIX_MICROS(\(sql))"
            let unit = precision.microseconds
            self.init(
                text: unit == 1
                    ? "CAST(\(instant) AS STRING)"
                    : "CAST(\(instant) - MOD(MOD(\(instant), \(unit)) + \(unit), \(unit)) AS STRING)"
            )
        case (.email, .string):
            let trimmed = BigQueryTexts.trimmed(sql)
            let isPlain =
                "BYTE_LENGTH(\(trimmed)) <= \(PlainPatterns.emailLength) AND "
                + BigQueryTexts.matches(trimmed, PlainPatterns.email)
            self.init(sql, "LOWER(\(trimmed))", where: isPlain, keepsEmpty)
        case (.phone, .string):
            let trimmed = BigQueryTexts.trimmed(sql)
            self.init(sql, trimmed, where: BigQueryTexts.matches(trimmed, PlainPatterns.phone), keepsEmpty)
        case (.json, .json): self.init(json: "TO_JSON_STRING(\(sql))", column: sql, keepsEmpty, isText: false)
        case (.json, .string): self.init(json: sql, column: sql, keepsEmpty, isText: true)
        default: return nil
        }
        if field == .bool, let absent = mapping.absentAs { text = "IFNULL(\(text), '\(absent ? "t" : "f")')" }
    }

    /// A text that is put together elsewhere.
    init(columns text: String, isUncertain: String, raw: String) {
        self.init(text: text, isUncertain: isUncertain, raw: raw)
    }

    private init(text: String, isUncertain: String? = nil, raw: String? = nil) {
        self.text = text
        self.isUncertain = isUncertain
        self.raw = raw
    }

    /// A text under its field's policies.
    private init(text sql: String, _ policies: Set<FieldDefinition.Policy>, _ keepsEmpty: Bool) {
        var composed = BigQueryTexts.text(sql)
        if policies.contains(.trim) { composed = BigQueryTexts.trimmedWhiteSpace(composed) }
        if policies.contains(.fold) {
            // Only ASCII folds by lower case alone.
            let isASCII = BigQueryTexts.isASCII(sql)
            self.init(
                text: "IF(\(isASCII), \(Self.absent("LOWER(\(composed))", nil, keepsEmpty)), NULL)",
                isUncertain: "NOT (\(isASCII))",
                raw: sql
            )
        } else {
            self.init(text: Self.absent(composed, nil, keepsEmpty))
        }
    }

    /// A value of a column of texts whose canonical text is certain under a condition; blank ones are absent.
    private init(_ sql: String, _ text: String, where condition: String, _ keepsEmpty: Bool) {
        let empty = keepsEmpty ? "WHEN \(BigQueryTexts.isBlank(sql)) THEN ''" : ""
        self.init(
            text: "CASE WHEN \(condition) THEN \(text) \(empty) END",
            isUncertain: "NOT (\(condition) OR \(BigQueryTexts.isBlank(sql)))",
            raw: sql
        )
    }

    /// JSON, by a function that says `?` where it is not certain; called once for each value.
    private init(json: String, column: String, _ keepsEmpty: Bool, isText: Bool) {
        let call = "\(BigQueryJSONFunction.name)(\(json))"
        // An empty text is no JSON, and absent.
        let empty = keepsEmpty ? "''" : "NULL"
        text = isText ? "IF(\(column) = '', \(empty), \(call))" : "IF(\(column) IS NULL, NULL, \(call))"
        raw = json
        absentTexts = keepsEmpty ? ["null"] : ["null", "[]", "{}", "\"\""]
    }

    /// NULL in the place of an empty text, unless that is a value.
    ///
    /// - Parameter source: the text that becomes an empty one where the expression is NULL for a blank one; nil: the
    ///   expression is then empty itself.
    private static func absent(_ sql: String, _ source: String?, _ keepsEmpty: Bool) -> String {
        guard keepsEmpty else { return source == nil ? "NULLIF(\(sql), '')" : sql }
        return source.map { "IF(\($0) IS NULL, NULL, IFNULL(\(sql), ''))" } ?? sql
    }
}
