/* endian.h - the order of bytes: the lowest comes first. */
#ifndef _ENDIAN_H
#define _ENDIAN_H

#define __LITTLE_ENDIAN 1234
#define __BIG_ENDIAN 4321
#define __BYTE_ORDER __LITTLE_ENDIAN
#define LITTLE_ENDIAN __LITTLE_ENDIAN
#define BIG_ENDIAN __BIG_ENDIAN
#define BYTE_ORDER __BYTE_ORDER

#define htobe16(n) __builtin_bswap16(n)
#define htobe32(n) __builtin_bswap32(n)
#define htobe64(n) __builtin_bswap64(n)
#define be16toh(n) __builtin_bswap16(n)
#define be32toh(n) __builtin_bswap32(n)
#define be64toh(n) __builtin_bswap64(n)
#define htole16(n) (n)
#define htole32(n) (n)
#define htole64(n) (n)
#define le16toh(n) (n)
#define le32toh(n) (n)
#define le64toh(n) (n)

#endif
