/// A rule in a store, as a CI system shows it.
struct JUnitCase {
    enum Result {
        case passed
        case skipped(String)
        /// Something is wrong.
        case failed(Explanation)
        /// Nothing could be told.
        case error(Explanation)
    }

    /// GitLab shows the lines and not the message, so that it is the first of them.
    struct Explanation {
        let message: String
        let lines: [String]
    }

    /// The store's name, or words for all stores.
    let store: String
    /// The rule's name, or what stands for several.
    let name: String
    var seconds = 0.0
    var result = Result.passed
    /// Remarks that make no failure.
    var output: [String] = []

    var element: XMLElement {
        var element = XMLElement(
            name: "testcase",
            attributes: [("classname", store), ("name", name), ("time", JUnitTime.text(seconds))]
        )
        switch result {
        case .passed: break
        case .skipped(let reason):
            element.children.append(XMLElement(name: "skipped", attributes: [("message", reason)]))
        case .failed(let explanation): element.children.append(self.element("failure", explanation))
        case .error(let explanation): element.children.append(self.element("error", explanation))
        }
        if !output.isEmpty { element.children.append(XMLElement(name: "system-out", lines: output)) }
        return element
    }

    private func element(_ word: String, _ explanation: Explanation) -> XMLElement {
        XMLElement(
            name: word,
            attributes: [("message", explanation.message), ("type", name)],
            lines: [explanation.message] + explanation.lines
        )
    }
}

enum JUnitTime {
    /// Seconds with three decimals: `0.420`.
    static func text(_ seconds: Double) -> String {
        guard seconds > 0, seconds < 1e12 else { return "0.000" }
        let milliseconds = Int((seconds * 1000).rounded())
        return "\(milliseconds / 1000).\(UTCTime.padded(milliseconds % 1000, 3))"
    }
}
