/// Tells damaged text from sound text.
package enum TextDoctor {
    /// What is wrong with a text; nil where it is sound, or may have been meant as it is. Sound text costs one pass over
    /// its bytes, mostly without allocation.
    ///
    /// The repaired text is sound by this function too. Bytes that are not UTF-8 hide what else is wrong.
    package static func diagnose(_ text: UnsafeRawBufferPointer) -> TextDiagnosis? {
        let signs = TextScan.signs(in: text)
        return signs.isEmpty ? nil : examine(text, signs)
    }

    /// Most damaged texts have one layer of damage, some two.
    private static let maximumLayers = 8

    private static func examine(_ bytes: UnsafeRawBufferPointer, _ signs: TextScan.Signs) -> TextDiagnosis? {
        if signs.contains(.invalid) { return TextDiagnosis(damage: [.invalid], repaired: nil) }
        let original = String(decoding: bytes, as: UTF8.self).unicodeScalars.map(\.value)
        var text = original
        var damage: Set<TextDamage> = []
        if signs.contains(.control) { damage.insert(.control) }
        if signs.contains(.replacement) { damage.insert(.replacement) }
        var isCertain = true
        var layers = 0
        while layers < maximumLayers, let repaired = layer(of: text, &damage, &isCertain) {
            text = repaired
            layers += 1
        }
        text = windowsPunctuation(text)
        if MojibakeRepair.isBroken(text) {
            damage.insert(.mojibake)
            isCertain = false
        }
        guard !damage.isEmpty else { return nil }
        isCertain =
            isCertain && layers < maximumLayers && text != original && !MojibakeRepair.hasRemains(text)
            && !(damage.contains(.mojibake) && MojibakeRepair.hasSmallAmongCapitals(text))
            && !text.contains { TextScalar.isControl($0) || $0 == TextScalar.replacement }
        // A byte order mark that became text is none of it.
        if text.first == TextScalar.byteOrderMark, text.first != original.first { text.removeFirst() }
        return TextDiagnosis(damage: damage, repaired: isCertain ? string(text) : nil)
    }

    /// The text with one layer of each damage repaired, which is added to `damage`; nil where there is none.
    private static func layer(of text: [UInt32], _ damage: inout Set<TextDamage>, _ isCertain: inout Bool) -> [UInt32]?
    {
        var result: [UInt32]?
        if let decoded = HTMLEntities.decoded(text) {
            result = decoded
            damage.insert(.entity)
        }
        if let decoded = UnicodeEscapes.decoded(result ?? text) {
            result = decoded
            damage.insert(.escape)
        }
        if let repair = MojibakeRepair(result ?? text) {
            result = repair.text
            damage.insert(.mojibake)
            isCertain = isCertain && repair.isCertain
        }
        return result
    }

    /// A text that was read as Latin-1 though it was of a Windows code page: the quotation marks and dashes, which all of
    /// these have at the same bytes, became control characters. Only where there is no other control character, and none
    /// that may be a byte of UTF-8.
    private static func windowsPunctuation(_ text: [UInt32]) -> [UInt32] {
        let controls = text.indices.filter { TextScalar.isControl(text[$0]) }
        guard !controls.isEmpty, controls.allSatisfy({ (0x91...0x97).contains(text[$0]) }) else { return text }
        let bytes = text.indices.compactMap { MojibakeSequence.beginning(at: $0, in: text, .spaces)?.range }
        guard !bytes.contains(where: { $0.contains { TextScalar.isControl(text[$0]) } }) else { return text }
        var result = text
        for index in controls { result[index] = LegacyByte.windowsScalar(text[index]) ?? text[index] }
        return result
    }

    private static func string(_ scalars: [UInt32]) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars.lazy.compactMap(Unicode.Scalar.init))
        return String(view)
    }
}
