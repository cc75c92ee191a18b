extension HTTPResponse {
    /// The error that a redirect is; nil for any other answer.
    func redirect(from host: String) -> TransportError? {
        guard [301, 302, 303, 307, 308].contains(status) else { return nil }
        return TransportError(
            .redirect,
            "\(host) sends to \(target(from: host)), which is not followed, so that no credential goes there. "
                + "If that is the service, make it the endpoint.",
            wasSent: true
        )
    }

    /// The host that it sends to, as a message can show it.
    private func target(from host: String) -> String {
        guard let location = header("location"), !location.isEmpty else { return "another address" }
        // Without a scheme and two slashes it stays on the host.
        guard let slashes = location.firstRange(of: "//"),
            location[..<slashes.lowerBound].allSatisfy({ !"/?#".contains($0) })
        else { return "another path of \(host)" }
        let authority = location[slashes.upperBound...].prefix { !"/?#\\".contains($0) }
        let name = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
        let isFine = name.utf8.allSatisfy { $0.isAlphanumeric || ".-_:[]".utf8.contains($0) }
        return isFine && !name.isEmpty && name.utf8.count <= 253 ? String(name) : "another host"
    }
}
