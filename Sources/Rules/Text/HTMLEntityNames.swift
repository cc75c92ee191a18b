/// The names that HTML gives to characters, as `&eacute;` has one.
enum HTMLEntityNames {
    /// The text of a name in capitals that HTML does not have: what a text with the name of a small letter became when
    /// it was put in capitals, `P&EACUTE;REZ`.
    static func capitals(_ name: String) -> String? {
        guard name.allSatisfy(\.isUppercase), let scalar = scalars[name.lowercased()].flatMap(Unicode.Scalar.init)
        else {
            return nil
        }
        let isLetter = LetterKind.of(scalar.value) == .small && WritingSystem.of(scalar.value) == .latin
        return isLetter ? scalar.properties.uppercaseMapping : scalar == "\u{A0}" ? "\u{A0}" : nil
    }

    /// By name, without `&` and `;`. All of HTML 4's and, of HTML 5's, the Latin letters, ASCII's signs and quotation marks;
    /// but no mathematical sign whose name is a word that an `&` may stand before, as "and" and "sum" are.
    static let scalars: [String: UInt32] = {
        var scalars: [String: UInt32] = [:]
        for (offset, name) in latin1.split(whereSeparator: \.isWhitespace).enumerated() {
            scalars[String(name)] = 0xA0 + UInt32(offset)
        }
        let words = others.split(whereSeparator: \.isWhitespace)
        for index in stride(from: 0, to: words.count, by: 2) {
            scalars[String(words[index])] = UInt32(words[index + 1], radix: 16)
        }
        return scalars
    }()

    /// U+00A0 to U+00FF, in order.
    private static let latin1 = """
        nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute
        micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring
        AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml
        times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil
        egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash
        ugrave uacute ucirc uuml yacute thorn yuml
        """

    /// Each with its code point.
    private static let others = """
        Tab 9 NewLine A excl 21 QUOT 22 quot 22 num 23 dollar 24 percnt 25 AMP 26 amp 26 apos 27 lpar 28 rpar 29 ast
        2A plus 2B comma 2C period 2E sol 2F colon 3A semi 3B LT 3C lt 3C equals 3D GT 3E gt 3E quest 3F commat 40
        lsqb 5B bsol 5C rsqb 5D lowbar 5F grave 60 lcub 7B verbar 7C rcub 7D COPY A9 REG AE Amacr 100 amacr 101 Abreve
        102 abreve 103 Aogon 104 aogon 105 Cacute 106 cacute 107 Ccirc 108 ccirc 109 Cdot 10A cdot 10B Ccaron 10C
        ccaron 10D Dcaron 10E dcaron 10F Dstrok 110 dstrok 111 Emacr 112 emacr 113 Edot 116 edot 117 Eogon 118 eogon
        119 Ecaron 11A ecaron 11B Gcirc 11C gcirc 11D Gbreve 11E gbreve 11F Gdot 120 gdot 121 Gcedil 122 Hcirc 124
        hcirc 125 Hstrok 126 hstrok 127 Itilde 128 itilde 129 Imacr 12A imacr 12B Iogon 12E iogon 12F Idot 130 inodot
        131 IJlig 132 ijlig 133 Jcirc 134 jcirc 135 Kcedil 136 kcedil 137 Lacute 139 lacute 13A Lcedil 13B lcedil 13C
        Lcaron 13D lcaron 13E Lmidot 13F lmidot 140 Lstrok 141 lstrok 142 Nacute 143 nacute 144 Ncedil 145 ncedil 146
        Ncaron 147 ncaron 148 ENG 14A eng 14B Omacr 14C omacr 14D Odblac 150 odblac 151 OElig 152 oelig 153 Racute 154
        racute 155 Rcedil 156 rcedil 157 Rcaron 158 rcaron 159 Sacute 15A sacute 15B Scirc 15C scirc 15D Scedil 15E
        scedil 15F Scaron 160 scaron 161 Tcedil 162 tcedil 163 Tcaron 164 tcaron 165 Tstrok 166 tstrok 167 Utilde 168
        utilde 169 Umacr 16A umacr 16B Ubreve 16C ubreve 16D Uring 16E uring 16F Udblac 170 udblac 171 Uogon 172 uogon
        173 Wcirc 174 wcirc 175 Ycirc 176 ycirc 177 Yuml 178 Zacute 179 zacute 17A Zdot 17B zdot 17C Zcaron 17D zcaron
        17E fnof 192 circ 2C6 tilde 2DC Alpha 391 Beta 392 Gamma 393 Delta 394 Epsilon 395 Zeta 396 Eta 397 Theta 398
        Iota 399 Kappa 39A Lambda 39B Mu 39C Nu 39D Xi 39E Omicron 39F Pi 3A0 Rho 3A1 Sigma 3A3 Tau 3A4 Upsilon 3A5
        Phi 3A6 Chi 3A7 Psi 3A8 Omega 3A9 alpha 3B1 beta 3B2 gamma 3B3 delta 3B4 epsilon 3B5 zeta 3B6 eta 3B7 theta
        3B8 iota 3B9 kappa 3BA lambda 3BB mu 3BC nu 3BD xi 3BE omicron 3BF pi 3C0 rho 3C1 sigmaf 3C2 sigma 3C3 tau 3C4
        upsilon 3C5 phi 3C6 chi 3C7 psi 3C8 omega 3C9 thetasym 3D1 upsih 3D2 ensp 2002 emsp 2003 numsp 2007 puncsp
        2008 thinsp 2009 hairsp 200A zwnj 200C zwj 200D lrm 200E rlm 200F hyphen 2010 ndash 2013 mdash 2014 horbar
        2015 lsquo 2018 rsquo 2019 rsquor 2019 lsquor 201A sbquo 201A ldquo 201C rdquo 201D rdquor 201D bdquo 201E
        ldquor 201E dagger 2020 Dagger 2021 bull 2022 hellip 2026 permil 2030 prime 2032 Prime 2033 lsaquo 2039 rsaquo
        203A oline 203E frasl 2044 euro 20AC numero 2116 weierp 2118 trade 2122 alefsym 2135 larr 2190 uarr 2191 rarr
        2192 darr 2193 harr 2194 crarr 21B5 lArr 21D0 uArr 21D1 rArr 21D2 dArr 21D3 hArr 21D4 forall 2200 nabla 2207
        isin 2208 notin 2209 prod 220F minus 2212 lowast 2217 radic 221A infin 221E there4 2234 cong 2245 asymp 2248
        ne 2260 equiv 2261 le 2264 ge 2265 nsub 2284 sube 2286 supe 2287 oplus 2295 otimes 2297 perp 22A5 sdot 22C5
        lceil 2308 rceil 2309 lfloor 230A rfloor 230B loz 25CA starf 2605 star 2606 phone 260E
        spades 2660 clubs 2663 hearts 2665 diams 2666 check 2713
        """
}
