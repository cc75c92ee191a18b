import Contacts
import Testing

@testable import Reporting

@Suite("Masks of values")
struct ValueMaskTests {
    @Test(
        "every type has its mask",
        arguments: [
            ("John Smith", FieldType.text, "J••• S•••"), ("a b c d e", .text, "a••• b••• c••• …"), ("", .text, "empty"),
            ("  Émile\n", .text, "É•••"), ("12 Main", .text, "••• M•••"), ("!wow", .text, "•••"),
            ("!\u{FFFD}\u{FFFD}x", .text, "invalid (3 characters)"), ("李明", .text, "李•••"),
            ("007", .id, "0•••"), ("-12", .int, "-1•••"), ("3.14159", .real, "3•••"),
            ("!x", .int, "invalid (1 character)"),
            ("c56a4180-65aa-42ec-a945-5fd21dec0538", .id, "c•••"), ("", .id, "•••"), ("-", .int, "•••"),
            ("t", .bool, "true"), ("f", .bool, "false"), ("maybe", .bool, "•••"),
            ("1984-07-21", .date, "1984-••-••"), ("--07-21", .date, "--••-••"), ("1984-07-21x", .date, "•••"),
            ("1709967933120000", .timestamp, "2024-••-••"), ("-1", .timestamp, "1969-••-••"),
            ("9223372036854775807", .timestamp, "•••"), ("-9223372036854775808", .timestamp, "•••"),
            ("ada@example.com", .email, "a***@e***.com"), ("ada@mail.example.co.uk", .email, "a***@m***.uk"),
            ("9@x.verysecretlabel", .email, "***@x***.***"), ("a@com", .email, "a***@c***.***"), ("ada", .email, "***"),
            ("!ada", .email, "invalid (3 characters)"),
            ("+14155550123", .phone, "+1 ••• ••• ••23"), ("+442071838750", .phone, "+44 ••• ••• ••50"),
            ("+353861234567", .phone, "+353 ••• ••• ••67"), ("+14155550123;ext=5", .phone, "+1 ••• ••• ••23 ext •"),
            ("+12345", .phone, "+•••"), ("+0123456789", .phone, "+•••"), ("4155550123", .phone, "•••"),
            (#"{"a":1,"b":{"c":"},{"}}"#, .json, "{…} 2 keys"), (#"{"a":1}"#, .json, "{…} 1 key"),
            ("{}", .json, "{…} 0 keys"),
            (#"[1,"a,b",[2,3]]"#, .json, "[…] 3 items"), (#""secret""#, .json, #""…" text"#), ("-12", .json, "number"),
            ("true", .json, "true or false"), ("!{\"a\":", .json, "invalid (5 characters)"),
            ("{broken", .json, "JSON (7 characters)"), ("{a}", .json, "JSON (3 characters)"),
            ("", .json, "JSON (0 characters)"),
            ("11:ada@x.co.uk,", .set(of: .email), "a***@x***.uk"),
            ("12:+14155550123,13:+442071838750,", .set(of: .phone), "+1 ••• ••• ••23, +44 ••• ••• ••50"),
            ("1:a,1:b,1:c,1:d,1:e,1:f,1:g,", .set(of: .text), "a•••, b•••, c•••, d•••, e•••, +2"),
            ("4:!123,", .set(of: .email), "invalid (3 characters)"), ("![1", .set(of: .text), "invalid (2 characters)"),
            ("", .set(of: .text), "empty"), ("5:ab,", .set(of: .text), "invalid (4 characters)"),
        ]
    )
    func table(text: String, type: FieldType, expected: String) {
        #expect(ValueMask.mask(text, type: type) == expected)
    }

    static let types = FieldType.scalars + FieldType.scalars.map { .set(of: $0) }

    /// Texts that somebody could store to break a page, a terminal or the masker.
    static let hostile = [
        "\u{202E}gnitfel", "\u{1B}[31mred", "\0\0\0", String(repeating: "x", count: 10_240),
        "<script>alert(1)</script>",
        "a" + String(repeating: "\u{301}", count: 5000), "99999999999999999999:a,", "9223372036854775807:a,", "-1:a,",
        "18446744073709551616:", ":", "1:", "1:a", "[[[[[[[[", "]]]]", "\"", "\"\\", "{\"a\"}", "{\"a\":}", "[,]",
        "{,}",
        "[1,]", "{:1}", "!", "--", "+", "+;", ";ext=", "@", "@@", "@.", ".@.", "\u{FFFD}", "\u{2028}", "\r\n", "🇩🇪",
        "\u{FEFF}",
        String(repeating: "[", count: 100_000), String(repeating: "{\"a\":", count: 50_000),
        String(repeating: "a@", count: 5000),
    ]

    @Test("any text gives a short mask without controls", arguments: types)
    func total(type: FieldType) {
        for text in Self.hostile {
            let mask = ValueMask.mask(text, type: type)
            #expect(TerminalText.escape(mask) == mask)
            #expect(!mask.isEmpty && mask.unicodeScalars.count <= 60)
        }
    }

    @Test("no mask holds two letters or digits of a secret in a row", arguments: types)
    func reveals(type: FieldType) {
        let secret = "zqzqzq zqzqzq 7878787878"
        let texts = [secret, "!\(secret)", "\"\(secret)\"", "{\"\(secret)\":1}", "\(secret.utf8.count):\(secret),"]
        for text in texts {
            let mask = ValueMask.mask(text, type: type)
            #expect(!mask.contains("zq") && !mask.contains("qz") && !mask.contains("78") && !mask.contains("87"))
        }
    }

    @Test("members of a set are cut at their byte lengths, also where bytes are no UTF-8")
    func rawBytes() {
        let canonical: [UInt8] = Array("3:!".utf8) + [0xFF, 0xFE] + Array(",2:Jo,".utf8)
        #expect(ValueMask.mask(canonical, type: .set(of: .text)) == "invalid (2 characters), J•••")
    }
}
