/* constants.c - numbers that the functions of <math.h> share. All were computed with integers of 17200 bits: pi by
 * Machin's formula, logarithms and arctangents by their series. */
#include "userprogs/lib/math/wide.h"

/* clang-format off */
const struct wide __ln2 = {false, FINITE, -1, {0x03F2F6AF, 0xC9E3B398, 0xD1CF79AB, 0xB17217F7}};
const struct wide __one_over_ln2 = {false, FINITE, 0, {0x691D3E89, 0xBE87FED0, 0x5C17F0BB, 0xB8AA3B29}};
const struct wide __one_over_ln10 = {false, FINITE, -2, {0xAD33DC32, 0x355BAAAF, 0x37287195, 0xDE5BD8A9}};
const struct wide __ln10 = {false, FINITE, 1, {0x82D30A29, 0xEA56D62B, 0xAAA8AC16, 0x935D8DDD}};
const struct wide __pi = {false, FINITE, 1, {0x80DC1CD1, 0xC4C6628B, 0x2168C234, 0xC90FDAA2}};
const struct wide __half_pi = {false, FINITE, 0, {0x80DC1CD1, 0xC4C6628B, 0x2168C234, 0xC90FDAA2}};
const struct wide __two_over_root_pi = {false, FINITE, 0, {0x6BFEC344, 0x71D48A7F, 0x14DB688D, 0x906EBA82}};
const struct wide __root_two_pi = {false, FINITE, 1, {0x39167718, 0xBE520FD7, 0xB1382CB2, 0xA06C98FF}};
/* ln 2 in two parts; the first has 112 bits, so that its products with small integers are exact. */
const struct wide __ln2_high = {false, FINITE, -1, {0x03F30000, 0xC9E3B398, 0xD1CF79AB, 0xB17217F7}};
const struct wide __ln2_low = {true, FINITE, -117, {0x8A474550, 0x9D275F2E, 0xCD98D674, 0x950BF0CB}};
/* 1 / 2!, 1 / 3!, ... as fractions of 2^128. */
const struct fixed __one_over_factorial[] = {
    {{0x00000000, 0x00000000, 0x00000000, 0x80000000}}, /* 1 / 2! */
    {{0xAAAAAAAB, 0xAAAAAAAA, 0xAAAAAAAA, 0x2AAAAAAA}}, /* 1 / 3! */
    {{0xAAAAAAAB, 0xAAAAAAAA, 0xAAAAAAAA, 0x0AAAAAAA}}, /* 1 / 4! */
    {{0x22222222, 0x22222222, 0x22222222, 0x02222222}}, /* 1 / 5! */
    {{0xB05B05B0, 0x05B05B05, 0x5B05B05B, 0x005B05B0}}, /* 1 / 6! */
    {{0xD00D00D0, 0x00D00D00, 0x0D00D00D, 0x000D00D0}}, /* 1 / 7! */
    {{0x1A01A01A, 0xA01A01A0, 0x01A01A01, 0x0001A01A}}, /* 1 / 8! */
    {{0x911CA003, 0x671F5583, 0xC74AAD8E, 0x00002E3B}}, /* 1 / 9! */
    {{0x5B4FA99A, 0xD71CBBC0, 0x93EDDE27, 0x0000049F}}, /* 1 / 10! */
    {{0x1F92E0DF, 0x138E3F9D, 0x99159FD5, 0x0000006B}}, /* 1 / 11! */
    {{0x6D4C3D68, 0x6C4BDAA2, 0xF76C77FC, 0x00000008}}, /* 1 / 12! */
    {{0x1C198E92, 0x43684BE5, 0xB092309D, 0x00000000}}, /* 1 / 13! */
    {{0x5D6F8A2F, 0x603E4E90, 0x0C9CBA54, 0x00000000}}, /* 1 / 14! */
    {{0x8EC32B58, 0x399DC0F8, 0x00D73F9F, 0x00000000}}, /* 1 / 15! */
    {{0x88EC32B6, 0xF399DC0F, 0x000D73F9, 0x00000000}}, /* 1 / 16! */
    {{0x53593029, 0x3B81856A, 0x0000CA96, 0x00000000}}, /* 1 / 17! */
    {{0xCBBDD802, 0x3C31DCBE, 0x00000B41, 0x00000000}}, /* 1 / 18! */
    {{0x0AB92651, 0xA4DA340A, 0x00000097, 0x00000000}}, /* 1 / 19! */
    {{0x808941EA, 0x950AE900, 0x00000007, 0x00000000}}, /* 1 / 20! */
    {{0x73D5C630, 0x5C6E3BDB, 0x00000000, 0x00000000}}, /* 1 / 21! */
    {{0x6DFE14A5, 0x04338E5B, 0x00000000, 0x00000000}}, /* 1 / 22! */
    {{0x262C7034, 0x002EC368, 0x00000000, 0x00000000}}, /* 1 / 23! */
    {{0x01972F57, 0x0001F2CF, 0x00000000, 0x00000000}}, /* 1 / 24! */
    {{0xCCDD1660, 0x000013F3, 0x00000000, 0x00000000}}, /* 1 / 25! */
    {{0x742FE352, 0x000000C4, 0x00000000, 0x00000000}}, /* 1 / 26! */
    {{0x46AC70B7, 0x00000007, 0x00000000, 0x00000000}}, /* 1 / 27! */
    {{0x42862899, 0x00000000, 0x00000000, 0x00000000}}, /* 1 / 28! */
    {{0x024B3F31, 0x00000000, 0x00000000, 0x00000000}}, /* 1 / 29! */
    {{0x0013932C, 0x00000000, 0x00000000, 0x00000000}}, /* 1 / 30! */
    {{0x0000A1A7, 0x00000000, 0x00000000, 0x00000000}}, /* 1 / 31! */
    {{0x0000050D, 0x00000000, 0x00000000, 0x00000000}}, /* 1 / 32! */
    {{0x00000027, 0x00000000, 0x00000000, 0x00000000}}, /* 1 / 33! */
    {{0x00000001, 0x00000000, 0x00000000, 0x00000000}}, /* 1 / 34! */
    {{0x00000000, 0x00000000, 0x00000000, 0x00000000}}, /* 1 / 35! */
    {{0x00000000, 0x00000000, 0x00000000, 0x00000000}}, /* 1 / 36! */
};
/* 1 / 3, 1 / 5, ... */
const struct fixed __one_over_odd[] = {
    {{0x55555555, 0x55555555, 0x55555555, 0x55555555}}, /* 1 / 3 */
    {{0x33333333, 0x33333333, 0x33333333, 0x33333333}}, /* 1 / 5 */
    {{0x24924925, 0x49249249, 0x92492492, 0x24924924}}, /* 1 / 7 */
    {{0x1C71C71C, 0xC71C71C7, 0x71C71C71, 0x1C71C71C}}, /* 1 / 9 */
    {{0xD1745D17, 0x745D1745, 0x5D1745D1, 0x1745D174}}, /* 1 / 11 */
    {{0x13B13B14, 0x3B13B13B, 0xB13B13B1, 0x13B13B13}}, /* 1 / 13 */
    {{0x11111111, 0x11111111, 0x11111111, 0x11111111}}, /* 1 / 15 */
    {{0x0F0F0F0F, 0x0F0F0F0F, 0x0F0F0F0F, 0x0F0F0F0F}}, /* 1 / 17 */
    {{0x5E50D794, 0xE50D7943, 0x50D79435, 0x0D79435E}}, /* 1 / 19 */
    {{0x0C30C30C, 0xC30C30C3, 0x30C30C30, 0x0C30C30C}}, /* 1 / 21 */
    {{0x21642C86, 0x42C8590B, 0x8590B216, 0x0B21642C}}, /* 1 / 23 */
    {{0x70A3D70A, 0xA3D70A3D, 0xD70A3D70, 0x0A3D70A3}}, /* 1 / 25 */
    {{0x5ED097B4, 0xED097B42, 0xD097B425, 0x097B425E}}, /* 1 / 27 */
    {{0x3DCB08D4, 0xD3DCB08D, 0x8D3DCB08, 0x08D3DCB0}}, /* 1 / 29 */
    {{0x10842108, 0x84210842, 0x21084210, 0x08421084}}, /* 1 / 31 */
};
/* clang-format on */
