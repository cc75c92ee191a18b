package import Contacts

/// What a record's raw values become when some of its fields are written.
package enum RecordEdit {
    /// A record's raw values once these are written.
    ///
    /// - Parameters:
    ///   - values: as `RecordChange.values`: by position in the layout; for a field inside a JSON column the member alone.
    ///     All fields that share that column get the JSON that it becomes, or the value that it is given as a whole.
    ///   - record: one value for each field of the layout, as a session hands them over.
    /// - Returns: nil where a column holds what is no JSON object, where a member cannot be written as JSON, or where two
    ///   fields of one column are given different values.
    package static func applying(_ values: [Int: RawValue], to record: [RawValue], layout: StoreLayout) -> [RawValue]? {
        var result = record
        var written: [String: RawValue] = [:]
        let order = values.keys.sorted()
        for index in order where layout.fields[index].path.isEmpty {
            guard let value = values[index] else { continue }
            result[index] = value
            guard let column = layout.fields[index].column else { continue }
            if let other = written.updateValue(value, forKey: column), other != value { return nil }
        }
        for index in order where !layout.fields[index].path.isEmpty {
            let mapping = layout.fields[index]
            guard let member = values[index], let column = mapping.column,
                let json = setting(mapping.path, to: member, in: written[column] ?? record[index])
            else { return nil }
            written[column] = json
        }
        guard !written.isEmpty else { return result }
        for (index, mapping) in layout.fields.enumerated() {
            if let value = mapping.column.flatMap({ written[$0] }) { result[index] = value }
        }
        return result
    }

    /// A JSON column with the member at a path set; all other members, their order and their spelling stay byte for byte.
    ///
    /// - Parameters:
    ///   - path: names from the top, at least one. Objects that are missing on the way are made.
    ///   - value: a text becomes a JSON string, a number a JSON number, a list an array, `.json` is its own text; `.null`
    ///     takes the member away.
    ///   - json: the column. NULL, an empty text and JSON's null become an object where a member is set.
    /// - Returns: text, blob or JSON as the column is; text for NULL. Nil where the column, or what is on the way, is no JSON
    ///   object, or the value has no JSON form.
    package static func setting(_ path: [String], to value: RawValue, in json: RawValue) -> RawValue? {
        let member: [UInt8]?
        if value == .null {
            member = nil
        } else {
            guard let text = JSONMemberText.text(of: value) else { return nil }
            member = text
        }
        let names = path.map { Array($0.utf8) }[...]
        switch json {
        case .null: return member.map { .text(JSONMemberText.objects(names, around: $0)) } ?? .null
        case .text(let text): return document(text, names, member).map { .text($0) }
        case .blob(let text): return document(text, names, member).map { .blob($0) }
        case .json(let text): return document(text, names, member).map { .json($0) }
        case .integer, .real, .list: return nil
        }
    }

    /// The text of a column with the member set, or taken away where it is nil.
    private static func document(_ text: [UInt8], _ path: ArraySlice<[UInt8]>, _ member: [UInt8]?) -> [UInt8]? {
        if text.isEmpty { return member.map { JSONMemberText.objects(path, around: $0) } ?? text }
        switch JSONMemberText.reading(text) {
        case .invalid: return nil
        // JSON's null, which is as good as no column.
        case .absent: return member.map { JSONMemberText.objects(path, around: $0) } ?? text
        case .value: break
        }
        var document = JSONDocument(text)
        guard document.set(path, to: member) else { return nil }
        // JSON inside JSON may have become too deep to be read.
        guard member?.first != 0x7B && member?.first != 0x5B || JSONMemberText.reading(document.text) == .value else {
            return nil
        }
        return document.text
    }
}

/// JSON text that stands for values.
private enum JSONMemberText {
    /// What a text is as JSON; `.absent` for null.
    static func reading(_ text: [UInt8]) -> Reading {
        var canonicalizer = JSONCanonicalizer()
        var out = ByteBuffer(capacity: text.count + JSONReader.slack)
        return text.withUnsafeBytes { canonicalizer.write($0, to: &out, keepingEmpty: true) }
    }

    /// A value as JSON; nil for a text that is no UTF-8, a number that is none, and what is no JSON.
    static func text(of value: RawValue) -> [UInt8]? {
        switch value {
        case .null: return Array("null".utf8)
        case .integer(let number): return Array(String(number).utf8)
        case .real(let number):
            guard number.isFinite else { return nil }
            var out = ByteBuffer(capacity: 32)
            NumberText.append(number, to: &out)
            return Array(out.bytes)
        case .text(let characters), .blob(let characters): return string(characters)
        case .json(let text): return reading(text) == .invalid ? nil : text
        case .list(let members, _):
            var texts: [[UInt8]] = []
            for member in members {
                guard let text = text(of: member) else { return nil }
                texts.append(text)
            }
            return [0x5B] + texts.joined(separator: [0x2C]) + [0x5D]
        }
    }

