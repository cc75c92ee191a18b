import TestSupport
import Testing

@testable import Fingerprint

@Suite struct PhoneTableTests {
    private static let regions = ["US", "GB", "IT", "MX"]

    private func isCanonical(_ number: String) -> Bool {
        Array(number.utf8).withUnsafeBytes { PhoneTable.isCanonical($0) }
    }

    private func e164(_ number: String, _ region: String) -> String {
        String(decoding: PhoneCanonicalizer.e164(Array(number.utf8), region: region), as: UTF8.self)
    }

    @Test(arguments: PhoneTable.rows.indices) func `libphonenumber returns a row's numbers unchanged`(_ index: Int) {
        var random = SeededGenerator(UInt64(index))
        let row = PhoneTable.rows[index]
        for length in row.lengths {
            for first in 0..<10 where row.firstDigits & 1 << UInt16(first) != 0 {
                for _ in 0..<25 {
                    let number = "+\(row.code)\(first)" + random.digits(length - 1...length - 1)
                    #expect(isCanonical(number))
                    #expect(e164(number, random.pick(Self.regions)) == number)
                }
            }
        }
    }

    @Test func `what the table takes from random numbers libphonenumber returns unchanged`() {
        var random = SeededGenerator(7)
        var taken = 0
        for _ in 0..<15_000 {
            let code = random.oneIn(2) ? random.pick(PhoneTable.rows).code.description : random.digits(1...3)
            let number = "+" + code + random.digits(6...13)
            guard isCanonical(number) else { continue }
            taken += 1
            #expect(e164(number, "US") == number)
        }
        #expect(taken > 800)
    }

    @Test(arguments: [
        "+4402079460958", "+019473018156", "+5215512345678", "+390612345678", "+393123456789", "+11555551234",
        "+10155551234", "+1415555267",
        "+141555526711", "14155552671", "+14155552671 ", " +14155552671", "+1415555267x", "+1-415-555-2671",
        "+14155552671;ext=5",
        "+٤٤٢٠٧٩٤٦٠٩٥٨", "+", "", "+1", "+00000000000", "+99123456789", "+78005553535", "+8613800138000", "+491",
        "+44207946095812345678", "++4155552671",
    ])
    func `other numbers are left to libphonenumber`(_ number: String) { #expect(!isCanonical(number)) }

    @Test(arguments: [
        ("+4402079460958", "+442079460958"), ("+5215512345678", "+525512345678"), ("+390612345678", "+390612345678"),
        ("(415) 555-2671", "+14155552671"), ("+1 415 555 2671 ext. 5", "+14155552671;ext=5"), ("12", ""), ("", ""),
        ("soon", ""),
    ])
    func `libphonenumber rewrites what is no E.164`(_ number: String, _ expected: String) {
        #expect(e164(number, "US") == expected)
    }

    @Test func `a region is known or not`() {
        #expect(PhoneCanonicalizer.regionExists("US"))
        #expect(!PhoneCanonicalizer.regionExists("XX"))
        #expect(!PhoneCanonicalizer.regionExists(""))
    }
}
