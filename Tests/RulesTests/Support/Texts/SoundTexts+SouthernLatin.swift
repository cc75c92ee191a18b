extension SoundTexts {
    static let southernLatin: [String] = turkic + vietnamese + albanianAndMaltese + african + pacific

    private static let turkic: [String] = [
        "Işık", "Çağla", "Gökçe", "Özgür", "Ümit Yaşar", "Şükrü Saraçoğlu", "Tuğba Büyüküstün", "İbrahim Çelikkol",
        "Ayşegül Yıldırım", "İstanbul", "Eskişehir", "Muğla", "Şanlıurfa", "Iğdır", "Ağrı Dağı", "Beşiktaş Çarşı",
        "öğleden sonra arayın", "güle güle", "teşekkür ederim", "kız kardeşi öğretmen", "Türkiye’nin başkenti", "çağrı",
        "Əli", "Məmmədov", "Gəncə", "Bakı şəhəri", "Nəsrin Əzizova", "təşəkkür edirəm", "Türkmençe", "Oʻzbekiston",
        "Gʻulom",
    ]

    private static let vietnamese: [String] = [
        "Nguyễn", "Trần Thị Bích", "Phạm Văn Đồng", "Đặng Thái Sơn", "Lê Quý Đôn", "Vũ Đức Đam", "Hoàng Xuân Vinh",
        "Hồ Chí Minh", "Hà Nội", "Đà Nẵng", "Huế", "Cần Thơ", "Bà Rịa – Vũng Tàu", "Thừa Thiên", "Phường Bến Nghé",
        "cảm ơn", "xin chào", "gọi lại sau giờ làm việc", "Đường Nguyễn Huệ", "Ân", "Ơn", "Ưng", "Mỹ Tho", "phở bò",
        "Quận Gò Vấp",
        "Đỗ Mười", "Ngô Bảo Châu", "bánh mì thịt", "đường số 7", "Lý", "thị xã", "Mã Văn Lã",
    ]

    private static let albanianAndMaltese: [String] = [
        "Shpëtim", "Gjergj Fishta – Shkodër", "Tiranë", "Durrës", "Çlirim", "faleminderit shumë", "është në punë",
        "Përmet",
        "Ġorġ Żammit", "Ħamrun", "Għajnsielem", "San Ġiljan", "Marsaxlokk, Malta Ġdida", "Żebbuġ", "il-Ħadd filgħodu",
    ]

    private static let african: [String] = [
        "Kwabena Ɔkyere", "Ɛdwoa", "Ɗanladi", "Hausa: ƙasa", "Ọlá Adébáyọ̀", "Ìbàdàn", "Ẹ kú àárọ̀", "Ṣolá",
        "Ngũgĩ wa Thiong’o",
        "Wanjikũ", "Bɛnɛ", "Eʋegbe Ŋutɔ", "Iɣil n Uzrou", "Antananarivo, Nosy Bé", "Sénégal, Saint-Louis", "Ouédraogo",
    ]

    private static let pacific: [String] = [
        "Hawaiʻi", "Kāneʻohe", "Tāmaki Makaurau", "Whangārei", "Māori", "Ōtautahi", "Tōkyō", "Ōsaka", "Kyūshū",
        "Shinjō Ken’ichi",
        "Lǐ Wěi", "Xī’ān", "Běijīng", "Lǚ Bù", "Piñas", "Parañaque", "Muñoz, Nueva Écija", "Guåhan", "Diné Bizaad",
        "Avañe’ẽ",
    ]
}
