import TestSupport
import Contacts

/// Random questions about canonical texts, for every type and every setting.
struct HostileValues {
    /// Values of one field, which one encoder reads one after the other.
    struct Group {
        let type: FieldType
        let options: WrittenOptions
        let values: [RawValue]
    }

    private var texts: HostileText
    private var random: SeededGenerator

    init(_ seed: UInt64) {
        texts = HostileText(seed)
        random = SeededGenerator(seed &+ 1)
    }

    mutating func group(_ type: FieldType, count: Int) -> Group {
        let options = options(type)
        let name = type.member?.name ?? type.name
        let values = (0..<count)
            .map { _ -> RawValue in
                guard options.path == nil else { return atPath(name, isSet: type.member != nil) }
                return type.member == nil ? value(name) : set(name, separator: options.separator)
            }
        return Group(type: type, options: options, values: values)
    }

    private mutating func options(_ type: FieldType) -> WrittenOptions {
        var options = WrittenOptions()
        let member = type.member ?? type
        if random.oneIn(5) { options.distinguishEmpty = true }
        if random.oneIn(5) { options.path = random.pick(["p", "p.q", "p.é.q"]) }
        if type.member != nil {
            if random.oneIn(3) { options.separator = random.pick([",", ";", "||"]) }
            if random.oneIn(4) { options.one = true }
        }
        switch member {
        case .text: options.policy = random.pick([nil, nil, ["trim"], ["fold"], ["trim", "fold"]])
        case .bool where type.member == nil: options.absentAs = random.pick([nil, true, false])
        case .timestamp:
            options.unit = random.pick([nil, "s", "ms", "us"])
            options.precision = random.pick([nil, "s", "ms", "us"])
        case .phone: options.region = random.pick(["US", "GB", "DE", "IT", "MX", "FR"])
        default: break
        }
        return options
    }

    /// One value as a store hands it over.
    private mutating func value(_ type: String) -> RawValue {
        switch Int.random(in: 0..<16, using: &random) {
        case 0: return .null
        case 1:
            return .integer(
                random.pick([0, 1, 7, .max, .min, 1_700_000_000, Int64.random(in: .min ... .max, using: &random)])
            )
        case 2:
            return .real(
                random.pick([
                    0, -0.0, 0.5, 1e21, 1e-7, 1.7e9, .nan, -.infinity, Double.random(in: -1e6...1e6, using: &random),
                ])
            )
        case 3: return .blob(Array(texts.text(type).utf8))
        case 4: return .text(random.bytes(0...8))
        case 5:
            return .list((0..<Int.random(in: 0...3, using: &random)).map { _ in .text(texts.text(type)) }, primary: nil)
        default: return .text(texts.text(type))
        }
    }

    private mutating func set(_ type: String, separator: String?) -> RawValue {
        let count = Int.random(in: 0...5, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: return value(type)
        case 1:
            let members = (0..<count)
                .map { _ in
                    let member = value(type)
                    if case .list = member { return RawValue.null } else { return member }
                }
            return .list(
                members,
                primary: members.isEmpty || random.oneIn(2) ? nil : Int.random(in: members.indices, using: &random)
            )
        case 2: return .text((0..<count).map { _ in texts.text(type) }.joined(separator: separator ?? ","))
        default: return .text(array(type, count))
        }
    }

    private mutating func array(_ type: String, _ count: Int) -> String {
        let members = (0..<count).map { _ in random.oneIn(5) ? texts.json() : quoted(texts.text(type)) }
        return random.pick(["[", "[ ", " ["]) + members.joined(separator: random.pick([",", ", ", ",\n"]))
            + random.pick(["]", " ]", "]\t", ""])
    }

    /// A document in which there may be something at one of the paths that `options` gives.
    private mutating func atPath(_ type: String, isSet: Bool) -> RawValue {
        if random.oneIn(12) { return value(type) }
        let leaf: String =
            switch Int.random(in: 0..<5, using: &random) {
            case 0: texts.json()
            case 1: random.pick(["null", "\"\"", "[]", "{}", "true", "7", "1.50"])
            case 2 where isSet: array(type, 3)
            default: quoted(texts.text(type))
            }
        let other = texts.json(4)
        return .text(
            random.pick([
                "{\"p\":\(leaf)}", "{\"a\":\(other),\"p\":{\"q\":\(leaf)}}",
                "{\"p\":{\"\\u00e9\":{\"q\":\(leaf)}},\"z\":\(other)}",
                "{\"p\":{\"é\":{\"q\":\(leaf),\"r\":\(other)}}}", "[\(leaf)]", leaf,
            ])
        )
    }

    /// The text as a JSON string.
    private mutating func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x22, 0x5C: result += "\\" + String(scalar)
            case ..<0x20: result += "\\u00" + [UInt8(scalar.value)].hexadecimal
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
