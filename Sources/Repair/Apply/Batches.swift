/// Parts of what is to be written, each of which is read and written as a whole.
enum Batches {
    /// The elements in their order, in parts of at most `limit`. No element is in one part with another that has one of its
    /// marks or of the marks that it needs.
    static func split<Element>(
        _ elements: [Element],
        limit: Int,
        marks: (Element) -> (own: [String], needed: [String])
    ) -> [[Element]] {
        var parts: [[Element]] = []
        var part: [Element] = []
        var seen: Set<String> = []
        for element in elements {
            let marks = marks(element)
            if part.count >= max(limit, 1) || marks.own.contains(where: seen.contains)
                || marks.needed.contains(where: seen.contains)
            {
                parts.append(part)
                part = []
                seen = []
            }
            part.append(element)
            seen.formUnion(marks.own)
        }
        return part.isEmpty ? parts : parts + [part]
    }
}
