/* names.h - what the files about dates share: names, which strftime writes and strptime reads, and days. */
#ifndef LIBC_TIME_NAMES_H
#define LIBC_TIME_NAMES_H

static const char day_names[7][10]
    __attribute__((unused)) = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
static const char month_names[12][10]
    __attribute__((unused)) = {"January", "February", "March",     "April",   "May",      "June",
                               "July",    "August",   "September", "October", "November", "December"};

/* Days from 1970-01-01 to a day (1: the first) of a month (0 to 11) of the Gregorian calendar. */
long long __days_to(long long year, int month, int day);

#endif
