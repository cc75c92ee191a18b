import Foundation
import GRDB

/// Spellings that several shapes share.
enum Spelling {
    /// Bytes as they are, also where they are no UTF-8.
    static func raw(_ bytes: [UInt8]) -> DatabaseValue { Data(bytes).databaseValue }

    /// Canonically decomposed (NFD).
    static func decomposed(_ text: String) -> String {
        text.utf8.allSatisfy { $0 < 0x80 } ? text : text.decomposedStringWithCanonicalMapping
    }

    /// Upper-case where lower-casing gives the text back, as it does not with `ß` and final sigma.
    static func upper(_ text: String) -> String {
        let upper = text.uppercased()
        return upper.lowercased() == text ? upper : text
    }

    /// The address with its domain as A-labels.
    static func asciiDomain(_ email: String) -> String {
        guard let at = email.firstIndex(of: "@"),
            let ascii = SampleVocabulary.internationalDomains[String(email[email.index(after: at)...])]
        else { return email }
        return email[...at] + ascii
    }

    /// `YYYY-MM-DD`, `T` or space, `hh:mm:ss`, then the fraction where there is one, then the zone.
    static func timestamp(_ microseconds: Int64, separator: String, zone: String, aheadBy minutes: Int = 0) -> String {
        let time = CivilTime(microseconds: microseconds, aheadBy: minutes)
        let fraction = time.microsecond == 0 ? "" : "." + padded(time.microsecond, 6)
        return time.date + separator + time.clock + fraction + zone
    }

    /// JSON text of a list of strings.
    static func list(
        _ members: [String],
        _ style: SampleJSONWriter.Style,
        using random: inout SeededRandom
    ) -> String {
        SampleJSONWriter.text(of: .array(members.map { .string($0) }), style, using: &random)
    }
}
