package import Contacts
import Foundation
import Mustache

/// The report as one HTML page that loads nothing and runs nothing but its own script.
package enum HTMLReport {
    /// A value that no one can guess, for the page's content security policy.
    package static func makeNonce() -> String {
        (0..<4).map { _ in String(UInt32.random(in: 0x1000_0000 ... .max), radix: 16) }.joined()
    }

    /// The page. The same report and nonce give the same text.
    ///
    /// Findings are in it as inert JSON and are laid out by the page's script as the reader scrolls; everything else is
    /// plain HTML.
    ///
    /// - Parameter nonce: Letters and digits that no one can guess; new for each page.
    /// - Throws: `EncodingError` where a number of the report is not finite.
    package static func render(_ report: AuditReport, nonce: String = makeNonce()) throws -> String {
        MustacheContentTypes.register(HTMLText(), named: "ROLLCALL")
        let template = try MustacheTemplate(string: String(decoding: PackageResources.report_mustache, as: UTF8.self))
        return template.render(try HTMLPage(report, nonce: nonce))
    }
}
