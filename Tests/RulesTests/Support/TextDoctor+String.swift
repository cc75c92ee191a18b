import Rules

extension TextDoctor {
    static func diagnose(_ text: String) -> TextDiagnosis? { diagnose(Array(text.utf8)) }

    static func diagnose(_ bytes: [UInt8]) -> TextDiagnosis? { bytes.withUnsafeBytes { diagnose($0) } }
}
