import Contacts

/// What a plan would do about the findings of an audit: a table of contacts by action and store.
struct HTMLRepairs {
    let names: [HTMLName]
    let rows: [Row]
    let isEmpty: Bool
    /// Said where the page does not hold all findings.
    let isCut: Bool
    let commands: [NextCommand]

    struct Row {
        let action: String
        let cells: [Cell]
    }

    struct Cell {
        /// Nil where there is none.
        let contacts: String?
    }

    /// A finding's contact in one cell of the table; a contact counts once, however many findings it has there.
    private struct Place: Hashable {
        let action: String
        let store: String?
        let contact: String
    }

    /// - Parameter isCut: whether the page has no room for all findings.
    init(_ report: AuditReport, _ held: HTMLFindings, isCut: Bool) {
        self.isCut = isCut
        var places: Set<Place> = []
        for row in 0..<held.count {
            let repair = held.shapes[held.shape[row]][3].map { $0 < 0 ? nil : held.strings[$0] }
            guard let action = repair.first.flatMap({ $0 }) else { continue }
            // What is about no contact stands for itself.
            places.insert(Place(action: action, store: repair[1], contact: held.contact[row] ?? "\0\(row)"))
        }
        var counts: [[String?]: Int] = [:]
        for place in places { counts[[place.action, place.store], default: 0] += 1 }
        let found = Set(places.map(\.store))
        let stores =
            report.stores.map { Optional($0.name) }.filter(found.contains) + (found.contains(nil) ? [nil] : [])
        names = stores.map { HTMLName(name: $0 ?? "no store in particular") }
        let actions = RepairProposal.Action.allCases.filter { action in places.contains { $0.action == action.rawValue }
        }
        rows = actions.map { action in
            let cells = stores.map { store in Cell(contacts: counts[[action.rawValue, store]].map(Format.count)) }
            return Row(action: "\(action.sign) \(action.meaning)", cells: cells)
        }
        isEmpty = places.isEmpty
        let file = "plan.json"
        commands =
            isEmpty
            ? []
            : [
                NextCommand(
                    line: "rollcall plan --from \(ShellWord.text(report.run.id)) -o \(file)",
                    does: "reads these contacts anew and writes the plan"
                ), NextCommand(line: "rollcall apply \(file)", does: "carries it out"),
            ]
    }
}

extension RepairProposal.Action {
    /// What a plan does about it.
    fileprivate var meaning: String {
        switch self {
        case .insert, .update, .delete, .link, .merge: rawValue
        case .manual: "left to a person"
        case .unrepresentable: "not possible there"
        case .deferred: "later"
        }
    }
}
