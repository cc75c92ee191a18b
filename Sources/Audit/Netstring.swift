/// Reads `<byte length>:<text>,` one after another.
enum Netstring {
    /// The texts; what is no netstring is one text as it is, such as a set that is invalid as a whole.
    static func all(in bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var result: [ArraySlice<UInt8>] = []
        var rest = bytes[...]
        while let colon = rest.firstIndex(of: UInt8(ascii: ":")),
            let count = Int(String(decoding: rest[..<colon], as: UTF8.self)), count >= 0,
            count < rest.endIndex - colon - 1, rest[colon + 1 + count] == UInt8(ascii: ",")
        {
            result.append(rest[(colon + 1)..<(colon + 1 + count)])
            rest = rest[(colon + 2 + count)...]
        }
        return rest.isEmpty ? result : [bytes[...]]
    }
}
