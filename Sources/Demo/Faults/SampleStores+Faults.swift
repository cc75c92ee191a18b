import Contacts

extension SampleStores {
    /// Changes the stores with one fault of every kind and store, each on contacts of its own, one transaction a store.
    ///
    /// Call it once, on stores that nothing else has changed, after an audit that found them equal: rules that
    /// need history are expected to have it.
    ///
    /// Fewer than about 200 contacts have room for some of the scenarios only.
    ///
    /// - Returns: the findings that an audit must now make, sorted by contact, store and rule. All changes bear times
    ///   in January 2025, so that none counts as recent, but for times that are themselves the fault.
    /// - Throws: an error of SQLite; some of the stores may then hold their faults.
    package func seedFaults(seed: UInt64) throws -> [ExpectedFault] {
        let faults = faults(seed: seed)
        var expected = faults.flatMap(\.expected)
        for shape in kind.shapes {
            expected += try transaction(in: shape, seed: seed) { database in
                try faults.compactMap { try $0.changes[shape.name].flatMap(database.apply) }
                    + database.breakReference() + database.addColumn()
            }
        }
        return Self.sorted(expected)
    }

    /// Expected findings in the order of contact, store and rule.
    static func sorted(_ faults: [ExpectedFault]) -> [ExpectedFault] { faults.sorted { order($0) < order($1) } }

    /// The faults of a seed, for stores that have none.
    func faults(seed: UInt64) -> [SeededFault] {
        var maker = FaultMaker(samples: samples, contacts: contacts, seed: seed, shapes: kind.shapes)
        var random = SeededRandom(seed: seed, 4)
        return random.shuffled(FaultScenario.round(in: kind.shapes)).compactMap { maker.fault($0) }
    }

    private static func order(_ fault: ExpectedFault) -> (Int64, String, String, String) {
        (fault.contact.flatMap { Int64($0) } ?? .max, fault.contact ?? "", fault.store ?? "", fault.rule.name)
    }
}
