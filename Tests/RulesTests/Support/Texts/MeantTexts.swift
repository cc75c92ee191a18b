/// Texts that look damaged and are not: somebody meant them as they are, or may have.
enum MeantTexts {
    static let all: [String] = capitals + quoted + signs + entities + escapes + technical + faces

    /// Capitals with accents before what stands behind words.
    private static let capitals: [String] = [
        "SÃO PAULO", "ÃO", "JOÃO", "IRMÃ MARIA", "AMANHÃ É DOMINGO", "MAÇÃ VERDE", "LÃ", "HÂLÂ", "ROMÂNIA", "CHÂTEAU",
        "ÂNGELA", "ÂGE", "PIÑA", "ÑU", "ESPAÑA", "AMANHÃ…", "IRMÃ…", "BLÅ…", "ESPAÑ…", "UMEÅ", "PÅ…", "LÄ…", "JÄ… was",
        "Ä… nein",
        "CAFÉ–BAR", "CAFÉ—BAR", "LUNEDÌ–VENERDÌ", "JYVÄSKYLÄ–OULU", "A–Ö", "Å–Ö", "YLÄ–ALA", "NESCAFÉ®", "NESCAFÉ™",
        "POKÉ™",
        "RENÉ’S", "CAFÉ’S", "IRMÃ’S", "Å’s", "KOÇ’UN", "TUNÇ’LA", "ÇOK", "KAŽDÝ", "MYŠÍ", "ÚŽAS", "VÝŽIVA", "NÁŠ",
        "ÄRBIVUÁVÁLÂŠ",
        "XÃ LONG", "ĐÃ ĐI", "MÃ SỐ", "PIÙ…", "GESÙ»", "PERÚ…", "«PERÚ»", "UMEÅ²", "HEIKKILÄ²", "THÉ\u{A0}",
        "CAFÉ\u{A0}: FERMÉ",
        "VOILÀ\u{A0}!", "SKELLEFTEÅ\u{A0}", "5 Å–6 Å", "10 Å²", "CAFÉ£5", "TSCHÜ€", "MÜN\u{AD}CHEN", "CAFÉ\u{AD}TERIA",
        "¡OLÉ¡", "¿QUÉ¿",
    ]

    /// Quotation marks and dashes behind letters with accents.
    private static let quoted: [String] = [
        "« café »", "«\u{A0}café\u{A0}»", "« Bonne journée\u{A0}»", "«\u{A0}Été\u{A0}» – «\u{A0}soirée\u{A0}»",
        "«café»…", "“café”…",
        "„Spaß“", "„HÖ“", "„JÄ“", "»NÖ«", "«IRMÃ»", "“AMANHÃ”", "‘CAFÉ’", "«AMANHû, disse", "a letra “Ã”", "«Â»", "„Ü“",
        "“Ñ”", "“Ô",
        "née\u{A0}– 1970", "née\u{A0}— à Paris", "c’est l’été\u{A0}!", "à\u{A0}« Paris »", "è\u{A0}«Roma»", "l’été”…",
        "«Está»…", "“hâlâ…”",
        "též\u{A0}»", "stráž”", "stráž…", "„až“", "až–po", "né–", "café™ ®", "soirée\u{A0}»\u{A0}– demain", "«ñ»",
        "‹é›…", "où’…", "à…",
    ]

    private static let signs: [String] = [
        "Ø±0.5 mm", "Ø 20°", "3×£10", "5×€2", "2×½", "±5", "½ ½", "¿Qué?", "¡Olé!", "º ª", "1º–2º", "§ 5 ¶ 2", "25 °C",
        "µm", "¬A", "¦",
        "°°°", "¨", "¸", "´", "ˆ", "˜", "€€€", "‰", "†", "• a • b", "Ñ…", "Ñ–", "Ç…", "É— disse ele", "É…", "Å", "Ä",
        "à", "é", "Â", "Ã",
        "letras Ã e Õ", "Â, Ê, Ô", "Ä Ö Ü", "ÄÖÜß", "àéèùç", "ÀÉÈÙÇ", "áéíóú", "ÁÉÍÓÚ", "ãõ", "ÃÕ", "âêîôû", "ÂÊÎÔÛ",
    ]

