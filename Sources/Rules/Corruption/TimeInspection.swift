import Contacts
import Fingerprint
import Foundation

/// Finds times that cannot be true.
struct TimeInspection {
    /// Microseconds since 1970: what is later is in the future.
    private let limit: Int64
    /// The last day that is not in the future anywhere on Earth, as `YYYY-MM-DD`.
    private let lastDay: [UInt8]

    /// - Parameter now: microseconds since 1970, a clock's skew included.
    init(now: Int64) {
        limit = now
        let tomorrow = Date(timeIntervalSince1970: Double(now) / 1_000_000 + 86_400)
        lastDay = Array(tomorrow.formatted(.iso8601.year().month().day()).utf8)
    }

    /// The times that a row keeps of itself, and its version.
    func inspect(_ record: RecordView, _ found: inout [FieldDamage]) {
        inspect(record.lastUpdated, ContactSchema.Name.lastUpdated, &found)
        inspect(record.deletedAt, ContactSchema.Name.deletedAt, &found)
        inspect(record.createdAt, ContactSchema.Name.createdAt, &found)
        inspect(record.updatedAt, ContactSchema.Name.updatedAt, &found)
        if case .invalid(let text) = record.version {
            found.append(FieldDamage(.corruptionType, field: ContactSchema.Name.version, "is no number", text: text))
        }
        // A second apart at least: one of the two may be kept to the second only.
        if case .value(let created) = record.createdAt, case .value(let updated) = record.updatedAt,
            updated != 0, created <= limit, created - updated >= 1_000_000
        {
            found.append(
                FieldDamage(
                    .corruptionTime,
                    field: ContactSchema.Name.updatedAt,
                    "is before \(ContactSchema.Name.createdAt)",
                    text: Self.text(updated)
                )
            )
        }
    }

    /// - Parameter birthday: where the field stands among those that are compared.
    func inspect(birthday: Int, of record: RecordView, _ found: inout [FieldDamage]) {
        guard !record.isAbsent(birthday), !record.isInvalid(birthday) else { return }
        let text = record.text(birthday)
        // A day without its year begins with a hyphen, which is before every digit.
        if lastDay.lexicographicallyPrecedes(text) {
            found.append(FieldDamage(.corruptionTime, field: "birthday", "is in the future", text: Array(text)))
        }
    }

    private func inspect(_ value: RecordView.Metadata, _ name: String, _ found: inout [FieldDamage]) {
        switch value {
        case .absent: break
        // A mark of deletion that says no.
        case .invalid(let text) where name == ContactSchema.Name.deletedAt && Self.isNegation(text): break
        case .invalid(let text): found.append(FieldDamage(.corruptionType, field: name, "is no time", text: text))
        case .value(0):
            found.append(FieldDamage(.corruptionTime, field: name, "is the first moment of 1970", text: Self.text(0)))
        case .value(let time) where time > limit:
            found.append(FieldDamage(.corruptionTime, field: name, "is in the future", text: Self.text(time)))
        case .value: break
        }
    }

    /// - Parameter text: `!` and the raw bytes.
    private static func isNegation(_ text: [UInt8]) -> Bool {
        let word = String(decoding: text.dropFirst(), as: UTF8.self).trimmingCharacters(in: .whitespaces).lowercased()
        return ["0", "false", "f", "no", "n"].contains(word)
    }

    private static func text(_ time: Int64) -> [UInt8] { Array(String(time).utf8) }
}
