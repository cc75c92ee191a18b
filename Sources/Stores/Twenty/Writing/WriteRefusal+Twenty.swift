extension WriteRefusal {
    /// What Twenty's answer says of a change that writes these fields.
    ///
    /// - Parameter holder: who holds the e-mail address that would be written, as far as it was found.
    init(_ problem: TwentyProblem, fields: [String], holder: TwentyHolder?) {
        let names = fields.sorted().joined(separator: ", ")
        if problem.isDuplicate {
            why =
                switch holder {
                case .deleted:
                    "a soft-deleted person of the CRM still holds that e-mail address; restore or destroy that person"
                        + " in Twenty first"
                case .live: "another person of the CRM has that e-mail address, which must be unique"
                case nil: "another person of the CRM, perhaps a soft-deleted one, has the same value in a unique field"
                }
        } else if problem.isPhone {
            why = "the CRM calls a phone number invalid"
        } else if problem.isUnknownField {
            why = "person has no longer all of the fields \(names)"
        } else {
            why =
                "the CRM does not take the value of \(fields.count == 1 ? names : "one of \(names)")\(problem.codeClause)"
        }
    }
}

/// Who has a value that must be unique.
enum TwentyHolder: Sendable {
    case live
    case deleted
}
