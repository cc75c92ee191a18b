package import Contacts
package import Foundation

/// `report.json` (`rollcall.report/1`) and its overflow, one finding a line. The shape: `SchemaDocument.report`.
package enum JSONReport {
    /// The report as indented JSON with sorted keys and a line end after it. The same report gives the same bytes.
    ///
    /// - Throws: `EncodingError` where a number is not finite.
    package static func encode(_ report: AuditReport) throws -> Data { try document(report) }

    /// What became of a plan or an undo, `rollcall.apply/1`, likewise. The shape: `SchemaDocument.apply`.
    ///
    /// - Throws: `EncodingError`, never for a report that was made by an apply or an undo.
    package static func encode(_ report: ApplyReport) throws -> Data { try document(report) }

    /// What the safety checks came to, `rollcall.check/1`, likewise. The shape: `SchemaDocument.check`.
    ///
    /// - Throws: `EncodingError` where a number is not finite.
    package static func encode(_ report: SafetyReport) throws -> Data { try document(report) }

    /// What the gate came to, `rollcall.gate/1`, likewise. The shape: `SchemaDocument.gate`.
    ///
    /// - Throws: `EncodingError` where a number is not finite.
    package static func encode(_ report: GateReport) throws -> Data { try document(report) }

    private static func document(_ value: some Encodable) throws -> Data {
        var data = try encoder([.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]).encode(value)
        data.append(UInt8(ascii: "\n"))
        return data
    }

    /// The report that a file holds. Times come back as written, to the millisecond.
    ///
    /// - Throws: `DecodingError`; also where `schema` names another version.
    package static func decode(_ data: Data) throws -> AuditReport {
        let report = try decoder().decode(AuditReport.self, from: data)
        guard report.schema == AuditReport.schema else {
            throw DecodingError.dataCorrupted(
                DecodingError.Context(
                    codingPath: [],
                    debugDescription: "The file's schema is not \(AuditReport.schema): it was made by another version."
                )
            )
        }
        return report
    }

    /// A finding as one line of JSON with its line end, for the file that `truncated` names.
    ///
    /// - Throws: `EncodingError` where a number is not finite.
    package static func encodeLine(_ finding: Finding) throws -> Data {
        var data = try encoder([.sortedKeys, .withoutEscapingSlashes]).encode(finding)
        data.append(UInt8(ascii: "\n"))
        return data
    }

    /// The finding that a line of that file holds, with or without its line end.
    ///
    /// - Throws: `DecodingError`, which may quote the line.
    package static func decodeLine(_ line: Data) throws -> Finding { try decoder().decode(Finding.self, from: line) }

    static func encoder(_ formatting: JSONEncoder.OutputFormatting) -> JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = formatting
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(UTCTime.text(date))
        }
        return encoder
    }

    private static func decoder() -> JSONDecoder {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            let container = try decoder.singleValueContainer()
            guard let date = UTCTime.date(try container.decode(String.self)) else {
                throw DecodingError.dataCorruptedError(
                    in: container,
                    debugDescription: "not a time of the form 2024-03-09T07:05:33.120Z"
                )
            }
            return date
        }
        return decoder
    }
}
