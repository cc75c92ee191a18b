import Contacts
import Foundation
import Testing

@testable import Reporting

@Suite("The status page")
struct StatusHTMLTests {
    private func status(
        _ phase: ServiceStatus.Phase = .running,
        name: String = "crm",
        errors: Int = 0,
        lastSuccess: Date? = Date(timeIntervalSince1970: 1_800_000_050)
    ) -> ServiceStatus {
        ServiceStatus(
            phase: phase,
            startedAt: Date(timeIntervalSince1970: 1_800_000_000),
            at: Date(timeIntervalSince1970: 1_800_000_060),
            stores: [
                ServiceStatus.Store(
                    name: name,
                    kind: "twenty",
                    lastSuccess: lastSuccess,
                    pendingEvents: 1_234,
                    openErrors: errors
                ),
                ServiceStatus.Store(
                    name: "app",
                    kind: "supabase",
                    lastSuccess: nil,
                    pendingEvents: 0,
                    openErrors: 0
                ),
            ]
        )
    }

    private func page(_ status: ServiceStatus) throws -> String { try StatusHTML.render(status, nonce: "n0nce") }

    @Test("whatever a name is, the page has the same markup as with a harmless one", arguments: HTMLReportTests.hostile)
    func hostile(name: String) throws {
        PageMarkup.check(try page(status(name: name)), like: try page(status(name: "zzz")))
    }

    @Test("nothing is loaded, and nothing runs but what carries the nonce")
    func policy() throws { PageMarkup.checkPolicy(try page(status())) }

    @Test("each store has its figures, and the band their sums")
    func figures() throws {
        let page = try page(status(errors: 3))
        for text in [
            "2027-01-15 08:00:50 UTC", "never yet", "1,234", "3 errors are open", "as of 2027-01-15 08:01:00 UTC",
            "1 min 0 s", "supabase",
        ] {
            #expect(page.contains(text), "\(text)")
        }
    }

    @Test(
        "the band is calm while the service runs and no error is open",
        arguments: [
            (ServiceStatus.Phase.running, 0, true, "no error is open"), (.running, 1, false, "1 error is open"),
            (.starting, 0, false, "is starting"), (.stopping, 0, false, "is stopping"),
        ]
    )
    func band(phase: ServiceStatus.Phase, errors: Int, isCalm: Bool, sentence: String) throws {
        let page = try page(status(phase, errors: errors))
        #expect(page.contains("class=\"band \(isCalm ? "consistent" : "inconclusive")\""))
        #expect(page.contains(sentence))
    }
}
