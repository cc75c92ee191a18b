package import Contacts
import Foundation
import Mustache

/// The report as one HTML page that loads nothing and runs nothing but its own script.
package enum HTMLReport {
    /// Findings held in the page.
    package static let findingLimit = 100_000
    /// Bytes of the page that findings may take; what is left of 15 MB is for everything else.
    package static let findingBytes = 14_000_000

    /// A value that no one can guess, for the page's content security policy.
    package static func makeNonce() -> String {
        (0..<4).map { _ in String(UInt32.random(in: 0x1000_0000 ... .max), radix: 16) }.joined()
    }

    /// The page with the findings that the report holds.
    ///
    /// - Parameter nonce: Letters and digits that no one can guess; new for each page.
    /// - Throws: `EncodingError` where a number of the report is not finite.
    package static func render(_ report: AuditReport, nonce: String = makeNonce()) throws -> String {
        try render(report, findings: report.findings, nonce: nonce)
    }

    /// The page. The same report, findings and nonce give the same text.
    ///
    /// Findings are in it as inert JSON and are laid out by the page's script as the reader scrolls; everything else is
    /// plain HTML. Where not all of them are in the page, it says so.
    ///
    /// - Parameters:
    ///   - findings: All findings of the run, in the order in which they are listed; the report's own are not looked at. At
    ///     most `findingLimit` are taken, fewer where they would fill more than `findingBytes`. They are read once.
    ///   - nonce: Letters and digits that no one can guess; new for each page.
    /// - Throws: `EncodingError` where a number of the report is not finite.
    package static func render<S: Sequence>(
        _ report: AuditReport,
        findings: S,
        nonce: String = makeNonce()
    ) throws -> String where S.Element == Finding {
        var held = HTMLFindings(report)
        for finding in findings.prefix(findingLimit) {
            held.add(finding)
            if held.bytes >= findingBytes { break }
        }
        MustacheContentTypes.register(HTMLText(), named: "ROLLCALL")
        let template = try MustacheTemplate(string: String(decoding: PackageResources.report_mustache, as: UTF8.self))
        return template.render(try HTMLPage(report, held, nonce: nonce))
    }
}