    /// Characters as a JSON string; nil where they are no UTF-8.
    static func string(_ characters: [UInt8]) -> [UInt8]? {
        guard let text = String(validating: characters, as: UTF8.self) else { return nil }
        var out = ByteBuffer(capacity: characters.count + 16)
        out.append(0x22)
        for scalar in text.unicodeScalars {
            out.reserve(8)
            out.count += CanonicalJSON.write(scalar.value, to: out.end)
        }
        out.append(0x22)
        return Array(out.bytes)
    }

    /// Objects of one member each, the innermost of which holds the value.
    static func objects(_ path: ArraySlice<[UInt8]>, around value: [UInt8]) -> [UInt8] {
        path.reversed().reduce(value) { inner, name in [0x7B] + (string(name) ?? []) + [0x3A] + inner + [0x7D] }
    }
}

/// JSON text that is known to parse, of which one member is replaced.
private struct JSONDocument {
    private(set) var text: [UInt8]

    init(_ text: [UInt8]) { self.text = text }

    /// A member of an object, by where it stands.
    private struct Member {
        /// Its name's quotation marks included.
        let name: Range<Int>
        let value: Range<Int>
    }

    /// Sets the member at a path, or takes it away where `value` is nil; false, with nothing changed, where what is on the
    /// way is no object.
    mutating func set(_ path: ArraySlice<[UInt8]>, to value: [UInt8]?) -> Bool {
        var path = path
        var start = behindSpace(0)
        while let name = path.first {
            guard text[start] == 0x7B else { return value == nil }
            path = path.dropFirst()
            let members = members(ofObjectAt: start)
            guard let place = members.firstIndex(where: { characters(of: $0.name) == name }) else {
                if let value { insert(name, JSONMemberText.objects(path, around: value), behind: members.last, start) }
                return true
            }
            let member = members[place]
            if path.isEmpty {
                if let value { text.replaceSubrange(member.value, with: value) } else { remove(place, of: members) }
                return true
            }
            if text[member.value] == Array("null".utf8)[...] {
                if let value { text.replaceSubrange(member.value, with: JSONMemberText.objects(path, around: value)) }
                return true
            }
            start = member.value.lowerBound
        }
        return false
    }

    private mutating func insert(_ name: [UInt8], _ value: [UInt8], behind last: Member?, _ start: Int) {
        let member = (JSONMemberText.string(name) ?? []) + [0x3A] + value
        if let last {
            text.insert(contentsOf: [0x2C] + member, at: last.value.upperBound)
        } else {
            text.insert(contentsOf: member, at: start + 1)
        }
    }

    /// Takes a member away, and one of the commas beside it.
    private mutating func remove(_ place: Int, of members: [Member]) {
        let member = members[place]
        if place + 1 < members.count {
            text.removeSubrange(member.name.lowerBound..<members[place + 1].name.lowerBound)
        } else if place > 0 {
            text.removeSubrange(members[place - 1].value.upperBound..<member.value.upperBound)
        } else {
            text.removeSubrange(member.name.lowerBound..<member.value.upperBound)
        }
    }

    private func members(ofObjectAt start: Int) -> [Member] {
        var members: [Member] = []
        var index = behindSpace(start + 1)
        while text[index] == 0x22 {
            let name = index..<stringEnd(index)
            let value = behindSpace(behindSpace(name.upperBound) + 1)
            let end = valueEnd(value)
            members.append(Member(name: name, value: value..<end))
            index = behindSpace(end)
            guard text[index] == 0x2C else { break }
            index = behindSpace(index + 1)
        }
        return members
    }

    /// What a string stands for.
    private func characters(of name: Range<Int>) -> [UInt8] {
        let content = text[(name.lowerBound + 1)..<(name.upperBound - 1)]
        guard content.contains(0x5C) else { return Array(content) }
        var canonicalizer = JSONCanonicalizer()
        var out = ByteBuffer(capacity: content.count + JSONReader.slack)
        let reading = text[name].withUnsafeBytes { canonicalizer.scalar($0, to: &out) }
        return reading == .value ? Array(out.bytes) : []
    }

    /// Whether a number or a word inside an object or array ends before that byte.
    private static func isEnd(_ byte: UInt8) -> Bool {
        Bytes.isSpace(byte) || byte == 0x2C || byte == 0x5D || byte == 0x7D
    }

    private func behindSpace(_ start: Int) -> Int {
        var index = start
        while Bytes.isSpace(text[index]) { index += 1 }
        return index
    }

    /// Behind the string whose quotation mark is at `start`.
    private func stringEnd(_ start: Int) -> Int {
        var index = start + 1
        while text[index] != 0x22 { index += text[index] == 0x5C ? 2 : 1 }
        return index + 1
    }

    /// Behind the value that begins at `start`.
    private func valueEnd(_ start: Int) -> Int {
        var index = start
        var depth = 0
        repeat {
            switch text[index] {
            case 0x22: index = stringEnd(index)
            case 0x7B, 0x5B:
                depth += 1
                index += 1
            case 0x7D, 0x5D:
                depth -= 1
                index += 1
            case _ where depth == 0:
                // A number or a word.
                while !Self.isEnd(text[index]) { index += 1 }
            default: index += 1
            }
        } while depth > 0
        return index
    }
}
