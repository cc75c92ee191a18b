import Contacts
import Foundation
import Testing

@testable import Demo

@Suite struct DamageTests {
    private static let samples = (0..<400).map { SampleContacts(seed: 5)[$0] }
    private static let fields = SampleContact.fields.map(\.name)

    /// What a damage makes of the sample, where it finds something to damage.
    private func damaged(_ damage: Damage) -> [(before: SampleContact, after: SampleContact, fields: [String])] {
        var random = SeededRandom(seed: 2)
        return Self.samples.compactMap { before in
            var after = before
            guard let fields = damage.apply(to: &after, using: &random) else {
                #expect(after == before)
                return nil
            }
            return (before, after, fields)
        }
    }

    @Test(arguments: Damage.allCases)
    func aDamageChangesTheFieldsThatItNamesAndNothingElse(damage: Damage) {
        let results = damaged(damage)
        #expect(results.count > 30, "of \(Self.samples.count) contacts")
        for (before, after, fields) in results {
            let differing = after.differing(from: before, in: Self.fields)
            switch damage {
            case .noName:
                #expect(fields.isEmpty)
                #expect(differing.contains("full_name") && differing.contains("canonical_name"))
            case .loweredVersion:
                #expect(fields.isEmpty)
                #expect(differing == ["version"])
            case .loweredVersionAndText:
                #expect(fields.isEmpty)
                #expect(differing.count == 2 && differing.last == "version")
            default:
                #expect(!fields.isEmpty)
                #expect(differing == fields)
            }
        }
    }

    @Test func everyRuleThatJudgesValuesHasADamage() {
        let rules: Set<RuleID> = [
            .corruptionEncoding, .corruptionJSON, .corruptionTruncated, .corruptionType, .corruptionRequired,
            .corruptionCategory, .corruptionIdentifier, .corruptionSwapped, .corruptionVersion, .corruptionTime,
        ]
        #expect(Set(Damage.allCases.map(\.rule)) == rules)
    }

    @Test func aCutIsAPrefixOfALengthAtWhichColumnsEnd() throws {
        for damage in [Damage.cutByLetters, .cutByBytes] {
            for (before, after, _) in damaged(damage) {
                let (whole, cut) = (try #require(before.text("notes")), try #require(after.text("notes")))
                #expect(whole.hasPrefix(cut) && whole != cut)
                #expect([64, 100, 128, 200, 255].contains(cut.utf8.count))
                #expect(damage == .cutByBytes || cut.count == cut.utf8.count)
            }
        }
    }

    @Test func textsAreDamagedAsTheirNameSays() throws {
        let signs: [(Damage, String)] = [
            (.lostLetter, "\u{FFFD}"), (.htmlEntity, #"&(#\d+|[A-Za-z]+);"#), (.escapedLetter, #"\\u[0-9a-f]{4}"#),
            (.controlCharacter, "[\u{1}\u{7}\u{1B}]"), (.latinMojibake, "[\u{80}-\u{BF}]"),
        ]
        for (damage, pattern) in signs {
            let expression = try Regex(pattern)
            for (_, after, fields) in damaged(damage) {
                let text = try #require(after.text(fields[0]))
                #expect(text.contains(expression), "\(damage)")
            }
        }
        for (before, after, fields) in damaged(.doubleMojibake) {
            let once = try #require(before.text(fields[0]).flatMap(CodePage.windows1252.misread))
            #expect(after.text(fields[0]) == CodePage.windows1252.misread(once))
        }
    }

    @Test func brokenJSONDoesNotParseAndARepeatedKeyDoes() throws {
        for (damage, parses) in [(Damage.brokenJSON, false), (.repeatedKey, true)] {
            for (_, after, fields) in damaged(damage) {
                guard case .raw(let bytes)? = after[fields[0]] else {
                    Issue.record("\(fields) is not raw")
                    continue
                }
                let text = try #require(String(validating: bytes, as: UTF8.self))
                let value = try? JSONSerialization.jsonObject(with: Data(text.utf8))
                #expect((value != nil) == parses, "\(text)")
            }
        }
    }

    @Test func foreignBytesAreNoUTF8() {
        for (_, after, fields) in damaged(.foreignBytes) {
            guard case .raw(let bytes)? = after[fields[0]] else {
                Issue.record("\(fields) is not raw")
                continue
            }
            #expect(String(validating: bytes, as: UTF8.self) == nil)
        }
    }

    @Test func noTwoContactsGetOneDamagedIdentifier() {
        var members: [String] = []
        for damage in [Damage.impossibleEmail, .phoneInEmails, .emailInPhones] {
            for (_, after, fields) in damaged(damage) {
                guard case .rawMembers(let all)? = after[fields[0]] else {
                    Issue.record("\(fields) has no raw members")
                    continue
                }
                members += all.suffix(1)
                #expect(all.allSatisfy { !$0.contains(",") && !$0.contains(";") })
            }
        }
        #expect(Set(members).count == members.count)
    }
}
