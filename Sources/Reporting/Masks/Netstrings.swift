/// Reads concatenated netstrings (`3:Ada,2:Jo,`): the members of a set's canonical text.
enum Netstrings {
    /// The members, in order, or nil where the bytes are anything else, to the last byte.
    static func split(_ bytes: [UInt8]) -> [ArraySlice<UInt8>]? {
        var members: [ArraySlice<UInt8>] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            guard let colon = rest.prefix(20).firstIndex(of: UInt8(ascii: ":")),
                rest[..<colon].allSatisfy(ValueMask.isDigit),
                let length = Int(String(decoding: rest[..<colon], as: UTF8.self)),
                length < rest.endIndex - (colon + 1),
                rest[colon + 1 + length] == UInt8(ascii: ",")
            else { return nil }
            members.append(rest[(colon + 1)..<(colon + 1 + length)])
            rest = rest[(colon + length + 2)...]
        }
        return members
    }
}
