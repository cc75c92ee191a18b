#include "CPhoneNumber.h"

#include <phonenumbers/phonenumberutil.h>

#include <cstring>
#include <set>
#include <string>

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

size_t rollcall_phone_e164(const char *text, size_t length, const char *region, char *out, size_t capacity) {
    const PhoneNumberUtil *util = PhoneNumberUtil::GetInstance();
    PhoneNumber number;
    if (util->Parse(std::string(text, length), region, &number) != PhoneNumberUtil::NO_PARSING_ERROR) return 0;
    if (!util->IsPossibleNumber(number)) return 0;
    std::string formatted;
    util->Format(number, PhoneNumberUtil::E164, &formatted);
    if (number.has_extension() && !number.extension().empty()) formatted += ";ext=" + number.extension();
    if (formatted.size() > capacity) return 0;
    std::memcpy(out, formatted.data(), formatted.size());
    return formatted.size();
}

size_t rollcall_phone_national(const char *text, size_t length, const char *region, char *out, size_t capacity) {
    const PhoneNumberUtil *util = PhoneNumberUtil::GetInstance();
    PhoneNumber number;
    if (util->Parse(std::string(text, length), region, &number) != PhoneNumberUtil::NO_PARSING_ERROR) return 0;
    if (!util->IsPossibleNumber(number) || number.country_code() != util->GetCountryCodeForRegion(region)) return 0;
    std::string formatted;
    util->Format(number, PhoneNumberUtil::NATIONAL, &formatted);
    if (formatted.size() > capacity) return 0;
    std::memcpy(out, formatted.data(), formatted.size());
    return formatted.size();
}

int rollcall_phone_region_exists(const char *region) {
    std::set<std::string> regions;
    PhoneNumberUtil::GetInstance()->GetSupportedRegions(&regions);
    return regions.count(region) > 0;
}
