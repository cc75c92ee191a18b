extension SoundTexts {
    static let easternLatin: [String] = polish + czechAndSlovak + hungarian + romanian + southSlavic

    private static let polish: [String] = [
        "Łukasz", "Święty", "Żaneta", "Źdźbło", "Wąs", "Ząbek", "Świętosława", "Bożena Gąsienica",
        "Michał Wołodyjowski",
        "Grażyna Kruszyńska", "Stanisław Wyspiański", "Łódź", "Kraków", "Gdańsk", "Gorzów Wielkopolski", "Węgorzewo",
        "Świnoujście", "Częstochowa", "Małopolska", "zażółć gęślą jaźń", "proszę dzwonić wieczorem", "dziękuję bardzo",
        "w następny czwartek", "ul. Piłsudskiego 5", "„Zielony Koń”", "żona – księgowa", "być może", "mąż Agnieszki",
        "łąka",
    ]

    private static let czechAndSlovak: [String] = [
        "Jiří", "Růžena", "Dvořák", "Šárka", "Žofie", "Řehoř", "Čeněk", "Ďuro", "Ludvík Svoboda", "Božena Němcová",
        "Přemysl Otakar", "Tomáš Baťa", "Plzeň", "Brno – Žabovřesky", "Ústí nad Labem", "České Budějovice", "Kroměříž",
        "příští týden", "těším se na Vánoce", "neděle dopoledne", "manželka učí", "„Na Růžku“", "kůň úpěl ďábelské ódy",
        "Ľubica", "Ľudovít Štúr", "Ťapák", "Žilina", "Košice", "Banská Štiavnica", "Dunajská Lužná", "vďaka",
        "kŕdeľ ďatľov",
        "stĺp", "mäso", "päť hodín", "mäkčeň", "Úžice", "Žďár", "tisíc mužů",
    ]

    private static let hungarian: [String] = [
        "Erzsébet", "Győző", "Gyöngyi", "Ödön", "Üllő", "László Tőkés", "Szőke István", "Kőszeg", "Győr", "Pécs",
        "Székesfehérvár", "Hódmezővásárhely", "árvíztűrő tükörfúrógép", "Jó napot kívánok", "holnap délelőtt", "nővér",
        "hűvösvölgyi út", "Őrség", "Ágnes", "férje külföldön él",
    ]

    private static let romanian: [String] = [
        "Ștefan", "Ținca", "Bogdănești", "Mihăiță", "Ioan Bălțatu", "București", "Iași", "Constanța", "Brașov",
        "Târgu Mureș",
        "Piața Unirii", "mulțumesc", "întâlnire săptămâna viitoare", "își amintește", "câine", "în România",
        "făină și lapte",
        "Gheorghiță", "Şerban", "Ţepeş", "„Bună ziua”", "mâine dimineață", "România", "ÎNĂLȚIMEA SA",
    ]

    private static let southSlavic: [String] = [
        "Đorđe", "Živko", "Željko Čolić", "Ćiro Blažević", "Nataša Šebek", "Đurđevac", "Šibenik", "Čakovec",
        "Zadar – Ugljan",
        "Požega", "Niš", "Čačak", "Kuršumlija", "Škofja Loka", "Črnomelj", "Tomaž Žagar", "Kočevje", "kćer Vlatke",
        "sljedeći četvrtak", "želim vam sve najbolje", "šef računovodstva", "dođi poslije", "Petrović", "Đokić",
        "Žan Košir", "Ivana Brlić-Mažuranić",
    ]
}
