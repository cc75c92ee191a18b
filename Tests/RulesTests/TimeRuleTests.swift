import Contacts
import Fingerprint
import Rules
import Testing

/// Times that cannot be true.
@Suite struct TimeRuleTests {
    private let store = Inspection()

    static let times = ["last_updated", "created_at", "updated_at"]

    @Test(arguments: times) func `the first moment of 1970 and the future fire, and nothing beside them`(
        _ field: String
    ) {
        for text in [
            "1970-01-01T00:00:00Z", "1970-01-01 01:00:00+01:00", "2027-01-15T08:10:00.000001Z", "9999-12-31T23:59:59Z",
        ] {
            #expect(store.found(field, text) == ["corruption.time \(field)"])
        }
        let sound = [
            "1970-01-01T00:00:00.000001Z", "1969-12-31T23:59:59Z", "1970-01-01T00:00:00+01:00", "2027-01-15T08:00:00Z",
            "2027-01-15T08:10:00Z", "0001-01-01T00:00:00Z", "",
        ]
        for text in sound { #expect(store.found(field, text) == []) }
    }

    @Test(arguments: times) func `a time in a unit is judged as one that is written out`(_ field: String) {
        let store = Inspection(field) { $0.unit = .milliseconds }
        for number: Int64 in [0, 1_800_000_600_001] {
            #expect(store.found([field: .integer(number)]) == ["corruption.time \(field)"])
        }
        for number: Int64 in [1, -1, 1_800_000_600_000] { #expect(store.found([field: .integer(number)]) == []) }
    }

    @Test(arguments: [
        ("2024-01-01T00:00:00Z", false), ("2024-01-01T00:00:02Z", true), ("2024-01-01T00:00:00.999999Z", false),
        ("2024-01-01T00:00:01Z", true), ("2024-01-01T00:00:01.000001Z", true), ("2023-12-31T00:00:00Z", false),
    ])
    func `a row that was written a second and more before it was made fires`(_ created: String, _ fires: Bool) {
        let values: [String: RawValue] = ["created_at": .text(created), "updated_at": .text("2024-01-01T00:00:00Z")]
        #expect(store.found(values) == (fires ? ["corruption.time updated_at"] : []))
    }

    @Test func `one wrong time is one damage`() {
        let future: [String: RawValue] = [
            "created_at": .text("2099-01-01T00:00:00Z"), "updated_at": .text("2024-01-01T00:00:00Z"),
        ]
        #expect(store.found(future) == ["corruption.time created_at"])
        let zero: [String: RawValue] = [
            "created_at": .text("2024-01-01T00:00:00Z"), "updated_at": .text("1970-01-01T00:00:00Z"),
        ]
        #expect(store.found(zero) == ["corruption.time updated_at"])
        #expect(store.found(["created_at": .text("2024-01-01T00:00:00Z"), "updated_at": .null]) == [])
    }

    @Test(arguments: [
        ("2027-01-15", false), ("2027-01-16", false), ("2027-01-17", true), ("2028-01-01", true), ("9999-12-31", true),
        ("--02-29", false), ("--12-31", false), ("1970-01-01", false), ("0001-01-01", false), ("1826-11-27", false),
    ])
    func `a birthday fires once its day has begun nowhere`(_ day: String, _ fires: Bool) {
        #expect(store.found("birthday", day) == (fires ? ["corruption.time birthday"] : []))
    }

    @Test func `where the day has just changed in Greenwich it has long been so in the east`() {
        var store = store
        // 2027-01-14T23:59:00Z and a little later; in Kiritimati it is two in the afternoon.
        for now: Int64 in [1_799_971_140_000_000, 1_799_971_200_000_000] {
            store.now = now
            #expect(store.found("birthday", "2027-01-15") == [])
            #expect(store.found("birthday", "2027-01-18") == ["corruption.time birthday"])
        }
    }
}
