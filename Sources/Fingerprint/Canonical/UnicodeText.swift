import Foundation

/// Unicode's normalisation form C and full case folding.
///
/// The library's own answers are wrong for some texts: it composes a character above U+FFFF with the mark behind it as
/// if it were another, leaves a Hangul syllable and the jamo behind it apart, puts some Tibetan marks in the wrong
/// order, and does not fold Cherokee. Here only what is right there is taken from it: a character's decomposition, its
/// combining class and its letter case.
enum UnicodeText {
    /// Normalisation form C (Unicode 3.11, D108 to D117).
    static func composed(_ text: String) -> String {
        let scalars = inCanonicalOrder(Array(text.decomposedStringWithCanonicalMapping.unicodeScalars))
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(scalars.count)
        var starter: Int?
        var lastClass: UInt8 = 0
        for scalar in scalars {
            let combiningClass = combiningClass(scalar)
            if let index = starter, index == result.count - 1 || (lastClass > 0 && lastClass < combiningClass),
                let composite = composite(result[index], scalar)
            {
                result[index] = composite
                continue
            }
            if combiningClass == 0 { starter = result.count }
            lastClass = combiningClass
            result.append(scalar)
        }
        return string(result)
    }

    /// Full case folding, without a locale; the result is in no normalisation form.
    static func folded(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { $0 += folded($1) }
    }

    private static func folded(_ scalar: Unicode.Scalar) -> String {
        switch scalar.value {
        case 0..<0x80: return scalar.properties.lowercaseMapping
        case 0x131: return "\u{131}"
        // Cherokee folds to its older, upper-case letters.
        case 0x13A0...0x13FF, 0xAB70...0xABBF: return scalar.properties.uppercaseMapping
        default: return lowercased(uppercased(scalar.properties.lowercaseMapping))
        }
    }

    private static func lowercased(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { $0 += $1.properties.lowercaseMapping }
    }

    private static func uppercased(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { $0 += $1.properties.uppercaseMapping }
    }

    private static func string(_ scalars: [Unicode.Scalar]) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    @inline(__always)
    private static func combiningClass(_ scalar: Unicode.Scalar) -> UInt8 {
        scalar.value < 0x300 ? 0 : scalar.properties.canonicalCombiningClass.rawValue
    }

    /// With every run of marks in order of their combining classes, equal ones as they stood.
    private static func inCanonicalOrder(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var result = scalars
        var start = 0
        while start < scalars.count {
            var marks: [(combiningClass: UInt8, position: Int)] = []
            var end = start
            while end < scalars.count {
                let combiningClass = combiningClass(scalars[end])
                if combiningClass == 0 { break }
                marks.append((combiningClass, end))
                end += 1
            }
            if marks.count > 1 {
                for (offset, mark) in marks.sorted(by: <).enumerated() {
                    result[start + offset] = scalars[mark.position]
                }
            }
            start = end + 1
        }
        return result
    }

    /// The one character that two make; nil where they make none.
    private static func composite(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Unicode.Scalar? {
        if (0x1100...0x1112).contains(first.value), (0x1161...0x1175).contains(second.value) {
            return Unicode.Scalar(0xAC00 + ((first.value - 0x1100) * 21 + second.value - 0x1161) * 28)
        }
        if (0xAC00...0xD7A3).contains(first.value), (first.value - 0xAC00).isMultiple(of: 28),
            (0x11A8...0x11C2).contains(second.value)
        {
            return Unicode.Scalar(first.value + second.value - 0x11A7)
        }
        return composites[pair(first, second)]
    }

    private static func pair(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> UInt64 {
        UInt64(first.value) << 32 | UInt64(second.value)
    }

    /// Every character but Hangul that two others make: those that decompose and that form C keeps.
    private static let composites: [UInt64: Unicode.Scalar] = {
        var decompositions: [(composite: Unicode.Scalar, scalars: [Unicode.Scalar])] = []
        for value in [0xC0..<0x3100 as Range<UInt32>, 0x10000..<0x20000].joined() {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let text = String(scalar)
            let scalars = Array(text.decomposedStringWithCanonicalMapping.unicodeScalars)
            guard scalars.count > 1, Array(text.precomposedStringWithCanonicalMapping.unicodeScalars) == [scalar] else {
                continue
            }
            decompositions.append((scalar, scalars))
        }
        // A character of three parts is made of one of the first two and the third, so the shorter come first.
        decompositions.sort { $0.scalars.count < $1.scalars.count }
        var whole: [[Unicode.Scalar]: Unicode.Scalar] = [:]
        var composites: [UInt64: Unicode.Scalar] = [:]
        for (composite, scalars) in decompositions {
            whole[scalars] = composite
            let first = scalars.count == 2 ? scalars[0] : whole[Array(scalars.dropLast())]
            if let first, let last = scalars.last { composites[pair(first, last)] = composite }
        }
        return composites
    }()
}
