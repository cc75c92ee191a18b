import Contacts

extension SampleReport {
    /// Findings of two rules in two stores, whose contacts are 1000 and on.
    static func many(_ count: Int) -> [Finding] {
        (0..<count)
            .map { number in
                var finding = finding(
                    String(1000 + number),
                    number % 4 == 0 ? "app" : "crm",
                    rule: number % 3 == 0 ? .driftStale : .driftField,
                    fields: number % 5 == 0 ? ["emails", "phones"] : ["phones"]
                )
                finding.id = String(repeating: "0", count: 26) + String(100_000 + number)
                return finding
            }
    }
}
