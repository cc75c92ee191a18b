import Contacts
import Testing

@testable import Demo

@Suite struct FieldEditTests {
    /// The fields that an edit may change.
    private static let reach: [(edit: FieldEdit, fields: Set<String>)] = {
        let json = Set(RichData.fields)
        let text = Set(ContactSchema.standard.compared.filter { $0.type == .text }.map(\.name))
        return [
            (.text, text), (.reworded, text), (.link, ["apple_link_id"]), (.date, ["birthday"]),
            (.bool, ["is_business", "is_me"]), (.jsonText, json), (.jsonNumber, json), (.emailAdded, ["emails"]),
            (.emailRemoved, ["emails"]), (.emailChanged, ["emails"]), (.phoneAdded, ["phones"]),
            (.phoneRemoved, ["phones"]), (.phoneChanged, ["phones"]),
            (.severalFields, json.union(text).union(["birthday", "emails", "phones"])),
        ]
    }()

    @Test(arguments: reach)
    func anEditChangesWhatItSaysAndNothingElse(edit: FieldEdit, fields: Set<String>) {
        let samples = SampleContacts(seed: 3)
        var random = SeededRandom(seed: 1)
        var changed = 0
        for number in 0..<300 {
            let before = samples[number]
            var after = before
            edit.apply(to: &after, using: &random)
            let differing = after.differing(from: before, in: SampleContact.fields.map(\.name))
            #expect(fields.isSuperset(of: differing))
            #expect(edit == .severalFields || differing.count <= 1)
            changed += differing.isEmpty ? 0 : 1
        }
        #expect(changed > 150)
    }

    @Test func everyEditIsTried() {
        #expect(Set(Self.reach.map(\.edit)) == Set(FieldEdit.allCases))
    }
}
