import Testing

/// The units of systemd in packaging/.
@Suite("packaging/")
struct PackagingTests {
    private static let services = ["rollcall.service", "rollcall-audit.service"]
    private static let units = services + ["rollcall-audit.timer"]

    private static func text(_ unit: String) throws -> String { try Repository.text("packaging/systemd/\(unit)") }

    /// What systemd says of units, in which the program stands for one that is there.
    private func verify(_ units: [String: String]) throws -> Shell.End {
        let shell = try Shell()
        defer { shell.remove() }
        for (name, text) in units {
            try shell.write(text.replacing("/usr/local/bin/rollcall", with: "/bin/true"), to: name)
        }
        let names = units.keys.sorted().map { "./\($0)" }.joined(separator: " ")
        return try #require(try shell.run(["systemd-analyze verify --man=no \(names)"]).first)
    }

    private static let hasSystemd = Repository.isInstalled("systemd-analyze")

    @Test("systemd understands every line of the units", .enabled(if: hasSystemd, "there is no systemd-analyze"))
    func verified() throws {
        let texts = try Self.units.map { ($0, try Self.text($0)) }
        #expect(try verify(Dictionary(uniqueKeysWithValues: texts)) == Shell.End(exit: 0, output: ""))
    }

    @Test("a key that systemd does not know is seen", .enabled(if: hasSystemd, "there is no systemd-analyze"))
    func unknownKey() throws {
        let text = try Self.text("rollcall.service").replacing("NoNewPrivileges", with: "NoNewPrivilegs")
        #expect(try verify(["rollcall.service": text]).output.contains("NoNewPrivilegs"))
    }

    @Test("units consist of sections and settings", arguments: units)
    func lines(unit: String) throws {
        let lines = UnitFile(try Self.text(unit)).lines
        #expect(lines.count > 3)
        #expect(lines.filter { if case .strange = $0 { true } else { false } } == [])
    }

    @Test("a service may touch its state folder and the network, and nothing else", arguments: services)
    func hardened(unit: String) throws {
        let file = UnitFile(try Self.text(unit))
        let expected = [
            "DynamicUser": "yes", "User": "rollcall", "StateDirectory": "rollcall", "StateDirectoryMode": "0700",
            "WorkingDirectory": "/var/lib/rollcall", "UMask": "0077", "NoNewPrivileges": "yes",
            "CapabilityBoundingSet": "", "ProtectSystem": "strict", "ProtectHome": "yes", "PrivateTmp": "yes",
            "PrivateDevices": "yes", "ProtectKernelTunables": "yes", "ProtectKernelModules": "yes",
            "ProtectControlGroups": "yes", "RestrictNamespaces": "yes", "RestrictSUIDSGID": "yes",
            "LockPersonality": "yes", "MemoryDenyWriteExecute": "yes", "SystemCallArchitectures": "native",
            "SystemCallFilter": "@system-service",
        ]
        for (key, value) in expected { #expect(file["Service", key] == [value], "\(key)") }
        #expect(file["Service", "ReadWritePaths"] == [])
    }

    @Test("secrets come from a file that no unit holds", arguments: services)
    func secrets(unit: String) throws {
        let file = UnitFile(try Self.text(unit))
        #expect(file["Service", "EnvironmentFile"] == ["/etc/rollcall/secrets.env"])
        #expect(file["Service", "Environment"] == [])
    }

    @Test("the units run the verbs of the program with the same configuration")
    func commands() throws {
        let commands = try Self.services.flatMap { UnitFile(try Self.text($0))["Service", "ExecStart"] }
        #expect(
            commands
                == ["sync", "audit"].map { "/usr/local/bin/rollcall \($0) --config /etc/rollcall/rollcall.yaml" }
        )
        let timer = UnitFile(try Self.text("rollcall-audit.timer"))
        #expect(timer["Timer", "OnCalendar"] == ["*-*-* 02:30:00"] && timer["Timer", "Persistent"] == ["yes"])
    }

    @Test("the README names every unit, and a state folder that the units may write")
    func readme() throws {
        let readme = Markdown(text: try Repository.text("packaging/README.md"))
        #expect(Set(Self.units).isSubset(of: readme.codeSpans))
        let paths = readme.blocks("yaml").joined().compactMap { $0.split(separator: " ").last }
        #expect(!paths.isEmpty && paths.allSatisfy { $0.hasPrefix("/var/lib/rollcall/") })
    }
}