    private static let entities: [String] = [
        "AT&T", "R&D", "Q&A", "B&B;", "Q&A; R&D;", "&copy", "&copy right", "&amp", "Fish & Chips", "Tom&Jerry;",
        "salt&pepper; rice",
        "black&and;white", "https://example.org/?a=1&copy=2&amp=3", "https://example.org/?a=1&copy;=2",
        "<b>caf&eacute;</b>",
        "a < b &amp; c", "Ampersand: &", "&;", "&#;", "&#x;", "&#1;", "&#0;", "&#55357;", "&#xD83D; lone",
        "&#99999999;", "&nosuch;", "&&&",
        "a&b;c", "C&A;", "&#x110000;", "&#57344;", "&#-5;", "&#+5;",
    ]

    private static let escapes: [String] = [
        "C:\\users\\name", "C:\\u2019", "D:\\u00e9\\x", "\\\\server\\u00e9", "\\\\server\\share", "\\o/", "¯\\_(ツ)_/¯",
        "\\u", "\\u12", "\\u00",
        "\\uZZZZ", "\\u0041", "\\ud83d", "\\ud83d\\u0041", "\\ude00\\ud83d", "[\\u0600-\\u06ff]+", "[^\\u00e9]",
        "\\d{3}\\s\\w+", "^\\x41$",
        "\\xe9", "\\xc3", "\\xff\\xfe", "\\alpha + \\beta", "\\'e \\`a \\\"o \\u{e}", "\\usepackage[utf8]{inputenc}",
        "{\"name\": \"Jos\\u00e9\"}",
        "[\"\\u00e9\"]", "b'Jos\\xc3\\xa9'", "u'Jos\\u00e9'", "\\n\\t", "Jos\\u00e9\\n", "\\U0001", "\\u{110000}",
        "\\u{}", "\\", "a\\b",
        "\\u0000", "\\ue000", "\\ufffd", "\\x", "\\xZZ", "\\u0009",
    ]

    private static let technical: [String] = [
        "SELECT * FROM t WHERE a = 'é'", "for (é in x) { }", "10:30 – 11:00", "https://example.org/caf%C3%A9",
        "x@münchen.example",
        "+49 (0)89 123–456", "#praiaÂncora", "#soyÁrea", "camelCaseÉtat", "i18n: à, é, ü", "tab\tline\nline\r\nend",
        "µ-law", "Ω ≈ 3", "A→B",
        "5′ 10″", "’90s", "rock ’n’ roll", "O’Neill", "d’été", "Île", "în", "Đ", "Œuvre", "œuf", "cœur", "ſ", "ŉ", "ﬁn",
        "Ｗｉｄｅ", "ｶﾀｶﾅ",
        "\u{FEFF}BOM", "zero\u{200B}width", "a\u{200D}b", "a\u{300}", "\u{301}a", "naïve", "coöperate", "ĳ", "Ĳssel",
    ]

    private static let faces: [String] = [
        "¯\\_(ツ)_/¯", "(╯°□°)╯︵ ┻━┻", "ಠ_ಠ", "( ͡° ͜ʖ ͡°)", "ʕ•ᴥ•ʔ", "(ÒˇÓ)", "Õ_Õ", "Ò_Ó", "Ô_ô", "(Ö)", "(◕‿◕)", "(>_<)",
        "ヽ(´▽`)/", "Ù_Ú", "õ.Ô",
        "(^ω^)", "｡ﾟ(ﾟ´Д｀ﾟ)ﾟ｡", "(ง'̀-'́)ง", "♪~ ᕕ(ᐛ)ᕗ", ":-)", "<3",
    ]
}
