import Foundation

/// Numbers, counts and times as people read them; the same in every locale.
package enum Format {
    /// `12,480`.
    package static func count(_ number: Int) -> String {
        let digits = String(number.magnitude)
        var result = number < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { result.append(",") }
            result.append(digit)
        }
        return result
    }

    /// `1 key`, `1,200 keys`.
    static func counted(_ number: Int, _ noun: String) -> String {
        "\(count(number)) \(noun)\(number == 1 ? "" : "s")"
    }

    /// `99.92 %`, rounded down, so that `100 %` means all.
    static func share(_ part: Int, of whole: Int) -> String {
        guard whole > 0 else { return "–" }
        guard part != whole else { return "100 %" }
        let hundredths = Int((Double(part) / Double(whole) * 10_000).rounded(.down))
        return "\(hundredths / 100).\(UTCTime.padded(hundredths % 100, 2)) %"
    }

    /// `0.4 s`, `3 min 12 s`, `2 h 5 min`.
    static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0, seconds < 1e12 else { return "–" }
        if seconds < 60 {
            let tenths = Int((seconds * 10).rounded())
            if tenths < 600 { return "\(tenths / 10).\(tenths % 10) s" }
        }
        let whole = Int(seconds.rounded())
        return whole < 3600 ? "\(whole / 60) min \(whole % 60) s" : "\(whole / 3600) h \(whole % 3600 / 60) min"
    }

    /// `2024-03-09 07:05:33 UTC`.
    static func time(_ date: Date) -> String {
        "\(UTCTime.text(date).prefix(19).replacing("T", with: " ")) UTC"
    }
}
