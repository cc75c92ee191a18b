import Contacts
import Foundation
import Mustache

/// What the template of a plan and of an apply shows: a band, sections with a table each, the evidence. The template finds
/// the properties by their names, and looks for one that is nil further out: no name is there twice on the way.
struct HTMLRepairPage {
    let nonce: String
    let css = HTMLPage.text(
        PackageResources.report_css + PackageResources.report_list_css + PackageResources.repair_css
    )
    let script = HTMLPage.text(PackageResources.report_copy_js + PackageResources.repair_js)

    /// The browser's title, behind the program's name.
    let title: String
    /// The band's look: `open`, `consistent`, `inconclusive`.
    let tone: String
    let symbol: String
    let word: String
    let sentence: String
    let when: String
    let figures: [Figure]
    let sections: [HTMLRepairSection]
    let evidence: [HTMLFact]

    /// A number of the band.
    struct Figure {
        let number: String
        let noun: String
        let under: String

        init(_ number: Int, _ noun: String, _ under: String) {
            self.number = Format.count(number)
            self.noun = noun
            self.under = under
        }
    }

    /// The page as HTML; the same page gives the same text.
    ///
    /// - Throws: where the template is damaged.
    func render() throws -> String {
        MustacheContentTypes.register(HTMLText(), named: "ROLLCALL")
        return try MustacheTemplate(string: HTMLPage.text(PackageResources.repair_mustache)).render(self)
    }
}
