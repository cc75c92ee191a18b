import Contacts
import Demo
import Testing

@Suite struct TruthCheckTests {
    private static func finding(
        _ contact: String,
        _ store: String,
        _ fields: [String],
        _ state: FindingState = .confirmed
    ) -> Finding {
        Finding(
            rule: .driftField,
            kind: .drift,
            severity: .error,
            contact: contact,
            stores: [store],
            fields: fields.map { FieldDifference(name: $0, values: [:], sameMask: false, lengths: [:]) },
            state: state,
            message: ""
        )
    }

    private static func fault(_ contact: String, _ fields: [String]) -> ExpectedFault {
        ExpectedFault(contact: contact, store: "crm", rule: .driftField, fields: fields)
    }

    @Test func theOrderOfFieldsDoesNotMatter() {
        let check = TruthCheck(
            expected: [Self.fault("1", ["notes", "emails"])],
            findings: [Self.finding("1", "crm", ["emails", "notes"])]
        )
        #expect(check.isMet)
        #expect(check.line == "1 faults: 1 found, 0 missed, 0 false alarms")
    }

    @Test func otherFieldsAreAMissAndAFalseAlarm() {
        let check = TruthCheck(
            expected: [Self.fault("1", ["emails"])],
            findings: [Self.finding("1", "crm", ["emails", "notes"])]
        )
        #expect(check.line == "1 faults: 0 found, 1 missed, 1 false alarms")
        #expect(!check.isMet)
    }

    @Test func anotherStoreAndTheSameFindingTwiceAreFalseAlarms() {
        let findings = ["crm", "app", "crm"].map { Self.finding("1", $0, ["emails"]) }
        let check = TruthCheck(expected: [Self.fault("1", ["emails"])], findings: findings)
        #expect(check.line == "1 faults: 1 found, 0 missed, 2 false alarms")
        #expect(check.falseAlarms == Array(findings.dropFirst()))
    }

    @Test(arguments: FindingState.allCases.filter { $0 != .confirmed })
    func onlyConfirmedFindingsCount(state: FindingState) {
        let check = TruthCheck(
            expected: [Self.fault("1", ["emails"])],
            findings: [Self.finding("1", "crm", ["emails"], state), Self.finding("2", "crm", [], state)]
        )
        #expect(check.line == "1 faults: 0 found, 1 missed, 0 false alarms")
    }
}
