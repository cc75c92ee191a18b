/// A JSON value by meaning; numbers are exact.
indirect enum SampleJSON: Sendable, Hashable {
    struct Member: Sendable, Hashable {
        let name: String
        var value: SampleJSON
    }

    case object([Member])
    case array([SampleJSON])
    case string(String)
    /// Decimal digits, without leading zeros.
    case integer(String)
    /// `significand` × 10^-`scale`; `scale` is at least 1.
    case decimal(significand: Int64, scale: Int)
    case bool(Bool)
    case null

    static func object(_ members: KeyValuePairs<String, SampleJSON>) -> SampleJSON {
        .object(members.map { Member(name: $0.key, value: $0.value) })
    }

    static func integer(_ number: Int) -> SampleJSON { .integer(String(number)) }

    var isString: Bool { if case .string = self { true } else { false } }

    var isNumber: Bool {
        switch self {
        case .integer, .decimal: true
        default: false
        }
    }

    /// How many of the leaves, at any depth, fulfil the condition.
    func leaves(where condition: (SampleJSON) -> Bool) -> Int {
        switch self {
        case .object(let members): members.reduce(0) { $0 + $1.value.leaves(where: condition) }
        case .array(let elements): elements.reduce(0) { $0 + $1.leaves(where: condition) }
        default: condition(self) ? 1 : 0
        }
    }

    /// The value with one of the leaves that fulfil the condition replaced: the one with that number, counted in order.
    func replacingLeaf(
        _ number: Int,
        where condition: (SampleJSON) -> Bool,
        by replacement: (SampleJSON) -> SampleJSON
    ) -> SampleJSON {
        var left = number
        return replacingLeaf(&left, condition, replacement)
    }

    private func replacingLeaf(
        _ left: inout Int,
        _ condition: (SampleJSON) -> Bool,
        _ replacement: (SampleJSON) -> SampleJSON
    ) -> SampleJSON {
        switch self {
        case .object(let members):
            return .object(
                members.map { member in
                    Member(name: member.name, value: member.value.replacingLeaf(&left, condition, replacement))
                }
            )
        case .array(let elements):
            return .array(elements.map { $0.replacingLeaf(&left, condition, replacement) })
        default:
            guard condition(self) else { return self }
            defer { left -= 1 }
            return left == 0 ? replacement(self) : self
        }
    }
}
