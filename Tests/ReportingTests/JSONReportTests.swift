import TestSupport
import Contacts
import Foundation
import Testing

@testable import Reporting

@Suite("report.json")
struct JSONReportTests {
    @Test("a report comes back as it was", arguments: [SampleReport.small, SampleReport.full, SampleReport.calm])
    func roundTrip(report: AuditReport) throws {
        let data = try JSONReport.encode(report)
        #expect(try JSONReport.decode(data) == report)
        #expect(try JSONReport.encode(JSONReport.decode(data)) == data)
    }

    @Test("the text is the one that other programs rely on")
    func golden() throws {
        try Golden.check(String(decoding: JSONReport.encode(SampleReport.full), as: UTF8.self), "report.json")
    }

    @Test("another version's file is refused")
    func version() throws {
        let text = String(decoding: try JSONReport.encode(SampleReport.calm), as: UTF8.self)
        let other = text.replacing("rollcall.report/1", with: "rollcall.report/2")
        #expect(throws: DecodingError.self) { try JSONReport.decode(Data(other.utf8)) }
    }

    @Test("a finding is one line, whatever its message")
    func line() throws {
        var finding = SampleReport.finding("1", "crm")
        finding.message = "two\nlines\r\n"
        let line = try JSONReport.encodeLine(finding)
        #expect(line.filter { $0 == UInt8(ascii: "\n") }.count == 1 && line.last == UInt8(ascii: "\n"))
        #expect(try JSONReport.decodeLine(line) == finding)
        #expect(try JSONReport.decodeLine(line.dropLast()) == finding)
    }

    @Test("a proposed text is there where there is one, and no key where there is none")
    func proposed() throws {
        var finding = SampleReport.finding("1", "crm", fields: ["notes", "phones"])
        finding.fields[0].proposed = "M•••"
        let line = try JSONReport.encodeLine(finding)
        let object = try #require(try JSONSerialization.jsonObject(with: line) as? [String: Any])
        let fields = try #require(object["fields"] as? [[String: Any]])
        #expect(fields.map { $0["proposed"] as? String } == ["M•••", nil])
        #expect(fields.map { $0.keys.contains("proposed") } == [true, false])
        #expect(try JSONReport.decodeLine(line) == finding)
    }

    @Test(
        "times are RFC 3339 in UTC with milliseconds",
        arguments: [
            (0.0, "1970-01-01T00:00:00.000Z"), (-0.001, "1969-12-31T23:59:59.999Z"),
            (951_782_399.9996, "2000-02-29T00:00:00.000Z"), (1_709_967_933.12, "2024-03-09T07:05:33.120Z"),
            (-62_167_219_200, "0000-01-01T00:00:00.000Z"), (253_402_300_799.999, "9999-12-31T23:59:59.999Z"),
            (1e300, "9999-12-31T23:59:59.999Z"),
        ]
    )
    func times(seconds: Double, expected: String) {
        #expect(UTCTime.text(Date(timeIntervalSince1970: seconds)) == expected)
    }

    @Test("every millisecond survives, also by Foundation's own reading")
    func milliseconds() throws {
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        var random = SeededGenerator(7)
        for _ in 0..<2000 {
            let date = Date(timeIntervalSince1970: Double(Int.random(in: 0...4_000_000_000_000, using: &random)) / 1000)
            let text = UTCTime.text(date)
            #expect(UTCTime.date(text) == date)
            #expect(abs(try style.parse(text).timeIntervalSince(date)) < 0.0005)
        }
    }

    @Test(
        "what is not such a time is refused",
        arguments: [
            "2024-02-30T00:00:00.000Z", "2024-13-01T00:00:00.000Z", "2024-01-01T24:00:00.000Z", "2024-01-01T00:00:00Z",
            "2024-01-01 00:00:00.000Z", "", "２０24-01-01T00:00:00.000Z", "2024-01-00T00:00:00.000Z",
        ]
    )
    func badTimes(text: String) {
        #expect(UTCTime.date(text) == nil)
    }
}
