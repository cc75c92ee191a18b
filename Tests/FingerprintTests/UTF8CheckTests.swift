import TestSupport
import Foundation
import Testing

@testable import Fingerprint

@Suite struct UTF8CheckTests {
    static let letters =
        (0x41...0x5A).map { Unicode.Scalar(UInt8($0)) } + (0x61...0x7A).map { Unicode.Scalar(UInt8($0)) }

    @Test func `an inert scalar is a starter that form C leaves alone, also behind a letter`() {
        var count = 0
        for value in UInt32(0)...0x10FFFF where UTF8Check.isInertInNFC(value) {
            guard let scalar = Unicode.Scalar(value) else { continue }
            count += 1
            #expect(scalar.properties.canonicalCombiningClass == .notReordered)
            #expect(isUnchanged([scalar]))
            guard value >= 0x80 else { continue }
            let text = Self.letters.flatMap { [$0, scalar] }
            #expect(isUnchanged(text))
        }
        #expect(count > 30_000)
    }

    @Test func `an inert scalar does not compose with an inert one before it`() {
        var random = SeededGenerator(3)
        let inert = (UInt32(0x80)...0x1FFFF).filter(UTF8Check.isInertInNFC).compactMap(Unicode.Scalar.init)
        for _ in 0..<2_000 { #expect(isUnchanged((0..<20).map { _ in random.pick(inert) })) }
    }

    /// By the library as by us: neither is its own judge.
    private func isUnchanged(_ scalars: [Unicode.Scalar]) -> Bool {
        let text = scalars.reduce(into: "") { $0.unicodeScalars.append($1) }
        return Array(UnicodeText.composed(text).unicodeScalars) == scalars
            && Array(text.precomposedStringWithCanonicalMapping.unicodeScalars) == scalars
    }

    @Test func `bytes are UTF-8 where the library says so`() {
        var random = SeededGenerator(4)
        var valid = 0
        for _ in 0..<20_000 {
            let bytes = Self.nearlyUTF8(&random)
            let answer = bytes.withUnsafeBytes { UTF8Check.check($0) }
            let isValid = String(validating: bytes, as: UTF8.self) != nil
            if isValid { valid += 1 }
            #expect((answer != .invalid) == isValid)
        }
        #expect((5_000...15_000).contains(valid))
    }

    @Test func `every scalar is UTF-8, and every surrogate is not`() {
        for value in UInt32(0)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let answer = Array(String(scalar).utf8).withUnsafeBytes { UTF8Check.check($0) }
            #expect(answer == (value < 0x80 || UTF8Check.isInertInNFC(value) ? .normalized : .unknown))
        }
        for value in UInt32(0xD800)...0xDFFF {
            let bytes = [0xE0 | UInt8(value >> 12), 0x80 | UInt8(value >> 6 & 0x3F), 0x80 | UInt8(value & 0x3F)]
            #expect(bytes.withUnsafeBytes { UTF8Check.check($0) } == .invalid)
        }
    }

    private static func nearlyUTF8(_ random: inout SeededGenerator) -> [UInt8] {
        var bytes: [UInt8] = []
        for _ in 0..<Int.random(in: 0...4, using: &random) {
            let most = random.pick([0x7F, 0x7FF, 0xFFFF, 0x10FFFF] as [UInt32])
            let scalar = Unicode.Scalar(UInt32.random(in: 0...most, using: &random)) ?? "\u{D7FF}"
            bytes += Array(String(scalar).utf8)
        }
        if random.oneIn(2), !bytes.isEmpty {
            let index = Int.random(in: bytes.indices, using: &random)
            switch Int.random(in: 0..<3, using: &random) {
            case 0: bytes.remove(at: index)
            case 1: bytes[index] = UInt8.random(in: 0...255, using: &random)
            default: bytes.insert(random.pick([0x80, 0xBF, 0xC0, 0xC1, 0xE0, 0xED, 0xF0, 0xF4, 0xF5, 0xFF]), at: index)
            }
        }
        return bytes
    }
}
