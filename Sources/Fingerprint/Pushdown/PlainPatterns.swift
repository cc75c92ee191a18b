/// Regular expressions (RE2) of texts that are certainly their own canonical text, for engines that have no library for the
/// type. A text that does not match may be canonical all the same.
package enum PlainPatterns {
    /// Numbers in E.164 that libphonenumber returns unchanged: the rows of `PhoneTable`.
    package static let phone: String = {
        let plans = PhoneTable.rows.map { row in
            let first = (0...9).filter { row.firstDigits & (1 << UInt16($0)) != 0 }.map(String.init).joined()
            return "\(row.code)[\(first)][0-9]{\(row.lengths.lowerBound - 1),\(row.lengths.upperBound - 1)}"
        }
        return "^\\+(?:" + plans.joined(separator: "|") + ")$"
    }()

    /// Addresses in ASCII that only need lower case, where they are of at most `emailLength` bytes.
    package static let email: String = {
        let label = "[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*"
        return "^[!-?A-~]+@\(label)(?:\\.\(label))+$"
    }()

    /// Bytes of an address that `email` speaks of: no label of it can be too long.
    package static let emailLength = 63
}
